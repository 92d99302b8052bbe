/** Checks as real processes: however they end, nothing of them is left. */

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { type TestContext, test } from "node:test";
import type { CheckSpec } from "../../../../daemon/run/ports.ts";
import { createChecks } from "../../../../daemon/run/proof/check-process.ts";
import { systemFiles } from "../../../../system/files.ts";
import { markOf, RUN_MARK } from "../../../../workflow/run.ts";
import { confinedTo, NO_SANDBOX, walls } from "../../../agents/sandbox/walled.ts";
import { clock, isRunning, processes, until } from "../../../system/process/launches.ts";

const files = systemFiles();
const checks = createChecks({ clock, processes, files });
const wanted = async (): Promise<boolean> => false;
const { signal: NEVER } = new AbortController();

interface Desk {
  readonly work: string;
  readonly directory: string;
  spec(command: string, more?: Partial<CheckSpec>): CheckSpec;
  output(): string;
  /** The pid that a check has written down. */
  pid(name: string): Promise<number>;
}

function desk(t: TestContext): Desk {
  const home = realpathSync(mkdtempSync(`${tmpdir()}/chargehand-check-`));
  const [work, directory] = [`${home}/work`, `${home}/run`];
  for (const path of [work, directory]) mkdirSync(path);
  t.after(async () => {
    await processes.sweep("test", markOf(home), work);
    rmSync(home, { recursive: true, force: true });
  });
  const env = { PATH: "/usr/bin:/bin", [RUN_MARK]: home };
  return {
    work,
    directory,
    spec: (command, more) => ({
      ...{ command, timeoutMs: 60_000, cwd: work, env, mark: markOf(home), walls: [], directory },
      ...more,
    }),
    output: () => readFileSync(`${directory}/stdout.log`, "utf8"),
    pid: async (name) => {
      const path = `${work}/${name}`;
      const text = await until(name, () => existsSync(path) && readFileSync(path, "utf8").trim());
      return Number(text);
    },
  };
}

test("a check ends with its exit code or its signal, and its output is in one file", async (t) => {
  const { spec, output } = desk(t);
  const script = 'echo one; echo two >&2; pwd; [ -z "$(cat)" ] && exit 3';
  assert.deepEqual(await checks.run("test", spec(script), wanted, NEVER), { kind: "exit", code: 3 });
  assert.match(output(), /^one\ntwo\n\/.*\/work\n$/);
  assert.deepEqual(await checks.run("test", spec("kill -9 $$"), wanted, NEVER), {
    kind: "signal",
    signal: "SIGKILL",
  });
  assert.deepEqual(await checks.run("test", spec("no-such-program"), wanted, NEVER), {
    kind: "exit",
    code: 127,
  });
  assert.deepEqual(await checks.run("test", spec("exit 0"), wanted, NEVER), { kind: "exit", code: 0 });
});

test("Q2: what it has left working is killed, and not waited for", async (t) => {
  const { spec, pid } = desk(t);
  const left = "sleep 300 & echo $! >left; setsid sleep 300 & echo $! >gone; exit 0";
  assert.deepEqual(await checks.run("test", spec(left), wanted, NEVER), { kind: "exit", code: 0 });
  for (const name of ["left", "gone"]) assert.equal(isRunning(await pid(name)), false, name);
});

test("Q3: one that takes too long is ended with its whole group", async (t) => {
  const { spec, pid } = desk(t);
  const slow = spec("sleep 300 & echo $! >child; wait", { timeoutMs: 300 });
  assert.deepEqual(await checks.run("test", slow, wanted, NEVER), { kind: "timeout", afterMs: 300 });
  assert.equal(isRunning(await pid("child")), false);
});

test("Q3: one that writes without an end is ended", async (t) => {
  const { spec } = desk(t);
  const ran = await checks.run("test", spec("cat /dev/zero"), wanted, NEVER);
  assert.equal(ran.kind, "flood");
});

test("X5: one that nobody wants any more is ended, and so is one whose daemon stops", async (t) => {
  const { spec, work, pid } = desk(t);
  const script = "echo $$ >shell; sleep 300";
  const unwanted = async (): Promise<boolean> => existsSync(`${work}/shell`);
  assert.deepEqual(await checks.run("test", spec(script), unwanted, NEVER), { kind: "dropped" });
  assert.equal(isRunning(await pid("shell")), false);
  rmSync(`${work}/shell`);
  const end = new AbortController();
  const ran = checks.run("test", spec(script), wanted, end.signal);
  const shell = await pid("shell");
  assert.equal(checks.isAtWork(spec("").mark), true);
  end.abort();
  assert.deepEqual(await ran, { kind: "dropped" });
  assert.equal(isRunning(shell), false);
  assert.equal(checks.isAtWork(spec("").mark), false);
});

test("what could not be run is told as that, after some tries", async (t) => {
  const { spec, work } = desk(t);
  const noWalls = spec("true", {
    walls: ["/bin/sh", "-c", `echo x >>${work}/tries; echo "no walls" >&2; exit 1`],
  });
  assert.deepEqual(await checks.run("test", noWalls, wanted, NEVER), {
    kind: "unable",
    reason: "what stands around it could not be made: no walls",
  });
  assert.equal(readFileSync(`${work}/tries`, "utf8"), "x\nx\nx\n");
  const noFolder = spec("true", { cwd: `${work}/none` });
  assert.equal((await checks.run("test", noFolder, wanted, NEVER)).kind, "unable");
});

test("I14: inside walls it writes where it works and nowhere else, and leaves nobody", {
  skip: NO_SANDBOX,
}, async (t) => {
  const { spec, work, directory, output, pid } = desk(t);
  writeFileSync(`${directory}/secret`, "s3cret");
  const script = `
    sleep 300 & setsid env -i sleep 301 &
    echo fine >written; cat ${directory}/secret; echo x >${directory}/mine; echo x >/usr/mine; echo $$ >inside; exit 4`;
  const inside = walls([directory]).inside(confinedTo(work));
  assert.deepEqual(await checks.run("test", spec(script, { walls: inside }), wanted, NEVER), {
    kind: "exit",
    code: 4,
  });
  assert.equal(readFileSync(`${work}/written`, "utf8"), "fine\n");
  assert.doesNotMatch(output(), /s3cret/);
  assert.equal(existsSync(`${directory}/mine`), false);
  assert.ok((await pid("inside")) > 0);
  assert.equal(await processes.strays("test", spec("").mark, work), 0);
  const slow = spec("trap '' TERM; sleep 300", { walls: inside, timeoutMs: 300 });
  assert.deepEqual(await checks.run("test", slow, wanted, NEVER), { kind: "timeout", afterMs: 300 });
  assert.equal(await processes.strays("test", spec("").mark, work), 0);
});
