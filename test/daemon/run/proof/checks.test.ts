/** The checks of a phase: in order, with their output kept and fed back, and ended by whoever cancels the task. */

import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { type TestContext, test } from "node:test";
import type { RunnerPorts } from "../../../../daemon/run/ports.ts";
import { createChecks } from "../../../../daemon/run/proof/check-process.ts";
import { type Checked, runChecks } from "../../../../daemon/run/proof/checks.ts";
import { systemFiles } from "../../../../system/files.ts";
import { markOf, RUN_MARK } from "../../../../workflow/run.ts";
import type { Check } from "../../../../workflow/workflow.ts";
import { PROFILE } from "../../../agents/profile.ts";
import { NO_SANDBOX, walls } from "../../../agents/sandbox/walled.ts";
import { clock, isRunning, processes, until } from "../../../system/process/launches.ts";
import { scene } from "../scene.ts";

function check(run: string, timeoutMs = 60_000): Check {
  return { run, timeoutMs };
}

/** A run that has ended well, with a working copy, and real processes. */
async function ended(t: TestContext, change: Partial<RunnerPorts> = {}) {
  const it = await scene(t, { as: "exited" });
  const work = realpathSync(mkdtempSync(`${tmpdir()}/chargehand-checks-`));
  t.after(async () => {
    await processes.sweep("test", markOf("r"), work);
    rmSync(work, { recursive: true, force: true });
  });
  const files = systemFiles();
  const real = { clock, processes, files };
  const environment = { PATH: "/usr/bin:/bin", API_KEY: "s3cret-named" };
  const ports = { ...it.ports, ...real, environment, checks: createChecks(real), ...change };
  const directory = `${ports.runsDirectory}/r`;
  mkdirSync(`${directory}/out`, { recursive: true });
  const workspace = { directory: work, branch: "b", borrowed: "/nowhere", pristine: false };
  const project = it.projects.get("shop") ?? assert.fail();
  const run = await it.row();
  return {
    ...{ ...it, ports, work, directory, run },
    log: () => readFileSync(`${directory}/checks.log`, "utf8"),
    checks: (all: readonly Check[], profile = PROFILE, signal = it.signal): Promise<Checked | null> =>
      runChecks(ports, { run, checks: all, profile, project, workspace }, signal),
  };
}

test("checks are run one after the other in the working copy, and the first that fails ends them", async (t) => {
  const { checks, work, log } = await ended(t);
  const all = [check("echo one >>did"), check("cat did; echo bad >&2; exit 3"), check("echo three >>did")];
  assert.deepEqual(await checks(all), {
    kind: "failed",
    check: all[1],
    end: { kind: "exit", code: 3 },
    reason: 'the check "cat did; echo bad >&2; exit 3" ended with exit code 3',
    tail: "one\nbad",
  });
  assert.equal(readFileSync(`${work}/did`, "utf8"), "one\n");
  assert.equal(
    log(),
    "$ echo one >>did\n\n=> ended with exit code 0\n\n$ cat did; echo bad >&2; exit 3\none\nbad\n=> ended with exit code 3\n\n",
  );
  assert.deepEqual(await checks([check("true"), check("test -e did")]), { kind: "passed" });
  assert.deepEqual(await checks([]), { kind: "passed" });
});

test("one that takes too long is told with its limit, and with what it wrote until then", async (t) => {
  const { checks } = await ended(t);
  const checked = await checks([check("echo begun; sleep 300", 1_000)]);
  assert.ok(checked?.kind === "failed");
  assert.deepEqual(checked.end, { kind: "timeout", afterMs: 1_000 });
  assert.equal(checked.reason, 'the check "echo begun; sleep 300" took longer than 1 s, and was ended');
  assert.equal(checked.tail, "begun");
});

test("X4: the log is bounded, and the tail is whole lines of at most 4 KiB that people could read", async (t) => {
  const { checks, log } = await ended(t);
  const script = `yes "many words of no use" | head -c 3000000; printf '\\n\\033[31mred\\033[0m \\342\\200\\256x\\a\\n'; exit 1`;
  const checked = await checks([check("yes none | head -c 3000000"), check(script)]);
  assert.ok(checked?.kind === "failed");
  assert.ok(Buffer.byteLength(checked.tail) <= 4_096 && checked.tail.length > 3_000);
  assert.match(checked.tail, /^many words of no use\nmany/);
  assert.match(checked.tail, /\nred x$/);
  assert.ok(Buffer.byteLength(log()) <= 1_048_576);
  assert.match(
    log(),
    /^\$ yes none.*\n\[\d+ bytes before this are left out\]\n[\s\S]*=> ended with exit code 1\n\n$/,
  );
});

test("I12: a secret that a check writes is kept by nobody, wherever it is cut", async (t) => {
  const { checks, ports, log } = await ended(t);
  const secret = "tok-0123456789abcdef0123456789abcdef";
  ports.log.redactor.learn([secret]);
  const script = `for i in $(seq 1 40000); do echo ${secret}; done; echo ${secret}; exit 1`;
  const checked = await checks([check(script)]);
  assert.ok(checked?.kind === "failed");
  for (const text of [checked.tail, log(), checked.reason])
    for (const part of [secret, secret.slice(4), secret.slice(-12)]) assert.ok(!text.includes(part), part);
  assert.match(checked.tail, /\n\*{36}$/);
});

