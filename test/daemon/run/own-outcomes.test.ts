/** Ends that the daemon tells of itself cost what they should, and never an agent's session. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { failure, stoppedBeforeStart } from "../../../daemon/run/own-outcomes.ts";
import { FAULTS } from "../../../workflow/faults.ts";

test("I9: a run that a pause kept from starting costs no attempt either", () => {
  const paused = stoppedBeforeStart("paused");
  assert.ok(paused.status === "killed");
  assert.deepEqual([paused.failure, FAULTS[paused.failure].counter], ["paused", "free"]);
});

test("I9: a run that our own shutdown kept from starting costs no attempt; one that was cancelled is not tried again", () => {
  const [shutdown, cancelled] = [stoppedBeforeStart("shutdown"), stoppedBeforeStart("cancelled")];
  assert.ok(shutdown.status === "killed" && cancelled.status === "killed");
  assert.equal(FAULTS[shutdown.failure].counter, "free");
  assert.equal(FAULTS[cancelled.failure].counter, null);
});

test("an end without an agent names no session, so that the job keeps its own", () => {
  const { session, status, reason } = failure("host", "no memory left");
  assert.deepEqual([session, status, reason], [null, "failed", "no memory left"]);
});
