/** What Codex's lines mean, beyond what was recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { codex } from "../../../agents/codex/codex.ts";
import { costOf, failureOf, sumOf } from "../expected.ts";
import { NEW_RUN, SILENT_END } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";
import { BEFORE, read } from "./lines.ts";

test("I8: of a thread's total a resumed run counts what earlier runs have not used, whatever their models were", () => {
  const { stdout } = recording("resume", "codex");
  const half = {
    ...BEFORE,
    inputTokens: 506,
    outputTokens: 77,
    cacheReadTokens: 5007,
    cacheCreationTokens: 1253,
  };
  for (const baseline of [[BEFORE], [half, { ...half, model: "another" }]]) {
    const { transcript } = fold(codex, stdout, undefined, { ...NEW_RUN, resumed: true, baseline });
    assert.deepEqual(sumOf(transcript.usage), [1012, 154, 10014, 2506]);
  }
});

test("I8: a total that is less than what was used before belongs to a thread that began anew", () => {
  const more = { ...BEFORE, inputTokens: 50_000 };
  const beginning = { ...NEW_RUN, resumed: true, baseline: [more] };
  const { transcript } = fold(codex, recording("resume", "codex").stdout, undefined, beginning);
  assert.deepEqual(sumOf(transcript.usage), [2024, 308, 20028, 5012]);
});

test("A16: tokens are priced by the model that was asked for", () => {
  const { stdout } = recording("success", "codex");
  const { transcript } = fold(codex, stdout, undefined, { ...NEW_RUN, model: "gpt-6.1-terra" });
  // 1012 x $1 + 2506 x $1.25 + 10014 x $0.05 + 154 x $5, per million.
  assert.equal(costOf(transcript.usage), 5_415_200);
});

test("A12: a notice of another try is no failure, and what went well since makes it forgotten", () => {
  const notice = {
    type: "error",
    message: "Reconnecting... 2/5 (unexpected status 503 Service Unavailable: no)",
  };
  const item = { type: "item.completed", item: { id: "i", type: "agent_message", text: "Hello" } };
  const died = (transcript: Transcript, exitCode: number | null, signal: string | null): string =>
    failureOf(codex.conclude(transcript, { ...SILENT_END, exitCode, signal }).terminal);
  const started = { type: "thread.started", thread_id: "t" };
  assert.equal(read(started, notice).terminal, null);
  assert.equal(died(read(started, notice), 1, null), "server_error");
  assert.equal(died(read(started, notice), null, "SIGKILL"), "crashed");
  assert.equal(died(read(started, notice, item), 1, null), "interrupted");
  assert.equal(died(read(started), 0, null), "agent_error");
  const panic = { ...SILENT_END, exitCode: 1, stderrTail: "Error: thread 'main' panicked\n" };
  assert.equal(failureOf(codex.conclude(read(started), panic).terminal), "agent_error");
});

test("I13: a usage limit that the agent or a tool quotes parks nobody", () => {
  const text = "You've hit your usage limit. Try again at 7:07 AM.";
  const items = [
    { id: "a", type: "agent_message", text },
    { id: "b", type: "command_execution", command: "cat", aggregated_output: text, exit_code: 1 },
    { id: "c", type: "error", message: text },
  ].map((item) => ({ type: "item.completed", item }));
  const transcript = read({ type: "thread.started", thread_id: "t" }, ...items);
  assert.equal(transcript.terminal, null);
  const { terminal } = codex.conclude(transcript, {
    ...SILENT_END,
    exitCode: 1,
    stderrTail: `Error: ${text}`,
  });
  assert.equal(failureOf(terminal), "agent_error");
});

test("A turn that begins after the last one takes the last word back", () => {
  const done = { type: "turn.completed", usage: { input_tokens: 5 } };
  const said = { type: "item.completed", item: { id: "i", type: "agent_message", text: "done" } };
  assert.equal(read(said, done).terminal?.ok, true);
  assert.equal(read(said, done, { type: "turn.started" }).terminal, null);
  assert.equal(failureOf(read(done).terminal), "agent_error", "success without an answer or a step is none");
});

test("A tool is open from its beginning to its end, or the end of the turn", () => {
  const item = { id: "i", type: "command_execution", command: "make" };
  const begun = { type: "item.started", item };
  assert.equal(read(begun, begun).openTools, 1);
  assert.equal(read(begun, { type: "item.completed", item }).openTools, 0);
  assert.equal(read(begun, { type: "turn.failed", error: {} }).openTools, 0);
});

test("Retries and repeated commands make a transcript idle, and anything new ends that", () => {
  const notice = { type: "error", message: "Reconnecting... 1/5 (no)" };
  const make = (id: string, output: string): readonly object[] => {
    const item = { id, type: "command_execution", command: "make" };
    return [
      { type: "item.started", item: { ...item, aggregated_output: "" } },
      { type: "item.completed", item: { ...item, aggregated_output: output } },
    ];
  };
  assert.equal(read(notice, notice).idle, 2);
  assert.equal(read(notice, ...make("a", "ok")).idle, 0);
  assert.equal(read(...make("a", "ok"), ...make("b", "ok"), ...make("c", "ok")).idle, 2);
  assert.equal(read(...make("a", "ok"), ...make("b", "another end")).idle, 0);
});
