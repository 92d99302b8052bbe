/** What a run has done is written down however long the disk is full. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { insist } from "../../../daemon/run/ports.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
import { scene } from "./scene.ts";

const FULL = new StoreFault("full", "the disk is full", "make room");

test("store work is done again until it succeeds, and every failure is told with what to do", async (t) => {
  const { ports, log, signal } = await scene(t);
  let tries = 0;
  const answer = await insist(ports, "r", signal, async () => {
    tries += 1;
    if (tries < 4) throw FULL;
    return "written";
  });
  assert.equal(answer, "written");
  assert.deepEqual(
    log.lines.map(({ event, run, ...line }) => [event, run, line["hint"]]),
    Array.from({ length: 3 }, () => ["run.unwritten", "r", "make room"]),
  );
});

test("a daemon that stops leaves it to the next one, and a mistake of ours is not repeated", async (t) => {
  const { ports, signal } = await scene(t);
  const stop = new AbortController();
  const inVain = async (): Promise<never> => {
    stop.abort();
    throw FULL;
  };
  assert.equal(await insist(ports, "r", stop.signal, inVain), null);
  const mistaken = insist(ports, "r", signal, () => Promise.reject(new TypeError("ours")));
  await assert.rejects(mistaken, TypeError);
});
