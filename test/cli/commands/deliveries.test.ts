/** `deliveries`: one shown closely, and replayed. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  DELIVERY,
  type Ended,
  json,
  knowing,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../scripted-daemon.ts";

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /deliveries/3": json({ ...DELIVERY, body: '{"action":"labeled","text":"\\u001b]0;x\\u009b"}' }),
    "POST /deliveries/3/replay": json(
      { ...DELIVERY, id: 4, replay_of: 3, status: "received", reason: null },
      202,
    ),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("a delivery is shown with its reason and its body indented", async () => {
  const { out } = await run("deliveries", "show", "3");
  assert.match(out, /reason +label wontfix starts nothing/);
  assert.match(out, /^ {2}"action": "labeled",$/m);
});

test("a replay posts the delivery and says which one it has become", async () => {
  const replayed = await run("deliveries", "replay", "3");
  assert.match(replayed.out, /^Delivery 4 replays 3\./);
  assert.deepEqual(daemon.asked.at(-1), { line: "POST /api/v1/deliveries/3/replay", body: "{}" });
});
