/**
 * The demo's agent. It is scripted: no model is called. It reads its prompt, edits one file, and reports tokens and
 * cost in the format of Claude Code's `stream-json`, a little at a time, as a real agent would.
 */

import { appendFileSync } from "node:fs";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

const MODEL = "claude-haiku-5-5";
const TURN_MS = 350;
const TURNS = [
  { input: 1_210, output: 85, cacheRead: 0, cacheCreation: 2_400 },
  { input: 160, output: 240, cacheRead: 2_400, cacheCreation: 900 },
  { input: 95, output: 130, cacheRead: 3_300, cacheCreation: 0 },
] as const;

function say(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const prompt = await text(process.stdin);
const title = /^Title: (.*)$/m.exec(prompt)?.[1] ?? "no title";
const session = `scripted-${process.pid}`;
say({
  type: "system",
  subtype: "init",
  session_id: session,
  model: MODEL,
  cwd: process.cwd(),
  tools: ["Edit"],
});

const sum = { inputTokens: 0, outputTokens: 0, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 };
for (const [turn, { input, output, cacheRead, cacheCreation }] of TURNS.entries()) {
  await pause(TURN_MS);
  sum.inputTokens += input;
  sum.outputTokens += output;
  sum.cacheReadInputTokens += cacheRead;
  sum.cacheCreationInputTokens += cacheCreation;
  const usage = {
    input_tokens: input,
    output_tokens: output,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheCreation,
  };
  say({
    type: "assistant",
    session_id: session,
    message: {
      id: `msg-${turn}`,
      role: "assistant",
      model: MODEL,
      content: [{ type: "text", text: `turn ${turn + 1}` }],
      usage,
    },
  });
}
const task = process.env["CHARGEHAND_TASK"] ?? basename(process.cwd());
appendFileSync("WORKLOG.md", `- ${task}: ${title}\n`);

// Haiku 5.5 list prices, USD per million tokens: 0.10 in, 0.50 out, 0.01 cache read, 0.125 cache write.
const costUSD =
  (sum.inputTokens * 0.1 +
    sum.outputTokens * 0.5 +
    sum.cacheReadInputTokens * 0.01 +
    sum.cacheCreationInputTokens * 0.125) /
  1e6;
say({
  type: "result",
  subtype: "success",
  is_error: false,
  terminal_reason: "completed",
  session_id: session,
  num_turns: TURNS.length,
  total_cost_usd: costUSD,
  result: `Wrote a line about "${title}" into WORKLOG.md.`,
  usage: {
    input_tokens: sum.inputTokens,
    output_tokens: sum.outputTokens,
    cache_read_input_tokens: sum.cacheReadInputTokens,
    cache_creation_input_tokens: sum.cacheCreationInputTokens,
  },
  model_usage_since_last_result: { [MODEL]: { ...sum, costUSD, costBasis: "list" } },
});
