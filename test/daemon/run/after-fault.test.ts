/** A run whose supervision broke: an agent that lives is left alone, and nothing is called over before it is gone. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { afterFault } from "../../../daemon/run/after-fault.ts";
import { scene } from "./scene.ts";

const ERROR = new Error("EMFILE: too many open files");

/** What becomes of it: the status of its row, what was logged, and what was swept. */
async function after(
  t: TestContext,
  {
    as = "running",
    isAlive = true,
    isRepeated = false,
    signal = new AbortController().signal,
  }: {
    readonly as?: "claimed" | "running";
    readonly isAlive?: boolean;
    readonly isRepeated?: boolean;
    readonly signal?: AbortSignal;
  },
) {
  const { ports, row, machine, deeds, log } = await scene(t, { as });
  machine.isAlive = isAlive;
  await afterFault(ports, await row(), ERROR, isRepeated, signal);
  return [(await row()).status, log.lines.map(({ event }) => event), deeds];
}

test("G1: an agent that lives is left to the reaper, again and again", async (t) => {
  for (const isRepeated of [false, true])
    assert.deepEqual(await after(t, { isRepeated }), ["running", ["run.faulted", "run.left"], []]);
});

test("G2: one that has ended is left to the reaper once; then what it started goes, and it is called lost", async (t) => {
  const once = await after(t, { isAlive: false });
  assert.deepEqual(once, ["running", ["run.faulted", "run.left"], []]);
  assert.deepEqual(await after(t, { isAlive: false, isRepeated: true }), [
    "lost",
    ["run.faulted", "run.finished"],
    ["sweep CHARGEHAND_RUN=r /worktrees/SHOP-1"],
  ]);
});

test("I4: one whose process nobody wrote down is swept before its job may be claimed again", async (t) => {
  const [status, , deeds] = await after(t, { as: "claimed" });
  assert.deepEqual([status, deeds], ["lost", ["sweep CHARGEHAND_RUN=r /worktrees/SHOP-1"]]);
});

test("a daemon that stops says and does nothing", async (t) => {
  assert.deepEqual(await after(t, { isAlive: false, isRepeated: true, signal: AbortSignal.abort() }), [
    "running",
    [],
    [],
  ]);
});
