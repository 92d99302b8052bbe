/** `cancel`: what it posts, and what it says. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "../scripted-daemon.ts";

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "POST /tasks/SHOP-12/cancel": json({ ...TASK, status: "cancelled" }),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("cancel posts the reason and says what became of the task", async () => {
  const cancelled = await run("cancel", "SHOP-12", "--reason", "not needed");
  assert.deepEqual([cancelled.code, cancelled.out], [0, "SHOP-12 is cancelled.\n"]);
  assert.deepEqual(daemon.asked.at(-1), {
    line: "POST /api/v1/tasks/SHOP-12/cancel",
    body: '{"reason":"not needed"}',
  });
});
