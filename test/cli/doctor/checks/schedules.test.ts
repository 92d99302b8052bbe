/** Whether work may start, by the configuration alone. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeWindows } from "../../../../cli/doctor/checks/schedules.ts";

test("of a closed project the next opening is told, and that there is none", () => {
  assert.deepEqual(judgeWindows({ kind: "always" }), []);
  assert.equal(judgeWindows({ kind: "closed", next: null, last: null, overrides: [] })[0]?.status, "warn");
});
