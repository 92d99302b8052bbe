/** What cancelling a task ends. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "../../../workflow/decide/decide.ts";
import { change } from "./intents.ts";
import { job, snapshot, task } from "./snapshot.ts";

test("cancel ends every live job at once and asks the live run to stop", () => {
  const target = { key: "SHOP-12" };
  const intent = {
    kind: "cancel_task",
    project: "shop",
    by: { kind: "api", name: "op" },
    key: "k",
    because: "asked",
    target,
    reason: "not needed",
  } as const;
  const done = change(
    decide(
      snapshot({ task: task("active"), jobs: [job("done", { id: 4 }), job("running")], liveRuns: 1 }),
      intent,
    ),
  );
  assert.deepEqual(
    done.jobs.map((entry) => [entry.change, "id" in entry && entry.id]),
    [["cancel", 5]],
  );
  assert.equal(done.stopRuns, "cancelled");
  assert.equal(decide(snapshot({ task: task("done") }), intent).kind, "refuse");
  assert.equal(decide(snapshot(), intent).kind, "unknown");
});
