/** What is remembered between two lines of Claude Code: open tools, and estimates of calls. */

import assert from "node:assert/strict";
import test from "node:test";
import { claude } from "../../../agents/claude/claude.ts";
import { NEW_RUN } from "../profile.ts";
import { answer, assistant, read } from "./lines.ts";

test("Open tools are those begun and not answered, subagents' included", () => {
  const steps: readonly (readonly [object, number])[] = [
    [assistant("m1", ["a"]), 1],
    [assistant("m1", ["b"]), 2],
    [answer("a"), 1],
    [assistant("s1", ["c"], "b"), 2],
    [answer("nobody's"), 2],
    [answer("b"), 0],
    [assistant("m2", ["d"]), 1],
    [assistant("m3", []), 0],
  ];
  let transcript = claude.begin(NEW_RUN);
  for (const [line, open] of steps) {
    transcript = claude.read(transcript, JSON.stringify(line));
    assert.equal(transcript.openTools, open, JSON.stringify(line));
  }
  assert.equal(transcript.usage[0]?.inputTokens, 40);
});

test("A16: output is estimated from all that a call said, and messages without an id are calls of their own", () => {
  const text = (id: string, length: number, more: object = {}): object => ({
    type: "assistant",
    message: {
      ...(id !== "" && { id }),
      model: "claude-sonnet-5-5",
      content: [{ type: "text", text: "x".repeat(length) }],
      usage: { input_tokens: 10, output_tokens: 1 },
      ...more,
    },
  });
  assert.equal(read(text("m", 400), text("m", 400)).usage[0]?.outputTokens, 200);
  assert.equal(read(text("m", 0)).usage[0]?.outputTokens, 1);
  const final = { stop_reason: "end_turn", usage: { input_tokens: 10, output_tokens: 33 } };
  assert.equal(read(text("m", 400, final)).usage[0]?.outputTokens, 33);
  assert.equal(read(text("", 0), text("", 0)).usage[0]?.inputTokens, 20);
});