test("I12, X3: checks see the run's mark, and no variable of the account", async (t) => {
  const it = await ended(t, { accounts: new Map([["developer", { env: { TOKEN: "s3cret-account" } }]]) });
  const checked = await it.checks([check("env; exit 1")]);
  assert.ok(checked?.kind === "failed");
  assert.match(checked.tail, new RegExp(`^${RUN_MARK}=r$`, "m"));
  assert.doesNotMatch(checked.tail, /s3cret/);
});

test("X2: what an earlier daemon has left of them is killed before they are begun anew", async (t) => {
  const { checks, work, directory } = await ended(t);
  mkdirSync(`${directory}/before`);
  const before = await processes.launch("test", {
    argv: ["/bin/sh", "-c", "while :; do echo x >>left; sleep 0.02; done"],
    ...{
      cwd: "/",
      env: { PATH: "/usr/bin:/bin", [RUN_MARK]: "r" },
      directory: `${directory}/before`,
      stdin: null,
    },
    ...{ wrapper: ["/bin/sh", "-c", `cd ${work}; exec "$@"`, "sh"] },
  });
  assert.ok(before.kind === "launched");
  before.launched.release();
  await until("the check of before", () => existsSync(`${work}/left`));
  assert.deepEqual(await checks([check("rm left; sleep 0.5; test ! -e left")]), { kind: "passed" });
  assert.equal(isRunning(before.launched.identity.pid), false);
});

test("a daemon that stops leaves the checks to the next one", async (t) => {
  const { checks, work } = await ended(t);
  const end = new AbortController();
  const stopped = checks([check("echo $$ >shell; sleep 300"), check("echo more >more")], PROFILE, end.signal);
  await until("the check", () => existsSync(`${work}/shell`));
  end.abort();
  assert.equal(await stopped, null);
  assert.equal(existsSync(`${work}/more`), false);
});

test("X5: who cancels the task ends its checks; what asks an ended agent to stop does not", async (t) => {
  let asked: "lingering" | null = "lingering";
  const it = await ended(t, { stops: { reasonFor: () => asked } });
  assert.deepEqual(await it.checks([check("sleep 0.2")]), { kind: "passed" });
  asked = null;
  const { store } = it.ports;
  const slow = it.checks([check("echo $$ >shell; sleep 300"), check("echo more >more")]);
  await until("the check", () => existsSync(`${it.work}/shell`));
  const gone = await store.jobs.get(it.run.job);
  assert.ok(gone);
  store.jobs.get = async () => ({ ...gone, status: "cancelled" });
  asked = "lingering";
  assert.deepEqual(await slow, { kind: "cancelled" });
  assert.equal(existsSync(`${it.work}/more`), false);
});

test("what cannot be run is nobody's failure, and says why", async (t) => {
  const it = await ended(t);
  const noNetwork = { ...PROFILE, network: "none" } as const;
  const checked = await it.checks([check("true")], noNetwork);
  assert.ok(checked?.kind === "unable");
  assert.match(checked.reason, /network is none, which takes a sandbox/);
  const broken = await ended(t, {
    checks: { run: async () => ({ kind: "unable", reason: "no processes" }), isAtWork: () => false },
  });
  assert.deepEqual(await broken.checks([check("npm test")]), {
    kind: "unable",
    reason: 'the check "npm test" could not be run: no processes',
  });
});

test("I14: what an agent without walls has laid in the place of their folder or log is not written through", async (t) => {
  const { checks, directory, log } = await ended(t);
  const elsewhere = `${directory}/elsewhere`;
  mkdirSync(elsewhere);
  writeFileSync(`${elsewhere}/stdout.log`, "kept");
  symlinkSync(elsewhere, `${directory}/checks`);
  symlinkSync(`${elsewhere}/stdout.log`, `${directory}/checks.log`);
  assert.deepEqual(await checks([check("echo new")]), { kind: "passed" });
  assert.equal(readFileSync(`${elsewhere}/stdout.log`, "utf8"), "kept");
  assert.match(log(), /^\$ echo new\nnew\n/);
  assert.ok(lstatSync(`${directory}/checks.log`).isFile());
  assert.equal(existsSync(`${directory}/checks`), false);
});

test("I14: inside walls checks see what the agent saw, and cannot touch their own log", {
  skip: NO_SANDBOX,
}, async (t) => {
  const homesDirectory = realpathSync(mkdtempSync(`${tmpdir()}/chargehand-homes-`));
  t.after(() => rmSync(homesDirectory, { recursive: true, force: true }));
  mkdirSync(`${homesDirectory}/developer`);
  const there = await ended(t, { walls: walls(), homesDirectory });
  const script = `echo x >made || exit 9; echo x >${there.directory}/checks.log && exit 8; echo x >${there.directory}/checks/stdout.log && exit 7; exit 5`;
  const checked = await there.checks([check(script)]);
  assert.ok(checked?.kind === "failed", JSON.stringify(checked));
  assert.deepEqual(checked.end, { kind: "exit", code: 5 });
  assert.match(checked.tail, /Read-only file system/);
  const readOnly = { ...PROFILE, permissions: "read_only" } as const;
  const refused = await there.checks([check("echo x >again")], readOnly);
  assert.ok(refused?.kind === "failed");
  assert.equal(existsSync(`${there.work}/again`), false);
});
