/** Agents that are any command line. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Conclusion, Invocation } from "../../../agents/backend.ts";
import { command, RESULT_FILE } from "../../../agents/command/command.ts";
import { backendFor } from "../../../agents/registry.ts";
import { TOKENS_MAX } from "../../../workflow/limits.ts";
import type { AgentProfile } from "../../../workflow/project.ts";
import { invoke, NEW_RUN, SILENT_END } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";

const ARGV = ["/usr/local/bin/fix-it", "--fast"];

function invokeWith(prompt: AgentProfile["prompt"], promptText = "Fix $(it)"): Invocation {
  return invoke(command, { argv: ARGV, prompt }, null, promptText);
}

function conclude(
  resultFile: string | null,
  exitCode: number | null = 0,
  signal: string | null = null,
  transcript = command.begin(NEW_RUN),
): Conclusion {
  const outputs = resultFile === null ? {} : { [RESULT_FILE]: resultFile };
  return command.conclude(transcript, {
    ...SILENT_END,
    exitCode,
    signal,
    stderrTail: "no such thing\n",
    outputs,
  });
}

function failureOf(conclusion: Conclusion): string {
  return conclusion.terminal.ok ? "ok" : `${conclusion.terminal.failure}: ${conclusion.terminal.reason}`;
}

test("The prompt comes as configured: on stdin, as the last argument, or as a path", () => {
  assert.deepEqual(invokeWith("stdin"), {
    argv: ["/usr/local/bin/fix-it", "--fast"],
    env: {},
    stdin: "/run/prompt.md",
    files: {},
  });
  assert.deepEqual(invokeWith("argument").argv, ["/usr/local/bin/fix-it", "--fast", "Fix $(it)"]);
  assert.deepEqual(invokeWith("file").argv, ["/usr/local/bin/fix-it", "--fast", "/run/prompt.md"]);
});

test("A prompt as an argument is cut to what Linux takes, at a whole character and without NUL", () => {
  const last = invokeWith("argument", `\0${"ä".repeat(100_000)}`).argv.at(-1) ?? "";
  assert.equal(Buffer.byteLength(last), 131_070);
  assert.ok(/^ä+$/.test(last));
});

test("Without a result file the exit code decides, and usage is unknown", () => {
  assert.deepEqual(conclude(null), { terminal: { ok: true, summary: null }, usage: [], session: null });
  assert.equal(failureOf(conclude(null, 3)), "agent_error: the agent exited with code 3: no such thing");
  assert.match(failureOf(conclude(null, 127)), /^program_missing: the agent program was not found/);
  assert.match(failureOf(conclude(null, 126)), /^program_missing/);
  assert.equal(
    failureOf(conclude(null, null, "SIGKILL")),
    "crashed: the agent was killed by SIGKILL, which Chargehand did not send (somebody did, or the system ran out of memory)",
  );
  assert.equal(failureOf(conclude(null, null)), "crashed: the process vanished without an exit record");
});

test("An end that somebody else asked for is an interruption, whether the program died of the signal or obeyed it", () => {
  assert.equal(
    failureOf(conclude(null, null, "SIGTERM")),
    "interrupted: somebody else ended the agent (SIGTERM)",
  );
  assert.equal(failureOf(conclude(null, 143)), "interrupted: somebody else ended the agent (exit code 143)");
  assert.match(failureOf(conclude(null, null, "SIGSEGV")), /^crashed: /);
});

test("A16: the result file tells summary, session and usage, with the agent's cost, a list price, or none", () => {
  const row = {
    input_tokens: 1012,
    output_tokens: 154,
    cache_read_tokens: 10014,
    cache_creation_tokens: 2506,
  };
  const file = {
    status: "ok",
    summary: "fixed it",
    session_id: "s-1",
    usage: [
      { ...row, model: "claude-sonnet-5-5", cost_usd: 0.5 },
      { ...row, model: "claude-sonnet-4-5", reasoning_tokens: 7 },
      { ...row, model: "a model of my own" },
    ],
  };
  const { terminal, usage, session } = conclude(JSON.stringify(file), 1);
  assert.deepEqual(terminal, { ok: true, summary: "fixed it" });
  assert.equal(session, "s-1");
  assert.deepEqual(
    usage.map((u) => [u.costNanos, u.costSource]),
    [
      [500_000_000, "agent"],
      [17_747_700, "priced"],
      [null, "unpriced"],
    ],
  );
  assert.equal(usage[1]?.reasoningTokens, 7);
});

test("A result file may report an error, in its own words", () => {
  assert.equal(
    failureOf(conclude('{"status":"error","summary":"no tests found"}')),
    "agent_error: no tests found",
  );
});

test("A broken result file is a failure that says where it is broken", () => {
  const wrong = (file: unknown): string => failureOf(conclude(JSON.stringify(file)));
  assert.match(failureOf(conclude('{"status":')), /^agent_error: the agent's result file is not JSON/);
  assert.match(wrong({ status: "fine" }), /not as agreed: status: /);
  assert.match(
    wrong({ status: "ok", usage: [{ model: "m", input_tokens: -1 }] }),
    /not as agreed: usage\[0\]\.input_tokens: /,
  );
  assert.match(
    wrong({ status: "ok", usage: [{ model: "m", output_tokens: 1.5 }] }),
    /usage\[0\]\.output_tokens/,
  );
  assert.match(wrong([]), /not as agreed: the document: /);
});

test("Claude's stream on a script's stdout gives live tokens and the session, but does not end the run", () => {
  const { transcript } = fold(command, recording("success").stdout);
  assert.equal(transcript.terminal, null);
  const { usage, session } = conclude(null, 0, null, transcript);
  assert.deepEqual([usage[0]?.inputTokens, usage[0]?.costNanos], [1012, 10_830_400]);
  assert.equal(session, "47fd4724-c26b-4b1d-9b9b-384ca58d7081");
  const own = conclude(
    '{"status":"ok","usage":[{"model":"claude-sonnet-5-5","input_tokens":1}]}',
    0,
    null,
    transcript,
  );
  assert.equal(own.usage[0]?.inputTokens, 1);
});

test("A backend is found by its name, and a name that is none throws", () => {
  assert.equal(backendFor("command"), command);
  assert.throws(() => backendFor("constructor"), /there is no backend named constructor/);
});

test("I8: figures that nobody can have used are refused by name, and never added up", () => {
  const row = { model: "m", input_tokens: Number.MAX_SAFE_INTEGER };
  const result = (usage: readonly object[]): Conclusion => conclude(JSON.stringify({ status: "ok", usage }));
  assert.match(failureOf(result([row, row])), /not as agreed: usage\[0\]\.input_tokens: /);
  assert.match(failureOf(result([{ model: "m", cost_usd: 1e6 }])), /not as agreed: usage\[0\]\.cost_usd: /);
  const most = { model: "m", input_tokens: TOKENS_MAX, cost_usd: 100_000 };
  const [sum] = result([most, most, most]).usage;
  assert.deepEqual([sum?.inputTokens, sum?.costNanos, sum?.costSource], [TOKENS_MAX, null, "unpriced"]);
  const said = ["a", "b"].map((id) =>
    JSON.stringify({ type: "assistant", message: { id, model: "m", usage: row } }),
  );
  assert.deepEqual(fold(command, new TextEncoder().encode(`${said.join("\n")}\n`)).transcript.usage, []);
});
