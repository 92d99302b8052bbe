/** `kill`: what it posts, and what it says. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  json,
  knowing,
  problem,
  RUN,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../../scripted-daemon.ts";

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "POST /runs/01jh/kill": json(RUN, 202),
    "POST /runs/01aa/kill": problem(409, "run 01aa is over", { state: "succeeded" }),
  });
});
after(() => daemon.close());

test("kill posts the reason, and says of each run whether it is asked to stop and how its task goes on", async () => {
  const killed = await chargehand(["kill", "01jh", "01aa", "--reason", "it plays chess"], knowing(daemon));
  assert.equal(killed.code, 5, "one is over already");
  assert.equal(
    killed.out,
    "Run 01jh5x2v8q0000000abc is asked to stop. To go on with its task: chargehand retry SHOP-12\n",
  );
  assert.match(killed.err, /run 01aa is over/);
  assert.deepEqual(daemon.asked[0], {
    line: "POST /api/v1/runs/01jh/kill",
    body: '{"reason":"it plays chess"}',
  });
});
