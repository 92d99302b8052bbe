/** One run, from its claim to its conclusion: the gate opens only for a run that is written down and wanted. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createRunner } from "../../../daemon/run/runner.ts";
import { scene } from "./scene.ts";

test("R1: an agent is started behind its gate, looked after and concluded; then nothing is in hand", async (t) => {
  const { ports, claim, machine, deeds, row, task, signal } = await scene(t, { as: "claimed" });
  machine.exit = { code: 0, signal: null, neverRan: false };
  const runner = createRunner(ports, signal);
  const begun = runner.begin(claim);
  assert.deepEqual([runner.count(), runner.holds("r")], [1, true]);
  await Promise.all([begun, runner.nextEnd()]);
  assert.deepEqual([runner.count(), runner.holds("r")], [0, false]);
  assert.deepEqual([(await row()).status, (await task()).status], ["succeeded", "done"]);
  assert.ok(deeds.indexOf("gate opened") < deeds.indexOf("push"), deeds.join());
  const meta = JSON.parse(readFileSync(`${ports.runsDirectory}/r/meta.json`, "utf8")) as object;
  assert.deepEqual({ ...meta, pid: 0 }, { ...meta, run: "r", task: "SHOP-1", argv: ["./fix"], pid: 0 });
});

test("I4: a claim that was lost meanwhile closes the gate, and the agent never runs", async (t) => {
  const { ports, claim, deeds, log, signal } = await scene(t, { as: "claimed" });
  const { run, job } = claim;
  await createRunner(ports, signal).begin({ job, run: { ...run, fence: run.fence + 1 } });
  assert.deepEqual(deeds, ["prepare", "gate closed"]);
  assert.equal(log.lines.at(-1)?.event, "run.lost");
});

test("a run that was asked to stop before its agent started is over without it", async (t) => {
  const { ports, claim, deeds, row, signal } = await scene(t, { as: "claimed" });
  await ports.store.runs.askToStop("r", "shutdown");
  await createRunner(ports, signal).begin(claim);
  assert.ok(deeds.includes("gate closed") && !deeds.includes("gate opened"), deeds.join());
  const { status, failure } = await row();
  assert.deepEqual([status, failure], ["killed", "shutdown"]);
});

test("an agent that cannot be launched is the machine's fault", async (t) => {
  const { ports, claim, machine, row, deeds, signal } = await scene(t, { as: "claimed" });
  machine.refuses = "EAGAIN";
  await createRunner(ports, signal).begin(claim);
  const { status, failure, reason } = await row();
  assert.deepEqual([status, failure], ["failed", "host"]);
  assert.match(reason ?? "", /could not be launched: EAGAIN/);
  assert.ok(deeds.some((deed) => deed.startsWith("host failed")));
});

test("R2: a run that an earlier daemon left is seen to its end; one whose gate never opened is swept and lost", async (t) => {
  const left = await scene(t);
  left.machine.isAlive = false;
  left.machine.exit = { code: 0, signal: null, neverRan: false };
  await createRunner(left.ports, left.signal).adopt(await left.row());
  assert.equal((await left.row()).status, "succeeded");
  const gated = await scene(t, { as: "claimed" });
  await createRunner(gated.ports, gated.signal).adopt(await gated.row());
  assert.deepEqual(gated.deeds, ["sweep CHARGEHAND_RUN=r /worktrees/SHOP-1"]);
  assert.equal((await gated.row()).status, "lost");
});
