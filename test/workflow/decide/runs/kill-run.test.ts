/** What a person's word ends of a run, and what it leaves alone. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "../../../../workflow/decide/decide.ts";
import { tellEvent } from "../../../../workflow/explain/events.ts";
import type { RunStatus } from "../../../../workflow/states.ts";
import { change } from "../intents.ts";
import { job, snapshot, task } from "../snapshot.ts";

const INTENT = {
  kind: "kill_run",
  project: "shop",
  by: { kind: "api", name: "alice" },
  key: "api:kill_run:01ab",
  because: "asked over the API",
  run: "01ab",
  task: "SHOP-12",
  reason: "it plays chess",
} as const;

const run = (status: RunStatus) => ({ status, agent: "developer", claimedAt: 0, account: null, heard: 0 });

test("a live run is asked to stop, and the history says by whom and why; its job waits for how it ends", () => {
  const before = snapshot({
    task: task("active"),
    jobs: [job("running")],
    liveRuns: 1,
    run: run("running"),
  });
  const done = change(decide(before, INTENT));
  assert.deepEqual([done.stopRuns, done.task, done.jobs], ["cancelled", { change: "keep" }, []]);
  assert.deepEqual(
    done.events.map(({ kind, data = {} }) => tellEvent({ kind, data })),
    ["run 01ab is to stop by alice (asked over the API): it plays chess"],
  );
  assert.equal(decide({ ...before, seen: true }, INTENT).kind, "ignore", "asking twice is asking once");
});

test("a run that is over is refused, and one that never was is unknown", () => {
  const before = snapshot({ task: task("failed"), jobs: [job("failed")], run: run("killed") });
  assert.deepEqual(decide(before, INTENT), { kind: "refuse", reason: "run 01ab is over" });
  assert.equal(decide(snapshot({ task: task("active") }), INTENT).kind, "unknown");
});
