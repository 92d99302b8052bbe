/** Who was asked to stop is known at the next ring, and a fault of the store forgets nobody. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createStops } from "../../../daemon/run/stops.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
import type { Wake } from "../../../system/wake.ts";
import { scene } from "./scene.ts";

/** A bell whose waiting does the next of these, and which ends the loop after the last. */
function rounds(...deeds: readonly (() => unknown)[]): { readonly bell: Wake; readonly signal: AbortSignal } {
  const end = new AbortController();
  const left = [...deeds];
  const wait = async (): Promise<void> => {
    await left.shift()?.();
    if (left.length === 0) end.abort();
  };
  return { bell: { ring: () => undefined, wait }, signal: end.signal };
}

test("the reason is known once the loop has looked, and stays known while the store cannot be read", async (t) => {
  const { ports, log } = await scene(t);
  const { runs } = ports.store;
  let isFull = false;
  const stopsAsked: typeof runs.stopsAsked = async () => {
    if (isFull) throw new StoreFault("full", "the disk is full", "make room");
    return runs.stopsAsked();
  };
  const stops = createStops({ ...runs, stopsAsked }, log);
  const seen: unknown[] = [];
  const { bell, signal } = rounds(
    async () => {
      seen.push(stops.reasonFor("r"));
      await runs.askToStop("r", "cancelled");
    },
    () => {
      seen.push(stops.reasonFor("r"), stops.reasonFor("another"));
      isFull = true;
    },
    () => seen.push(stops.reasonFor("r")),
  );
  await stops.watch(bell, signal);
  assert.deepEqual(seen, [null, "cancelled", null, "cancelled"]);
  assert.deepEqual(
    log.lines.map(({ event }) => event),
    ["stops.faulted"],
  );
});
