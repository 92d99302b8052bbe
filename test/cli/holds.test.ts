/** `explain`, `budget` and `cooldown`: what they ask the daemon, what they print, and how they end. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  BUDGETS,
  CLOSED,
  chargehand,
  type Ended,
  EXPLANATION,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
} from "./stage.ts";

const STATUS = {
  version: "0.1.0",
  uptime_s: 3_600,
  deliveries: {},
  tasks: {},
  jobs: {},
  runs: {},
  holds: { budget: 1 },
  ...CLOSED,
  running: [],
  spend_today_usd: 0,
  config: { error: "chargehand.yaml:3:1: agent: unknown key" },
  database: { engine: "sqlite" },
};

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /status": json(STATUS),
    "GET /tasks/SHOP-12/explain": json(EXPLANATION),
    "GET /budgets": json(BUDGETS),
    "POST /budgets": json(BUDGETS),
    "POST /cooldowns/claude-max/clear": json({ scope: "account", name: "claude-max", released: [] }),
    "POST /cooldowns/agent%3Areviewer/clear": json({ scope: "agent", name: "reviewer", released: [] }),
    "POST /cooldowns/claude-api/clear": problem(409, "account claude-api is open; there is nothing to clear"),
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

test("status shows cooldowns, what else is closed, and what is therefore not claimed", async () => {
  const { out } = await run("status");
  assert.match(out, /^ {2}waiting +1 budget$/m);
  assert.match(out, /^claude-max +cooling +0 +in 2h +the account's usage limit/m);
  assert.doesNotMatch(out, /claude-api/, "an open account is no cooldown");
  assert.doesNotMatch(out, /^account claude-max/m, "it is told once, as a cooldown");
  assert.match(out, /^agent reviewer +broken +1h ago +– +the account/m);
  assert.match(out, /^project shop +budget +1h ago +in 12h +the account/m);
  assert.match(
    out,
    /the one that was loaded last stays in force:\nchargehand\.yaml:3:1: agent: unknown key$/m,
  );
  assert.match(out, /^NOT CLAIMED +AGENT +SINCE +WHY$\nshop +developer +1m ago +the account/m);
});

test("cooldown lists every account and every closed agent profile", async () => {
  const { out } = await run("cooldown");
  assert.match(out, /^claude-max +cooling +0 +in 2h /m);
  assert.match(out, /^claude-api +open +1\/2 +–$/m);
  assert.match(out, /^agent reviewer +broken/m);
  assert.doesNotMatch(out, /project shop/);
});

test("F4: cooldown clear posts the account, or the agent profile, and says that it is open", async () => {
  const account = await run("cooldown", "clear", "claude-max");
  assert.deepEqual(
    [account.code, account.out],
    [0, "account claude-max is open. What waited for it goes on.\n"],
  );
  assert.deepEqual(daemon.asked.at(-1), { line: "POST /api/v1/cooldowns/claude-max/clear", body: "{}" });
  const agent = await run("cooldown", "clear", "agent:reviewer");
  assert.match(agent.out, /^agent reviewer is open/);
  const open = await run("cooldown", "clear", "claude-api");
  assert.deepEqual([open.code, open.out], [5, ""]);
  assert.equal((await run("cooldown", "clear", "nobody")).code, 4);
});

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
