/** States that the configuration names, held against those that there are. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeStates } from "../../../../cli/doctor/checks/trackers.ts";

test("a state is known by its id or by its name in either case, and one that is not is told with those that are", () => {
  const states = [
    { id: "1", name: "In Progress" },
    { id: "2", name: "Done" },
  ];
  const judged = (...wanted: string[]): string => {
    const { status, says, remedy } = judgeStates({ kind: "ok", value: states }, { states: wanted }, "plane");
    return `${status} ${says} ${remedy}`;
  };
  assert.match(judged("in progress", "2"), /^ok/);
  assert.match(
    judged("Doing"),
    /^fail plane has no state Doing correct start\.states; there are In Progress, Done/,
  );
  assert.equal(
    judgeStates({ kind: "refused", because: "missing", reason: "404" }, { states: [] }, "plane").status,
    "fail",
  );
});
