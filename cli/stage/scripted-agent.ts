/**
 * The agent of demos and dry runs. It is scripted: no model is called. It reads its prompt, edits one file, or plays
 * its part of a playbook, and reports tokens and cost in the format of Claude Code's `stream-json`, a little at a time,
 * as a real agent would.
 */

import { appendFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { partOf, perform } from "./playbook.ts";

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

const [, , playbook] = process.argv;
const prompt = await text(process.stdin);
const part = playbook === undefined ? null : partOf(playbook, prompt, process.env);
const turns = part?.step.turns === undefined ? TURNS : TURNS.slice(0, part.step.turns);
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

function writeLine(): { says: string; isDone: boolean } {
  const task = process.env["CHARGEHAND_TASK"] ?? basename(process.cwd());
  appendFileSync("WORKLOG.md", `- ${task}: ${title}\n`);
  return { says: `Wrote a line about "${title}" into WORKLOG.md.`, isDone: true };
}

const sum = { inputTokens: 0, outputTokens: 0, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 };
for (const [turn, { input, output, cacheRead, cacheCreation }] of turns.entries()) {
  await pause(part?.turnMs ?? TURN_MS);
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
const last = part === null ? writeLine() : perform(part.step, prompt, process.env);
// What it reports on its output is no last word; with a playbook it has one.
const { CHARGEHAND_RESULT: result } = process.env;
if (part !== null && result !== undefined)
  writeFileSync(result, JSON.stringify({ status: last.isDone ? "ok" : "error", summary: last.says }));

// Haiku 5.5 list prices, USD per million tokens: 0.10 in, 0.50 out, 0.01 cache read, 0.125 cache write.
const costUSD =
  (sum.inputTokens * 0.1 +
    sum.outputTokens * 0.5 +
    sum.cacheReadInputTokens * 0.01 +
    sum.cacheCreationInputTokens * 0.125) /
  1e6;
say({
  type: "result",
  subtype: last.isDone ? "success" : "error_during_execution",
  is_error: !last.isDone,
  terminal_reason: "completed",
  session_id: session,
  num_turns: turns.length,
  total_cost_usd: costUSD,
  result: last.says,
  usage: {
    input_tokens: sum.inputTokens,
    output_tokens: sum.outputTokens,
    cache_read_input_tokens: sum.cacheReadInputTokens,
    cache_creation_input_tokens: sum.cacheCreationInputTokens,
  },
  model_usage_since_last_result: { [MODEL]: { ...sum, costUSD, costBasis: "list" } },
});
