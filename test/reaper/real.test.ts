/** The reaper on real processes: strays, forged identities, stubborn and frozen agents, killed launchers. */

import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { ProcessIdentity } from "../../system/process/processes.ts";
import { type ProcessTable, systemProcessTable } from "../../system/process/table.ts";
import {
  asleep,
  clock,
  commandOf,
  type Launches as Home,
  launches as home,
  isRunning,
  pidIn,
  processes,
  runOf,
  until,
} from "../system/process/launches.ts";
import { MINUTE, ScriptedHost, SECOND } from "./scripted-host.ts";

/** A reaper whose rows and time are moved by hand, and whose processes are real. */
function reaper(...homes: readonly Home[]): ScriptedHost {
  const it = new ScriptedHost();
  const directoryOf = (id: string): string => homes.find(({ mark }) => mark.endsWith(id))?.directory ?? "";
  const worktreeOf = (id: string): string => homes.find(({ mark }) => mark.endsWith(id))?.worktree ?? "";
  Object.assign(it.ports, {
    // Time is moved by hand, and the kernel's is not.
    processes: { ...processes, ageMs: () => null },
    table: systemProcessTable(clock),
    knowledge: {
      ...it.ports.knowledge,
      directory: ({ id }: { readonly id: string }) => directoryOf(id),
      worktree: ({ id }: { readonly id: string }) => worktreeOf(id),
    },
  });
  return it;
}

async function agentWithStray(t: TestContext): Promise<{ readonly it: Home; readonly stray: number }> {
  const it = home(t);
  const identity = await it.start(
    `(cd / && exec setsid sh -c 'echo $$ >${it.directory}/stray; exec sleep 300') & exit 3`,
  );
  const stray = await pidIn(it, "stray");
  await it.ended(identity);
  await until("a stray asleep", () => commandOf(stray) === "sleep");
  return { it, stray };
}

test("A15, I5: tier 6, a tool that outlived its run in a session of its own is killed at the second look", async (t) => {
  const [over, live, unknown] = [await agentWithStray(t), await agentWithStray(t), await agentWithStray(t)];
  const it = reaper();
  it.put({ id: runOf(over.it), status: "failed" });
  it.put({ id: runOf(live.it), status: "exited", task: "SHOP-2" });
  await it.round();
  assert.ok(isRunning(over.stray), "one look is not enough");
  await it.round();
  await until("the stray's end", () => !isRunning(over.stray));
  await it.round();
  assert.ok(isRunning(live.stray), "its run is being concluded, and sweeps for itself");
  assert.ok(isRunning(unknown.stray), "another daemon's run is none of ours");
  const told = it.lines.filter(({ event }) => event === "run.reaped");
  assert.deepEqual(
    told.map(({ tier, reason }) => `${tier}: ${reason}`),
    [`6: process ${over.stray} outlived its run, which is failed`],
  );
});

test("I5: a row whose start time is not the process's never leads to a signal", async (t) => {
  const its = home(t);
  const real = await its.start(["sleep", "300"]);
  await asleep(real);
  const forged: ProcessIdentity = {
    ...real,
    startTicks: real.startTicks + 1,
    leaderTicks: real.leaderTicks + 1,
  };
  const table: ProcessTable = {
    marked: async () => [
      { identity: { ...forged, pgid: real.pid, leaderTicks: forged.startTicks }, value: "over" },
    ],
  };
  const it = reaper(its);
  Object.assign(it.ports, { table });
  it.put({ id: runOf(its), identity: forged, startedAt: it.now - 90 * MINUTE });
  it.put({ id: "over", status: "failed", task: "SHOP-2", identity: forged });
  await it.rounds(3 * MINUTE);
  assert.ok(processes.isAlive(real));
  assert.deepEqual(it.lines, [], "and nothing is told that was not done");
});

test("A15: tier 3, an agent that ignores TERM is killed ten seconds later, with the tools it hid", async (t) => {
  const its = home(t);
  const identity = await its.start(`
    trap '' TERM
    (cd / && exec setsid env -u CHARGEHAND_RUN sh -c 'echo $$ >${its.directory}/gone; exec sleep 300') &
    (cd / && exec setsid sh -c 'echo $$ >${its.directory}/hidden; exec sleep 300') &
    while :; do sleep 300; done`);
  const [hidden, escaped] = [await pidIn(its, "hidden"), await pidIn(its, "gone")];
  t.after(() => void process.kill(escaped, "SIGKILL"));
  const it = reaper(its);
  it.put({ id: runOf(its), identity, startedAt: it.now - 50 * MINUTE });
  await it.rounds(10 * SECOND);
  assert.ok(processes.isAlive(identity));
  await it.rounds(10 * SECOND);
  await until("the agent's end", () => !processes.isAlive(identity));
  await until("its tool's end", () => !isRunning(hidden));
  assert.ok(isRunning(escaped), "what carries no mark and works elsewhere is not known to be its");
  assert.deepEqual(it.history, [`ask ${runOf(its)} timeout`, `ask ${runOf(its)} timeout`]);
});

test("A frozen agent lives: it is left alone while it has time, and killed when it is overdue", async (t) => {
  const its = home(t);
  const identity = await its.start(["sleep", "300"]);
  await asleep(identity);
  process.kill(identity.pid, "SIGSTOP");
  assert.ok(processes.isAlive(identity));
  const it = reaper(its);
  it.put({ id: runOf(its), identity });
  await it.rounds(20 * MINUTE);
  assert.ok(processes.isAlive(identity));
  assert.deepEqual(it.history, []);
  await it.rounds(12 * MINUTE);
  await until("the agent's end", () => !processes.isAlive(identity));
});

test("An agent whose launcher was killed is still the run's process, and nothing is done about it", async (t) => {
  const its = home(t);
  const identity = await its.start(["sleep", "300"]);
  await asleep(identity);
  process.kill(identity.pgid, "SIGKILL");
  await until("the launcher's end", () => !processes.isLauncherAlive(identity));
  const it = reaper(its);
  it.put({ id: runOf(its), identity });
  await it.rounds(20 * MINUTE);
  assert.ok(processes.isAlive(identity));
  assert.deepEqual(it.history, []);
});

test("A15: tier 1, a launcher that was frozen before it could write the exit record is ended", async (t) => {
  const its = home(t);
  const identity = await its.start(["sleep", "300"]);
  await asleep(identity);
  process.kill(identity.pgid, "SIGSTOP");
  process.kill(identity.pid, "SIGKILL");
  const ended = its.ended(identity);
  await until("the agent's end", () => !processes.isAlive(identity));
  const it = reaper(its);
  it.put({ id: runOf(its), identity });
  await it.rounds(MINUTE);
  assert.ok(processes.isLauncherAlive(identity));
  await it.rounds(10 * SECOND);
  assert.equal(await ended, null);
  assert.equal(processes.isLauncherAlive(identity), false);
});
