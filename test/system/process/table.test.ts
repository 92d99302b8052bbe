/** Which processes carry a variable. */

import assert from "node:assert/strict";
import test from "node:test";
import { systemProcessTable } from "../../../system/process/table.ts";
import { RUN_MARK } from "../../../workflow/run.ts";
import { asleep, clock, launches as home, runOf } from "./launches.ts";

test("The table names what carries the variable, with its identity, and neither itself nor those above it", async (t) => {
  const its = home(t);
  const identity = await its.start(["sleep", "300"]);
  await asleep(identity);
  const table = systemProcessTable(clock);
  const found = await table.marked("test", RUN_MARK, (value) => value === runOf(its));
  assert.deepEqual(
    found.map((one) => one.identity.pid).sort(),
    [identity.pid, identity.pgid].sort(),
    "the launcher carries it, too",
  );
  const agent = found.find((one) => one.identity.pid === identity.pid);
  assert.equal(agent?.identity.startTicks, identity.startTicks);
  assert.equal(agent?.identity.bootId, identity.bootId);
  const above = await table.marked("test", "PATH", () => true);
  for (const pid of [process.pid, process.ppid])
    assert.ok(!above.some((one) => one.identity.pid === pid), `${pid}`);
});
