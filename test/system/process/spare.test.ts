/** A launch through a spare shell is told from any other only by its speed. */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { launchScript } from "../../../system/process/launcher.ts";
import { systemProcesses } from "../../../system/process/linux.ts";
import { allPids, readStat } from "../../../system/process/proc.ts";
import type { Launched, LaunchSpec, Processes } from "../../../system/process/processes.ts";
import { createSpares } from "../../../system/process/spare.ts";
import { asleep, clock, endOf, isRunning, launches, until } from "./launches.ts";

/** A crowded machine takes its time with a signal, too. */
const DEATH_MS = 10_000;
const HOSTILE = ["$(touch owned)", "a'b\"c", "line\nbreak", "-n", "", "*", "é\u202e", "\\"];

interface Scene {
  readonly processes: Processes;
  spec(argv: readonly string[], name: string, more?: Partial<LaunchSpec>): LaunchSpec;
  /** Through the spare shell that waits. */
  launch(spec: LaunchSpec): Promise<Launched>;
}

/** Processes that have a spare shell waiting: the first launch brings it up. */
async function scene(t: TestContext): Promise<Scene> {
  const it = launches(t);
  const processes = systemProcesses(clock, { spare: true });
  const spec: Scene["spec"] = (argv, name, more) => {
    const directory = join(it.directory, name);
    mkdirSync(directory, { recursive: true });
    return { ...it.spec(argv), directory, ...more };
  };
  const launched = async (given: LaunchSpec): Promise<Launched> => {
    const result = await processes.launch("test", given);
    assert.ok(result.kind === "launched", result.kind === "failed" ? result.reason : "");
    return result.launched;
  };
  const first = await launched(spec(["/bin/true"], "first"));
  first.release();
  await endOf(processes, first.identity, join(it.directory, "first"));
  const launch = async (given: LaunchSpec): Promise<Launched> => {
    const spare = await spareShell();
    // It has told its pid before it became that shell; two turns of the event loop read it for certain.
    for (const _ of [1, 2]) await new Promise(setImmediate);
    const found = await launched(given);
    assert.equal(found.identity.pgid, spare, "it was launched without the spare shell");
    return found;
  };
  t.after(async () => process.kill(await spareShell(), "SIGKILL"));
  return { processes, spec, launch };
}

/** The pid of the launcher that waits for a run: its child has become the shell that is told what to do. */
function spareShell(): Promise<number> {
  return until("a spare shell", () =>
    allPids().find(
      (pid) =>
        readStat(pid)?.parent === process.pid &&
        isRunning(pid) &&
        readFileSync(`/proc/${pid}/environ`, "latin1") === "" &&
        allPids().some(
          (child) =>
            readStat(child)?.parent === pid &&
            readFileSync(`/proc/${child}/cmdline`, "latin1") === "/bin/sh\0-s\0" &&
            ["", "PWD=/\0"].includes(readFileSync(`/proc/${child}/environ`, "latin1")),
        ),
    ),
  );
}

test("I13: through a spare shell, arguments and environment arrive byte for byte", async (t) => {
  const { processes, spec, launch } = await scene(t);
  const env = { PATH: "/usr/bin:/bin", ODD: HOSTILE.join("|") };
  for (const [name, argv] of [
    ["argv", ["printf", "%s\\0", ...HOSTILE]],
    ["env", ["cat", "/proc/self/environ"]],
  ] as const) {
    const given = spec(argv, name, { env });
    const launched = await launch(given);
    launched.release();
    await endOf(processes, launched.identity, given.directory);
    assert.deepEqual(await processes.exitRecord(given.directory), { code: 0, signal: null, neverRan: false });
    const parts = readFileSync(join(given.directory, "stdout.log"), "utf8").split("\0").slice(0, -1);
    const wanted = name === "argv" ? HOSTILE : Object.entries(env).map(([key, value]) => `${key}=${value}`);
    assert.deepEqual(parts.filter((part) => !part.startsWith("PWD=")).sort(), [...wanted].sort());
  }
});

test("F3: through a spare shell, a closed gate leaves an agent that never ran, and an open one its own pid", async (t) => {
  const { processes, spec, launch } = await scene(t);
  const closed = spec(["/bin/true"], "closed");
  const one = await launch(closed);
  assert.equal(processes.isAlive(one.identity), true);
  one.abandon();
  await endOf(processes, one.identity, closed.directory);
  assert.equal((await processes.exitRecord(closed.directory))?.neverRan, true);
  const open = spec(["sleep", "300"], "open");
  const { identity, release } = await launch(open);
  release();
  await asleep(identity);
  assert.equal(processes.signal("test", identity, "SIGINT", "group"), true);
  await endOf(processes, identity, open.directory);
  const interrupted = { code: null, signal: "SIGINT", neverRan: false };
  assert.deepEqual(await processes.exitRecord(open.directory), interrupted);
});

test("W3: a spare shell that died unnoticed fails no launch", async (t) => {
  const { processes, spec } = await scene(t);
  const given = spec(["true"], "late");
  const spare = await spareShell();
  process.kill(spare, "SIGKILL");
  // It is dead before the event loop turns, which would tell of its end.
  const end = clock.monotonic() + DEATH_MS;
  while (isRunning(spare)) assert.ok(clock.monotonic() < end, "it outlives SIGKILL");
  const result = await processes.launch("test", given);
  assert.ok(result.kind === "launched", result.kind === "failed" ? result.reason : "");
  result.launched.release();
  await endOf(processes, result.launched.identity, given.directory);
  assert.equal((await processes.exitRecord(given.directory))?.code, 0);
});

test("W3: a spare whose gated child died unnoticed fails no launch, and does not stay", async (t) => {
  const { processes, spec } = await scene(t);
  const given = spec(["true"], "half");
  const spare = await spareShell();
  const child = allPids().find((pid) => readStat(pid)?.parent === spare) ?? assert.fail();
  for (const _ of [1, 2]) await new Promise(setImmediate);
  process.kill(child, "SIGKILL");
  await until("the child is gone", () => (isRunning(child) ? undefined : true));
  const result = await processes.launch("test", given);
  assert.ok(result.kind === "launched", result.kind === "failed" ? result.reason : "");
  assert.notEqual(result.launched.identity.pgid, spare);
  result.launched.release();
  await endOf(processes, result.launched.identity, given.directory);
  assert.equal((await processes.exitRecord(given.directory))?.code, 0);
  await until("its launcher is gone", () => (isRunning(spare) ? undefined : true));
});

test("W3: what is wrong with a launch is said as well as without a spare shell", async (t) => {
  const { processes, spec } = await scene(t);
  await spareShell();
  const result = await processes.launch("test", spec(["true"], "lost", { cwd: "/nowhere" }));
  assert.match(result.kind === "failed" ? result.reason : "", /\/nowhere.*ENOENT/);
  const next = await processes.launch("test", spec(["true"], "next"));
  assert.ok(next.kind === "launched");
  next.launched.release();
});

test("A spare is used only for what a shell can say exactly", () => {
  const given = { argv: ["true"], cwd: "/", env: { "odd-name": "x" }, directory: "/tmp", stdin: null };
  assert.equal(launchScript(given), null);
  assert.equal(launchScript({ ...given, env: { FINE: "nul\0" } }), null);
  assert.equal(createSpares(clock).take({ ...given, env: {} }), null, "nobody waits before the first launch");
});
