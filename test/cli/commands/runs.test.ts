/** `runs`: what it prints of each. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  problem,
  RUN,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../scripted-daemon.ts";

const ID = String(RUN["id"]);
const TURN = {
  ...{ number: 1, model: "opus", input_tokens: 600, output_tokens: 475, cache_read_tokens: 20_500 },
  ...{ cache_creation_tokens: 150, reasoning_tokens: 10, cost_usd: 0.005, cost_source: "agent" },
  ...{ status: "answered", latency_ms: 2_500, request_id: "req_1", at: "2026-01-15T11:59:00Z" },
};

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /runs": json({
      runs: [RUN, { ...RUN, cost_usd: null, cost_source: "unpriced", pid: null }],
      next_cursor: null,
    }),
    [`GET /runs/${ID}`]: json({ ...RUN, turns: 2, tools: [{ name: "Bash\u001b[31m", calls: 3 }] }),
    [`GET /runs/${ID}/turns`]: json({ turns: [TURN], next_cursor: "1" }),
    [`GET /runs/${ID}/prompt`]: (_request, response) => void response.end("# Task\n\u001b[31mred\n"),
    [`GET /runs/${ID}/response`]: problem(404, "no last word"),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("a run without a price is shown as unpriced, never as 0", async () => {
  assert.match((await run("runs")).out, /running +– .* unpriced /);
});

test("A16: one run is shown closely, with the tools that it called; its turns in pages", async () => {
  const closely = await run("runs", ID);
  assert.match(closely.out, /turns +2 \(--turns lists them\)/);
  assert.match(closely.out, /tools +Bash\s*\[31m 3/);
  assert.ok(!closely.out.includes("\u001b"), "nothing that a terminal would obey");
  const turns = await run("runs", ID, "--turns", "--limit", "1");
  assert.match(turns.out, /1 +opus +answered +750 +20\.5k +475 .* (3|2\.5)s/);
  assert.match(turns.out, /add --cursor 1/);
  assert.equal(daemon.asked.at(-1)?.line, `GET /api/v1/runs/${ID}/turns?limit=1`);
});

test("I13: a prompt is printed without what a terminal would obey, and --json has it as it is", async () => {
  const prompt = await run("runs", ID, "--prompt");
  assert.match(prompt.out, /^# Task\n.*red\n$/);
  assert.ok(!prompt.out.includes("\u001b"));
  const document: unknown = JSON.parse((await run("runs", ID, "--prompt", "--json")).out);
  assert.deepEqual(document, { run: ID, text: "# Task\n\u001b[31mred\n" });
  const response = await run("runs", ID, "--response");
  assert.deepEqual([response.code, response.out], [4, ""]);
});

test("what is asked of no run, or two things at once, is wrong usage", async () => {
  assert.equal((await run("runs", "--turns")).code, 2);
  assert.equal((await run("runs", ID, "--turns", "--prompt")).code, 2);
});
