/** `explain`: why a task is not running, in sentences, and how it ends. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  EXPLANATION,
  json,
  knowing,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../scripted-daemon.ts";

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /tasks/SHOP-12/explain": json(EXPLANATION),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("F7: explain prints each reason with since, until and what to do, and the last decisions", async () => {
  const { code, out } = await run("explain", "SHOP-12");
  assert.equal(code, 0);
  assert.match(
    out,
    /^SHOP-12 is active\.\n\n {2}why {4}waits until 2026-01-15 12:04:00 UTC for another try \(network/,
  );
  assert.match(out, /^ {2}agent said +Sorted by height\.$/m);
  assert.match(out, /^ {2}since {2}1m ago\n {2}until {2}in 4m\n {2}do {5}nothing: it goes on by itself\n/m);
  assert.match(out, /^ {2}why {4}account claude-max does not work: the key was +\[31mrefused$/m);
  assert.match(out, /^ {2}do {5}mend it, then: chargehand cooldown clear claude-max$/m);
  assert.match(out, /^What was decided:\n {2}1h ago +created by alice \(label agent\)$/m);
});

test("F7: explain of a task that is not there exits 4", async () => {
  const { code, out, err } = await run("explain", "SHOP-99");
  assert.deepEqual([code, out], [4, ""]);
  assert.match(err, /there is nothing at/);
});
