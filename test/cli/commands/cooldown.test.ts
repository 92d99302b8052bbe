/** `cooldown`: what is closed, and how a person opens it. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  CLOSED,
  chargehand,
  type Ended,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../scripted-daemon.ts";

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
    "POST /cooldowns/claude-max/clear": json({ scope: "account", name: "claude-max", released: [] }),
    "POST /cooldowns/agent%3Areviewer/clear": json({ scope: "agent", name: "reviewer", released: [] }),
    "POST /cooldowns/claude-api/clear": problem(409, "account claude-api is open; there is nothing to clear"),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

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
