/** What the lines of Gemini CLI mean, beyond what was recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { failureOf, sumOf } from "../expected.ts";
import { answers, read, SUCCESS, says, uses } from "./lines.ts";

const error = (message: string): object => ({ type: "error", severity: "error", message });

test("A24: the summary is what was said since the last tool, put together", () => {
  const { terminal } = read(says("First."), uses("a"), answers("a"), says("All "), says("done."), SUCCESS);
  assert.deepEqual(terminal, { ok: true, summary: "All done." });
});

test("A12: a success without an answer, or with an error after it, is a stream that broke off", () => {
  assert.equal(failureOf(read(SUCCESS).terminal), "server_error");
  assert.equal(
    failureOf(read(says("I will look."), uses("a"), answers("a"), SUCCESS).terminal),
    "server_error",
  );
  assert.equal(
    failureOf(read(says("I wi"), error("the model sent nothing"), SUCCESS).terminal),
    "server_error",
  );
  assert.equal(failureOf(read(error("the model sent nothing"), says("Done."), SUCCESS).terminal), "ok");
  assert.equal(
    failureOf(read(says("Hm."), error("Loop detected, stopping execution"), SUCCESS).terminal),
    "runaway",
  );
  assert.equal(
    failureOf(read(says("Hm."), error("Maximum session turns exceeded"), SUCCESS).terminal),
    "turn_limit",
  );
});

test("A12: a result without a reason has it from the error before", () => {
  const { terminal } = read(error("The model is overloaded."), {
    type: "result",
    status: "error",
    stats: {},
  });
  assert.equal(failureOf(terminal), "overloaded");
  assert.equal(failureOf(read({ type: "result", status: "error" }).terminal), "agent_error");
});

test("A16: figures without models belong to the model of the run", () => {
  const stats = { input_tokens: 10, cached: 4, output_tokens: 3, total_tokens: 15 };
  const { usage } = read({ type: "init", model: "gemini-2.5-pro" }, { ...SUCCESS, stats });
  assert.deepEqual(sumOf(usage), [6, 5, 4, 0]);
  assert.equal(usage[0]?.reasoningTokens, 2);
});

test("Errors and repeated tool calls make a transcript idle, and anything new ends that", () => {
  assert.equal(read(error("no"), error("no")).idle, 2);
  assert.equal(read(error("no"), says("Hello")).idle, 0);
  assert.equal(read(uses("a"), answers("a"), uses("b"), answers("b"), uses("c")).idle, 2);
  assert.equal(read(uses("a"), uses("b"), uses("c", "other")).idle, 0);
  assert.equal(read(uses("a"), uses("b")).openTools, 2);
  assert.equal(read(uses("a"), uses("b"), answers("a")).openTools, 1);
});
