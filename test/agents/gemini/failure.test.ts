/** What Gemini CLI says about a run that failed. */

import assert from "node:assert/strict";
import test from "node:test";
import { gemini } from "../../../agents/gemini/gemini.ts";
import { failureOf } from "../expected.ts";
import { NEW_RUN, SILENT_END } from "../profile.ts";
import { answers, read, SUCCESS, says, uses } from "./lines.ts";

const failure = (message: string): object => ({
  type: "result",
  status: "error",
  error: { type: "unknown", message },
});

test("A12: what nothing else tells is told by the exit code, the HTTP status & 255", () => {
  const ends = (message: string, exitCode: number): string =>
    failureOf(gemini.conclude(read(failure(message)), { ...SILENT_END, exitCode }).terminal);
  assert.equal(ends("[API Error: no]", 147), "forbidden");
  assert.equal(ends("[API Error: no]", 173), "rate_limit");
  assert.equal(ends("[API Error: no]", 244), "server_error");
  assert.equal(ends("[API Error: no]", 247), "server_error");
  assert.equal(ends("[API Error: no]", 144), "agent_error");
  assert.equal(ends("[API Error: no]", 1), "agent_error");
  assert.equal(ends("[API Error: The model is overloaded.]", 247), "overloaded");
  const silent = (exitCode: number): string =>
    failureOf(gemini.conclude(gemini.begin(NEW_RUN), { ...SILENT_END, exitCode }).terminal);
  assert.deepEqual([41, 52, 53, 55, 130, 127].map(silent), [
    ...["auth", "policy", "turn_limit", "policy", "interrupted", "program_missing"],
  ]);
});

test("A12: sentences that were not recorded fall to the class they name", () => {
  const quoted = (code: number, message: string): string =>
    `[API Error: ${JSON.stringify({ error: { code, message, status: "X" } })}]`;
  const classes: Readonly<Record<string, string>> = {
    "[API Error: You have exhausted your daily quota on this model.]": "usage_limit",
    "[API Error: You exceeded your current quota, please check your plan and billing details.]": "billing",
    "[API Error: exception TypeError: terminated]": "network",
    [quoted(403, "Permission denied")]: "forbidden",
    [quoted(500, "Internal error")]: "server_error",
    [quoted(400, "The input token count (2000000) exceeds the maximum number of tokens allowed")]:
      "context_overflow",
    [quoted(400, "Bad argument")]: "agent_error",
  };
  for (const [message, name] of Object.entries(classes))
    assert.equal(failureOf(read(failure(message)).terminal), name, message);
});

const NOTICE =
  "Attempt 1 failed: You have exhausted your capacity on this model. Your quota will reset after 2h0m0s.. Retrying after 7877867ms...\n";

test("A12: a wait for hours is a usage limit with its reset, until the model has answered since", () => {
  const end = { ...SILENT_END, exitCode: 0, endedAt: 1_000, stderrTail: `${NOTICE}[STARTUP] something\n` };
  const waiting = gemini.conclude(gemini.begin(NEW_RUN), end).terminal;
  assert.deepEqual([failureOf(waiting), waiting.ok ? 0 : waiting.resetAt], ["usage_limit", 7_201_000]);
  assert.equal(failureOf(gemini.conclude(read(says("Hello")), end).terminal), "interrupted");
  const last = { ...end, stderrTail: `something\n${NOTICE}` };
  assert.equal(failureOf(gemini.conclude(read(says("Hello")), last).terminal), "usage_limit");
  assert.equal(failureOf(gemini.conclude(read(uses("a")), last).terminal), "interrupted");
});

test("I13: a quota that the model or a tool quotes parks nobody", () => {
  const text = "You have exhausted your daily quota on this model.";
  const quoted = [says(text), uses("a", text), { ...answers("a"), output: text, status: "error" }];
  assert.equal(failureOf(read(...quoted).terminal), "none");
  assert.equal(failureOf(read(...quoted, says(text), SUCCESS).terminal), "ok");
  assert.equal(failureOf(read(...quoted, failure("[API Error: no]")).terminal), "agent_error");
});
