/** Turns: what each program tells of the calls of its model, in its output or in its record of a session. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Backend, Transcript } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import { codex } from "../../../agents/codex/codex.ts";
import { copilot } from "../../../agents/copilot/copilot.ts";
import {
  askModel,
  latencySince,
  noteTurn,
  nothingUsed,
  replaceTurns,
  turnOf,
  withoutTurns,
} from "../../../agents/dialect/turns.ts";
import { gemini } from "../../../agents/gemini/gemini.ts";
import { opencode } from "../../../agents/opencode/opencode.ts";
import { pi } from "../../../agents/pi/pi.ts";
import { qwen } from "../../../agents/qwen/qwen.ts";
import { readTranscript, writeTranscript } from "../../../agents/transcript.ts";
import { MOMENT_MS_MAX, TURNS_MAX, TURNS_PER_REPORT_MAX } from "../../../workflow/limits.ts";
import { NEW_RUN } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";

/** `number status input+cache output request latency`. */
function told({ turns }: Transcript): readonly string[] {
  return turns.turns.map(({ number, status, usage, requestId, latencyMs }) => {
    const input = `${usage.inputTokens}+${usage.cacheReadTokens}`;
    return `${number} ${status} ${input} ${usage.outputTokens} ${requestId ?? "–"} ${latencyMs ?? "–"}`;
  });
}

function printed(backend: Backend, name: string): Transcript {
  return fold(backend, recording(name, backend.name).stdout).transcript;
}

function recorded(backend: Backend, file = "session.jsonl"): Transcript {
  const text = readFileSync(new URL(`../../fixtures/${backend.name}/${file}`, import.meta.url), "utf8");
  const since = Date.parse("2026-11-21T00:00:00Z");
  return backend.sessions?.read(backend.begin(NEW_RUN), text, since) ?? assert.fail();
}

test("A16: Claude tells each call with its request, in as many lines as it has blocks, and a failed one as failed", () => {
  const [first = "", second = "", ...more] = told(printed(claude, "overloaded-then-ok"));
  assert.match(first, /^1 answered 1001\+4007 \d+ req_ec32a0a9f8e9440ca52b –$/);
  assert.match(second, /^2 answered 11\+6007 \d+ req_e29c1f71761b439e9619 19$/);
  assert.deepEqual(more, []);
  assert.match(told(printed(claude, "auth401"))[0] ?? "", /^1 failed 0\+0 0 /);
});

test("A16: its record of the session tells what each call has really put out", () => {
  const output = printed(claude, "success");
  const text = readFileSync(new URL("../../fixtures/claude/session-success.jsonl", import.meta.url), "utf8");
  const { turns } = claude.sessions?.read(output, text, 0) ?? assert.fail();
  // The record holds two runs of the session.
  assert.deepEqual([turns.areAll, turns.made], [true, 4]);
  assert.equal(
    turns.turns.reduce((sum, { usage }) => sum + usage.outputTokens, 0),
    308,
  );
  const withMore = { ...output, turns: { ...output.turns, made: 9 } };
  const kept = claude.sessions?.read(withMore, text, 0) ?? assert.fail();
  assert.equal(kept.turns.areAll, false, "a record that knows of fewer has no word of subagents");
});

test("A16: OpenCode, pi and Qwen tell each call in their output", () => {
  assert.match(told(printed(opencode, "success")).join("\n"), /^1 answered \d+\+\d+ \d+ – \d+\n2 answered /);
  assert.match(
    told(printed(pi, "success")).join("\n"),
    /^1 answered 1001\+4007 101 \S+ –\n2 answered 11\+6007 53 /,
  );
  assert.match(told(printed(pi, "auth401")).join("\n"), /^1 failed 0\+0 0 /);
  assert.match(told(printed(qwen, "success")).join("\n"), /^1 answered \d+\+\d+ \d+ – –\n2 answered /);
});

test("A16: Codex, Gemini, Copilot and Qwen tell them in their records, with what else they know", () => {
  assert.deepEqual(told(recorded(codex)).slice(0, 2), [
    "1 answered 1001+4007 101 – –",
    "2 answered 11+6007 53 – –",
  ]);
  assert.match(told(recorded(gemini)).join("\n"), /^1 answered \d+\+\d+ \d+ – –\n2 /);
  assert.match(
    told(recorded(copilot))[0] ?? "",
    /^1 answered \d+\+4007 101 chatcmpl-28567b4c55304ddb9fa8 27$/,
  );
  assert.match(
    told(recorded(qwen))[0] ?? "",
    /^1 answered 3004\+4007 101 chatcmpl-038db3448ecb482393d6 295$/,
  );
  for (const backend of [codex, gemini, copilot, qwen])
    assert.ok(
      recorded(backend).turns.turns.every(({ at }) => at !== null && at > Date.parse("2026-11-01")),
      backend.name,
    );
});

test("A16: a turn keeps its number over what is written down and forgotten between its lines", () => {
  const begun = noteTurn(claude.begin(NEW_RUN), "m1", turnOf(nothingUsed("m"), {}));
  const stored = readTranscript(claude, NEW_RUN, writeTranscript(begun), 1).transcript;
  assert.deepEqual([withoutTurns(begun).turns.turns, stored.turns.turns], [[], []]);
  const more = noteTurn(stored, "m1", turnOf({ ...nothingUsed("m"), outputTokens: 5 }, {}));
  const next = noteTurn(more, "m2", turnOf(nothingUsed("m"), {}));
  assert.deepEqual(
    next.turns.turns.map(({ number, usage }) => [number, usage.outputTokens]),
    [
      [1, 5],
      [2, 0],
    ],
  );
});

test("A16: what no clock, no name and no patience has is not told, and no flood of turns grows the memory", () => {
  const odd = turnOf(
    { ...nothingUsed("m"), model: "x".repeat(5_000) },
    { at: MOMENT_MS_MAX + 1, latencyMs: -1, requestId: `a\0${"b".repeat(5_000)}` },
  );
  assert.deepEqual([odd.at, odd.latencyMs, odd.usage.model.length], [null, null, 200]);
  assert.ok((odd.requestId ?? "").length <= 200 && !odd.requestId?.includes("\0"));
  assert.deepEqual(
    [turnOf(nothingUsed("m"), { at: Number.NaN }).at, turnOf(nothingUsed("m"), {}).at],
    [null, null],
  );
  const asked = askModel(claude.begin(NEW_RUN), 100);
  assert.deepEqual(
    [latencySince(asked, 350), latencySince(asked, 50), latencySince(asked, null)],
    [250, null, null],
  );
  let flood = claude.begin(NEW_RUN);
  for (let n = 0; n < TURNS_PER_REPORT_MAX + 5; n += 1) flood = noteTurn(flood, `m${n}`, odd);
  assert.deepEqual(
    [flood.turns.turns.length, flood.turns.made],
    [TURNS_PER_REPORT_MAX, TURNS_PER_REPORT_MAX + 5],
  );
  assert.ok(writeTranscript(flood).length < 2_000);
  const all = replaceTurns(
    flood,
    Array.from({ length: TURNS_MAX + 3 }, () => odd),
  ).turns;
  assert.deepEqual([all.turns.length, all.turns[0]?.number, all.made], [TURNS_MAX, 4, TURNS_MAX + 3]);
});
