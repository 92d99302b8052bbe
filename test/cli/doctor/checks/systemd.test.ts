/** What is made of the unit as systemd tells it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeUnit } from "../../../../cli/doctor/checks/systemd.ts";

test("a unit that is missing, has failed or is not started at boot is to be looked at", () => {
  const judged = (LoadState: string, UnitFileState: string, ActiveState: string): string | undefined =>
    judgeUnit({ LoadState, UnitFileState, ActiveState })[0]?.status;
  assert.equal(judged("loaded", "enabled", "active"), "ok");
  assert.equal(judged("not-found", "", "inactive"), "warn");
  assert.equal(judged("loaded", "enabled", "failed"), "warn");
  assert.equal(judged("loaded", "disabled", "active"), "warn");
  assert.equal(judgeUnit(null)[0]?.status, "warn");
});
