/** `depend`: what it posts, and what it says. */

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
} from "../../scripted-daemon.ts";

let daemon: ScriptedDaemon;
before(async () => {
  const needs = [
    { key: "SHOP-1", status: "active" },
    { key: "SHOP-2", status: "done" },
  ];
  daemon = await scriptedDaemon({
    "POST /tasks/SHOP-12/depend": json({ ...TASK, depends_on: needs }),
    "POST /tasks/SHOP-13/depend": json({ ...TASK, key: "SHOP-13", depends_on: [] }),
    "POST /tasks/SHOP-14/depend": problem(409, "that would be a circle: A needs B needs A", {
      state: "active",
    }),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("A9: depend tells what a task needs, and what not any more", async () => {
  const { out } = await run("depend", "SHOP-12", "--on", "SHOP-1", "--on", "SHOP-2", "--drop", "SHOP-3");
  assert.equal(out, "SHOP-12 begins when these are done: SHOP-1 (active), SHOP-2 (done).\n");
  const body: unknown = JSON.parse(daemon.asked.at(-1)?.body ?? "");
  assert.deepEqual(body, { on: ["SHOP-1", "SHOP-2"], drop: ["SHOP-3"] });
  assert.equal((await run("depend", "SHOP-13", "--drop", "SHOP-1")).out, "SHOP-13 needs no other task.\n");
});

test("A9: depend wants to be told what, and says the circle", async () => {
  assert.equal((await run("depend", "SHOP-12")).code, 2);
  const refused = await run("depend", "SHOP-14", "--on", "SHOP-1");
  assert.deepEqual(
    [refused.code, refused.err],
    [5, "chargehand: that would be a circle: A needs B needs A\n"],
  );
});
