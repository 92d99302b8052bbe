/** `outbox`: what is owed to the outside, and what a person does about it. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../scripted-daemon.ts";

const CALL = {
  id: 17,
  target: "webhook:ops",
  kind: "task.failed",
  subject: { kind: "task", name: "SHOP-12" },
  message: "SHOP-12 has failed",
  status: "dead",
  tries: 9,
  unsure: true,
  error: "hooks.example.org answered 410",
  due_at: "2026-11-28T12:00:00.000Z",
  created_at: "2026-11-28T11:00:00.000Z",
  finished_at: "2026-11-28T12:00:00.000Z",
};

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /outbox": json({
      outbox: [CALL, { ...CALL, id: 16, message: null, status: "sent", error: null }],
      next_cursor: "16",
    }),
    "POST /outbox/17/retry": json({ ...CALL, status: "pending" }),
    "POST /outbox/17/drop": json({ ...CALL, status: "dropped" }),
    "POST /outbox/16/drop": problem(409, "call 16 is sent", { state: "sent" }),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("outbox lists calls with what they tell, what has become of them and why", async () => {
  const { out } = await run("outbox");
  assert.match(
    out,
    /^17 +webhook:ops +task\.failed +SHOP-12 has failed +dead +9 +– +hooks\.example\.org an/m,
  );
  assert.match(out, /^16 +webhook:ops +task\.failed +task SHOP-12 +sent/m);
  assert.match(out, /add --cursor 16/);
  await run("outbox", "list", "--status", "dead", "--target", "log");
  assert.equal(daemon.asked.at(-1)?.line, "GET /api/v1/outbox?status=dead&target=log&limit=50");
  assert.equal((await run("outbox", "list", "--status", "lost")).code, 2);
});

test("retry and drop take several calls, and say of each what became of it", async () => {
  const again = await run("outbox", "retry", "17");
  assert.deepEqual(
    [again.code, again.out],
    [0, "Call 17 to webhook:ops is due. What became of it: chargehand outbox\n"],
  );
  assert.deepEqual(daemon.asked.at(-1), { line: "POST /api/v1/outbox/17/retry", body: "{}" });
  const dropped = await run("outbox", "drop", "17", "16");
  assert.deepEqual([dropped.code, dropped.out], [5, "Call 17 to webhook:ops is dropped.\n"]);
  assert.match(dropped.err, /call 16 is sent/);
  assert.equal((await run("outbox", "drop", "first")).code, 2);
});
