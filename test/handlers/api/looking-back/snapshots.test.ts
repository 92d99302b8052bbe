/** How a task stood when its phases ended, over the API. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { problemOf, SUCCESS, scene } from "../served.ts";

test("a snapshot tells the phase, what it left, whose session it was and what it used", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  assert.deepEqual((await world.get(`/tasks/${key}/snapshots`)).body, { task: key, snapshots: [] });
  const claim = await world.start();
  const found = {
    path: "a.json",
    sha256: "ab".repeat(32),
    bytes: 2,
    text: "{}",
    isValid: true,
    problems: [],
    verdict: "good",
  };
  await world.finish(claim, { ...SUCCESS, artifact: found, turns: 7 });
  const { body } = await world.get(`/tasks/${key.toLowerCase()}/snapshots`);
  const [snapshot, ...others] = body["snapshots"] as readonly Record<string, unknown>[];
  assert.deepEqual(others, []);
  assert.deepEqual(
    { ...snapshot, at: "", events: 0 },
    {
      ...{ phase: "work", cycle: 1, status: "completed", verdict: "good", events: 0, at: "" },
      ...{ artifacts: { work: "ab".repeat(32) }, branch: SUCCESS.branch, commit: "c0ffee" },
      ...{ agents: { developer: "developer" }, session_id: "session-1", session_turns: 7 },
      ...{ run: claim.run.id, runs: 1, input_tokens: 0, output_tokens: 0, cost_usd: 0 },
    },
  );
  problemOf(await world.get("/tasks/SHOP-999/snapshots"), 404);
});
