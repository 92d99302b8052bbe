/** What a flood of one listener leaves to everything else. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { grantShares } from "../../../daemon/listener/shares.ts";
import { heardLog } from "../../handlers/hand-moved.ts";

test("where there are descriptors enough, each listener has what it is to have, and nothing is said", () => {
  const log = heardLog();
  assert.deepEqual(grantShares(2_048, 65_536, log), { webhooks: 2_048, admin: 256 });
  assert.deepEqual(grantShares(2_048, Number.POSITIVE_INFINITY, log), { webhooks: 2_048, admin: 256 });
  assert.deepEqual(log.lines, []);
});

test("where there are few, webhooks get half, the admin side has its own share, and the log says so", () => {
  const log = heardLog();
  assert.deepEqual(grantShares(2_048, 1_024, log), { webhooks: 512, admin: 128 });
  assert.deepEqual(
    log.lines.map(({ event, wanted, connections_max, open_files }) => [
      event,
      wanted,
      connections_max,
      open_files,
    ]),
    [["listener.few_files", 2_048, 512, 1_024]],
  );
});
