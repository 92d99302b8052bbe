/** `budget`: what it lists, what a raise posts, and what cannot be meant. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  BUDGETS,
  chargehand,
  type Ended,
  json,
  knowing,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../scripted-daemon.ts";

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /budgets": json(BUDGETS),
    "POST /budgets": json(BUDGETS),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("F5: budget shows limits with what was added, used and reserved, in their units", async () => {
  const { out } = await run("budget", "list", "--task", "SHOP-12");
  assert.equal(daemon.asked.at(-1)?.line, "GET /api/v1/budgets?task=SHOP-12");
  assert.match(out, /^shop +day +\$150\.00 +\$50\.00 +\$101\.239 +\$5\.00 +open$/m);
  assert.match(out, /^shop +run +\$5\.00 +– +– +– +open$/m);
  assert.match(out, /^SHOP-12 +task +1,000,000 tokens +– +1,200,000 tokens +– +used up$/m);
});

test("F5: budget raise posts one amount for a task, a project or a day", async () => {
  const raises: readonly (readonly [args: string[], body: string])[] = [
    [["SHOP-12", "--usd", "2.50"], '{"task":"SHOP-12","usd":2.5}'],
    [["--project", "shop", "--tokens", "1000"], '{"project":"shop","tokens":1000}'],
    [["--project", "shop", "--day", "--runs", "3"], '{"project":"shop","day":true,"runs":3}'],
  ];
  for (const [args, body] of raises) {
    assert.equal((await run("budget", "raise", ...args)).code, 0);
    assert.deepEqual(daemon.asked.at(-1), { line: "POST /api/v1/budgets", body });
  }
});

test("budget raise that cannot be meant exits 2, says why, and asks nobody", async () => {
  const wrong: readonly (readonly [args: string[], says: RegExp])[] = [
    [[], /either a task or --project/],
    [["SHOP-12", "--project", "shop", "--usd", "5"], /either a task or --project/],
    [["SHOP-12", "--day", "--usd", "5"], /--day goes with --project/],
    [["SHOP-12"], /one of --usd, --tokens and --runs/],
    [["SHOP-12", "--usd", "5", "--runs", "1"], /one of --usd, --tokens and --runs/],
    [["SHOP-12", "--usd", "-5"], /amount from 0\.01/],
    [["SHOP-12", "--usd", "1e3"], /amount from 0\.01/],
    [["SHOP-12", "--usd", "0"], /amount from 0\.01/],
    [["SHOP-12", "--tokens", "1.5"], /whole number from 1/],
  ];
  const asked = daemon.asked.length;
  for (const [args, says] of wrong) {
    const { code, out, err } = await run("budget", "raise", ...args);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, says, args.join(" "));
  }
  assert.equal(daemon.asked.length, asked);
});
