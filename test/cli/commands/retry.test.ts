/** `retry`: of one task and of several. */

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
  TASK,
} from "../scripted-daemon.ts";

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "POST /tasks/SHOP-12/retry": json(TASK),
    "POST /tasks/SHOP-13/retry": json({ ...TASK, key: "SHOP-13" }),
    "POST /tasks/SHOP-14/retry": problem(409, "SHOP-14 is done", { state: "done" }),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("retry posts what was asked, and says how to look on", async () => {
  const retried = await run("retry", "SHOP-12");
  assert.match(retried.out, /^SHOP-12 is active\. .*chargehand logs SHOP-12 --follow$/m);
  assert.deepEqual(daemon.asked.at(-1), { line: "POST /api/v1/tasks/SHOP-12/retry", body: "{}" });
});

test("retry of several keys says of each what became of it, and exits as the first that did not work", async () => {
  const ended = await run("retry", "SHOP-12", "SHOP-14", "SHOP-13");
  assert.match(ended.out, /^SHOP-12 is active\..*\nSHOP-13 is active\./);
  assert.equal(ended.err, "chargehand: SHOP-14 is done\n");
  assert.equal(ended.code, 5);
  const document: unknown = JSON.parse((await run("retry", "SHOP-12", "SHOP-13", "--json")).out);
  assert.ok(Array.isArray(document) && document.length === 2);
});

test("D8: retry from a phase names it to the daemon", async () => {
  assert.equal((await run("retry", "SHOP-12", "--from", "review")).code, 0);
  assert.deepEqual(JSON.parse(daemon.asked.at(-1)?.body ?? ""), { phase: "review" });
});
