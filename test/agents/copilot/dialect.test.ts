/** What the lines of GitHub Copilot CLI mean, beyond what was recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { copilot } from "../../../agents/copilot/copilot.ts";
import { sessionOf } from "../../../agents/copilot/dialect.ts";
import { failureOf } from "../expected.ts";
import { NEW_RUN, SILENT_END } from "../profile.ts";
import { ended, read, says, sessionError } from "./lines.ts";

const calls = (id: string, command = "make"): object =>
  says("", { toolRequests: [{ toolCallId: id, name: "bash", arguments: { command } }] });

const CALL = { type: "model.call_start", data: { model: "gpt-5.4" } };

const RETRY = { type: "assistant.turn_retry", data: { reason: "rate_limit" } };

test("A12: an error that it overcame is none, and one it died with is", () => {
  const error = sessionError("rate_limit", "429 Please try again in 7s.", 429);
  assert.equal(failureOf(read(error, CALL, says("Done."), ended(0)).terminal), "ok");
  const { terminal } = copilot.conclude(read(error), { ...SILENT_END, exitCode: 1 });
  assert.deepEqual([failureOf(terminal), terminal.ok ? 0 : terminal.retryAfterMs], ["rate_limit", 7_000]);
  assert.equal(failureOf(copilot.conclude(read(), { ...SILENT_END, exitCode: 0 }).terminal), "agent_error");
});

test("I13: an error that the agent or a tool quotes is none", () => {
  const text = '429 {"type":"usage_limit_reached"}';
  const quoted = [says(text), { type: "tool.shell_output", data: { text } }, says(text)];
  assert.equal(failureOf(read(...quoted, ended(0)).terminal), "ok");
  assert.equal(failureOf(read(...quoted, ended(1)).terminal), "agent_error");
});

test("The summary is the agent's own last answer, not a subagent's", () => {
  const { terminal } = read(says("Done."), says("found 3", { parentToolCallId: "t" }), calls("b"), ended(0));
  assert.deepEqual(terminal, { ok: true, summary: "Done." });
});

test("Its session is named after the run, and known as soon as it has taken the prompt", () => {
  const PROMPT = JSON.stringify({ type: "user.message", data: {} });
  const begin = copilot.begin({ ...NEW_RUN, run: "01kmzq8r4s" });
  assert.equal(begin.session, null);
  const name = copilot.read(begin, PROMPT).session;
  assert.equal(name, sessionOf("01kmzq8r4s"));
  assert.match(name ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(name, sessionOf("01kmzq8r4t"));
  const resumed = copilot.begin({ ...NEW_RUN, resumed: true, run: "01kmzq8r4s", session: "s1" });
  assert.equal(copilot.read(resumed, PROMPT).session, "s1");
});

test("A tool is open from its beginning to its end", () => {
  const at = (type: string, toolCallId: string): object => ({ type: `tool.${type}`, data: { toolCallId } });
  const begun = [at("execution_start", "a"), at("execution_start", "b")];
  assert.equal(read(...begun).openTools, 2);
  assert.equal(read(...begun, at("execution_complete", "a")).openTools, 1);
  assert.equal(read(...begun, { type: "abort", data: {} }).openTools, 0);
  assert.equal(read(...begun, ended(0)).openTools, 0);
});

test("Calls, retries and repeated messages make a transcript idle, and anything new ends that", () => {
  assert.equal(read(CALL, RETRY, CALL, RETRY).idle, 4);
  assert.equal(read(CALL, RETRY, CALL, says("Hello")).idle, 0);
  assert.equal(read(CALL, calls("a"), CALL, calls("b"), CALL, calls("c")).idle, 2);
  assert.equal(read(CALL, calls("a"), CALL, calls("b", "other")).idle, 0);
});
