/** How far a conversation has come is known by the results in it, in every language that a client may speak. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Fields } from "../../agents/dialect/fields.ts";
import { type Language, type ModelRequest, readRequest } from "./request.ts";
import { stepFor } from "./steps.ts";

const STEPS = 'first > "$artifact"\nsecond > "$artifact"\nthird';
const PROMPT = "Before you end, write the file /runs/r1/out/plan.json ($CHARGEHAND_ARTIFACT): without it …";
const AGAIN = "Before you end, write the file /runs/r2/out/plan.json ($CHARGEHAND_ARTIFACT): without it …";
const IN_FILE =
  "What is asked for stands in the file /runs/r3/asked/task.md, which you read first, between …";

/** A conversation of prompts, each but the last with the result of one tool and a last word behind it. */
const TALKS: Readonly<Record<Language, (prompts: readonly string[]) => Fields>> = {
  anthropic: (prompts) => ({
    messages: prompts.flatMap((content, index) => [
      ...(index === 0
        ? []
        : [
            { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "ok" }] },
            { role: "assistant", content: "done" },
          ]),
      { role: "user", content: [{ type: "text", text: content }] },
    ]),
  }),
  responses: (prompts) => ({
    input: prompts.flatMap((content, index) => [
      ...(index === 0
        ? []
        : [
            { type: "function_call_output", call_id: "c", output: "ok" },
            { type: "message", role: "assistant", content: "done" },
          ]),
      { type: "message", role: "user", content },
    ]),
  }),
  chat: (prompts) => ({
    messages: prompts.flatMap((content, index) => [
      ...(index === 0
        ? []
        : [
            { role: "tool", content: "ok" },
            { role: "assistant", content: "done" },
          ]),
      { role: "user", content },
    ]),
  }),
  gemini: (prompts) => ({
    contents: prompts.flatMap((text, index) => [
      ...(index === 0
        ? []
        : [
            ...Array.from({ length: 2 }, () => ({
              role: "user",
              parts: [{ functionResponse: { name: "shell", response: { output: String(index) } } }],
            })),
            { role: "model", parts: [{ text: "done" }] },
          ]),
      { role: "user", parts: [{ text }] },
    ]),
  }),
};

const LANGUAGES = ["anthropic", "responses", "chat", "gemini"] as const;

function asked(language: Language, ...prompts: readonly string[]): ModelRequest {
  return readRequest(language, "/v1beta/models/m:streamGenerateContent", TALKS[language](prompts));
}

for (const language of LANGUAGES) {
  test(`${language}: each prompt of a conversation has its step, with the paths of the newest prompt`, () => {
    assert.equal(
      stepFor(STEPS, asked(language, PROMPT)),
      "artifact='/runs/r1/out/plan.json'; first > \"$artifact\"",
    );
    assert.equal(
      stepFor(STEPS, asked(language, PROMPT, AGAIN)),
      "artifact='/runs/r2/out/plan.json'; second > \"$artifact\"",
    );
    assert.match(
      stepFor(STEPS, asked(language, PROMPT, AGAIN, IN_FILE)),
      /^cat '\/runs\/r3\/asked\/task\.md'; .*; third$/,
    );
    assert.equal(asked(language, PROMPT, AGAIN).bringsResult, false);
  });
}

test("a conversation that has come further than its script is an error", () => {
  assert.throws(() => stepFor("only", asked("chat", PROMPT, AGAIN)), /after 1 results there is no step/);
});
