/** The start gate: an agent runs when its daemon says so, and never otherwise. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import test, { type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { ProcessIdentity } from "../../../system/process/processes.ts";
import { commandOf, type Launches, launches, processes, until } from "./launches.ts";

const DAEMON = fileURLToPath(new URL("./daemon.ts", import.meta.url));
/** Leaves a trace in the worktree if it ever runs. */
const TRACE = ["/bin/sh", "-c", "touch ran"];
const NEVER_RAN = { code: 75, signal: null, neverRan: true };

/** Until the shell sleeps that will become the agent. */
async function waitsAtGate(identity: ProcessIdentity): Promise<void> {
  await until("the child asleep at its gate", () =>
    /\) S /.test(readFileSync(`/proc/${identity.pid}/stat`, "latin1")),
  );
  assert.ok(processes.isAlive(identity));
}

async function daemon(
  t: TestContext,
  it: Launches,
  mode: "gate" | "go",
  argv: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly identity: ProcessIdentity }> {
  const args = [DAEMON, mode, it.directory, it.worktree, it.mark, ...argv];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  assert.ok(child.stdout !== null);
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, identity: JSON.parse(line) as ProcessIdentity };
}

test("P2: nothing runs before the gate is opened, and then it is the process that was written down", async (t) => {
  const it = launches(t);
  const { identity, release } = await it.launch(["/bin/sh", "-c", "touch ran; exec sleep 300"]);
  await waitsAtGate(identity);
  assert.deepEqual(readdirSync(it.worktree), []);
  assert.ok(processes.isLauncherAlive(identity));
  assert.equal(await processes.exitRecord(it.directory), null);
  release();
  await until("the agent's exec", () => commandOf(identity.pid) === "sleep");
  assert.ok(processes.isAlive(identity));
  assert.deepEqual(readdirSync(it.worktree), ["ran"]);
});

test("P2: a gate that is closed instead leaves a child that never ran, and says so", async (t) => {
  const it = launches(t);
  const { identity, abandon } = await it.launch(TRACE);
  abandon();
  assert.deepEqual(await it.ended(identity), NEVER_RAN);
  assert.deepEqual(readdirSync(it.worktree), []);
});

test("F3: a daemon that is frozen and then killed between launch and release leaves an agent that never ran", async (t) => {
  const it = launches(t);
  const { child, identity } = await daemon(t, it, "gate", TRACE);
  child.kill("SIGSTOP");
  await waitsAtGate(identity);
  child.kill("SIGKILL");
  assert.deepEqual(await it.ended(identity), NEVER_RAN);
  assert.deepEqual(readdirSync(it.worktree), []);
});

test("F2: a daemon whose agent runs can end; the agent lives on, and its exit is known afterwards", async (t) => {
  const it = launches(t);
  const { child, identity } = await daemon(t, it, "go", ["sleep", "300"]);
  // Nothing of the launch keeps it: neither the child process nor the pipes.
  if (child.exitCode === null) await once(child, "exit");
  assert.equal(child.exitCode, 0);
  await until("the agent's exec", () => commandOf(identity.pid) === "sleep");
  assert.ok(processes.signal("test", identity, "SIGTERM", "process"));
  assert.deepEqual(await it.ended(identity), { code: null, signal: "SIGTERM", neverRan: false });
});

test("A child that is killed at its gate is no agent that was killed", async (t) => {
  const it = launches(t);
  const { identity } = await it.launch(TRACE);
  await waitsAtGate(identity);
  processes.signal("test", identity, "SIGTERM", "group");
  assert.deepEqual(await it.ended(identity), { code: null, signal: "SIGTERM", neverRan: true });
  assert.deepEqual(readdirSync(it.worktree), []);
});

test("A later child does not hold an earlier one's gate open", async (t) => {
  const [early, late] = [launches(t), launches(t)];
  const { identity, abandon } = await early.launch(TRACE);
  const other = await late.start(["sleep", "300"]);
  abandon();
  assert.deepEqual(await early.ended(identity), NEVER_RAN);
  assert.ok(processes.isAlive(other));
});

test("Many agents launched at once each get their own pid, gate and exit", async (t) => {
  const codes = Array.from({ length: 12 }, (_, index) => index);
  const exits = codes.map(async (code) => {
    const it = launches(t);
    return (await it.ended(await it.start(`exit ${code}`)))?.code;
  });
  assert.deepEqual(await Promise.all(exits), codes);
});
