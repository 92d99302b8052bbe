/** The channel that is always there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { logChannel } from "../../../notifier/channels/log.ts";
import { heardLog } from "../../handlers/hand-moved.ts";
import { call } from "../calls.ts";

test("the log has one line per notice, with subject, reason and remedy as fields", async () => {
  const log = heardLog();
  const channel = logChannel(log);
  assert.equal(channel.host, "log");
  const { payload } = call();
  assert.deepEqual(
    await channel.send(call({ payload: { ...payload, remedy: "chargehand retry SHOP-12" } })),
    {
      kind: "sent",
    },
  );
  const [line] = log.lines;
  assert.deepEqual(line, {
    event: "notice.told",
    notice: "task.failed",
    id: "m1",
    since: "2026-11-28T12:00:00.000Z",
    subject: "task SHOP-12",
    project: "shop",
    message: "SHOP-12 has failed",
    title: "Fix the till",
    reason: "no",
    remedy: "chargehand retry SHOP-12",
  });
});
