/** GitHub Copilot CLI: every transcript recorded of 1.0.102, its usage, its records of sessions, its command line. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import type { Conclusion, Ending, Transcript } from "../../../agents/backend.ts";
import { copilot } from "../../../agents/copilot/copilot.ts";
import { sessionOf } from "../../../agents/copilot/dialect.ts";
import type { Terminal } from "../../../agents/terminal.ts";
import type { Usage } from "../../../workflow/run.ts";
import { costOf, type Expected, expectRecordings, sumOf } from "../expected.ts";
import { expectSessionToughness, expectToughness } from "../mangled.ts";
import { invoke, NEW_RUN, SILENT_END } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";

const FOLDER = "copilot-recorded";

/** No line tells tokens. */
const ends = (end: Expected["end"]): Expected => ({ end, tokens: [0, 0, 0, 0], nanos: 0 });

const EXPECTED: Readonly<Record<string, Expected>> = {
  auth401: ends("auth"),
  "conn-refused": ends("network"),
  "no-model": ends("model_unavailable"),
  overloaded: ends("overloaded"),
  quota: ends("billing"),
  rate429: { ...ends("rate_limit"), retryAfterMs: 2_000 },
  "rate429-long": { ...ends("rate_limit"), retryAfterMs: 3_600_000 },
  resume: ends("ok"),
  "resume-unknown": ends("invalid_session"),
  "sigint-in-tool": ends("interrupted"),
  "sigkill-in-tool": ends("crashed"),
  "sigterm-in-tool": ends("interrupted"),
  // Its result says exit code 0.
  "sigterm-streaming": ends("interrupted"),
  success: ends("ok"),
  "too-long": ends("context_overflow"),
  "usage-limit": ends("usage_limit"),
};

expectRecordings(copilot, EXPECTED, { folder: FOLDER });
expectToughness(copilot, FOLDER);

const RECORD = readFileSync(new URL("../../fixtures/copilot/session.jsonl", import.meta.url), "utf8");
expectSessionToughness(copilot, RECORD);

/** How a recorded run ends with the file of usage that it left. */
function concluded(name: string, baseline: readonly Usage[] = []): Conclusion {
  const { stdout, ending } = recording(name, FOLDER);
  const beginning = { ...NEW_RUN, resumed: baseline.length > 0, baseline };
  return copilot.conclude(fold(copilot, stdout, undefined, beginning).transcript, withUsage(name, ending));
}

function withUsage(name: string, ending: Ending): Ending {
  const file = new URL(`../../fixtures/${FOLDER}/${name}.usage.json`, import.meta.url);
  return existsSync(file)
    ? { ...ending, outputs: { "copilot-usage.json": readFileSync(file, "utf8") } }
    : ending;
}

function read(...lines: readonly object[]): Transcript {
  return lines.reduce<Transcript>(
    (sum, line) => copilot.read(sum, JSON.stringify(line)),
    copilot.begin(NEW_RUN),
  );
}

const failureOf = (terminal: Terminal | null): string =>
  terminal === null ? "none" : terminal.ok ? "ok" : terminal.failure;

const says = (content: string, more: object = {}): object => ({
  ...{ type: "assistant.message", data: { content, toolRequests: [], model: "gpt-5.4", ...more } },
});
const calls = (id: string, command = "make"): object =>
  says("", { toolRequests: [{ toolCallId: id, name: "bash", arguments: { command } }] });
const CALL = { type: "model.call_start", data: { model: "gpt-5.4" } };
const RETRY = { type: "assistant.turn_retry", data: { reason: "rate_limit" } };
const ended = (exitCode: number): object => ({ type: "result", sessionId: "s", exitCode });
const sessionError = (errorType: string, message: string, statusCode?: number): object => ({
  ...{ type: "session.error", data: { errorType, message, statusCode } },
});

test("A16: the file of usage tells what a run has used, also one that was ended by a signal", () => {
  const { usage, session } = concluded("success");
  assert.deepEqual(sumOf(usage), [3518, 154, 10014, 0]);
  assert.equal(usage[0]?.reasoningTokens, 60);
  // 3518 x $2.5 + 10014 x $0.25 + 154 x $15, per million.
  assert.equal(costOf(usage), 13_608_500);
  assert.match(session ?? "", /^[0-9a-f-]{36}$/);
  for (const name of ["sigint-in-tool", "sigterm-in-tool", "sigterm-streaming"])
    assert.deepEqual(sumOf(concluded(name).usage), [3004, 101, 4007, 0], name);
  assert.deepEqual(concluded("auth401").usage, []);
  assert.deepEqual(concluded("sigkill-in-tool").usage, []);
});

test("I8: of a session's total a resumed run counts what earlier runs have not used", () => {
  const before = concluded("success").usage;
  assert.deepEqual(sumOf(concluded("resume", before).usage), [3518, 154, 10014, 0]);
  assert.deepEqual(sumOf(concluded("resume").usage), [7036, 308, 20028, 0]);
  const other = before.map((row) => ({ ...row, model: "another" }));
  assert.deepEqual(sumOf(concluded("resume", other).usage), [7036, 308, 20028, 0]);
});

test("A16: a file of usage that is cut or strange tells nothing, and never takes away what is known", () => {
  const { stdout, ending } = recording("success", FOLDER);
  const { transcript } = fold(copilot, stdout);
  const usage = concluded("success").usage;
  const texts = ["", "{", "[]", '{"modelMetrics":3}', '{"modelMetrics":{"m":{"usage":{"inputTokens":"9"}}}}'];
  for (const text of texts) {
    const outputs = { "copilot-usage.json": text };
    assert.deepEqual(copilot.conclude({ ...transcript, usage }, { ...ending, outputs }).usage, usage, text);
  }
});

test("A16: its record of the session tells every call of this run, and none of an earlier one", () => {
  const { sessions } = copilot;
  assert.ok(sessions !== null);
  const since = (moment: string): readonly Usage[] =>
    sessions.read(copilot.begin(NEW_RUN), RECORD, Date.parse(moment)).usage;
  assert.deepEqual(sumOf(since("2026-11-21T05:00:00Z")), [3518, 154, 10014, 0]);
  assert.deepEqual(sumOf(since("2026-11-21T04:55:00Z")), [7036, 308, 20028, 0]);
  assert.deepEqual(since("2026-11-22T00:00:00Z"), []);
  const where = (env: Readonly<Record<string, string>>, session: string): string =>
    sessions.where({ env, cwd: "/w", session }).directory;
  assert.equal(where({ HOME: "/home/a" }, "b1de-39"), "/home/a/.copilot/session-state/b1de-39");
  assert.equal(where({ COPILOT_HOME: "/srv/c" }, "../../x"), "/srv/c/session-state/x");
});

test("A12: a usage limit is known by its name in the service's answer, with the moment of its reset", () => {
  const { terminal } = concluded("usage-limit");
  assert.ok(!terminal.ok);
  const said = new TextDecoder().decode(recording("usage-limit", FOLDER).stdout);
  const [, seconds] = [...said.matchAll(/resets_at\\":(\d+)/g)].at(-1) ?? [];
  assert.deepEqual([terminal.failure, terminal.resetAt], ["usage_limit", Number(seconds) * 1_000]);
});

test("A12: errors that were not recorded fall to the class that their name or status tells", () => {
  const judged = (...lines: readonly object[]): string => failureOf(read(...lines, ended(1)).terminal);
  assert.equal(judged(sessionError("authentication", "no")), "auth");
  assert.equal(judged(sessionError("authorization", "no")), "forbidden");
  assert.equal(judged(sessionError("query", "no", 402)), "billing");
  assert.equal(judged(sessionError("query", "no", 500)), "server_error");
  assert.equal(judged(sessionError("query", "no")), "agent_error");
  assert.equal(judged(), "agent_error");
  const transport = { type: "model.call_failure", data: { failureKind: "transport", errorMessage: '"no"' } };
  assert.equal(judged(transport, sessionError("query", "no")), "network");
  // What failed before the model answered is over.
  assert.equal(judged(transport, says("Hello"), sessionError("query", "no")), "agent_error");
});

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

test("A17: model, effort and session become arguments, and the prompt comes on stdin", () => {
  const invocation = invoke(copilot, { model: "gpt-5.4", effort: "high" }, "b4e7");
  assert.deepEqual(invocation.argv, [
    ...["copilot", "--output-format", "json", "--no-ask-user", "--no-auto-update"],
    ...["--disable-client-telemetry", "--usage-output-file", "/run/copilot-usage.json", "--allow-all"],
    ...["--model", "gpt-5.4", "--reasoning-effort", "high", "--resume=b4e7"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
  assert.equal(invoke(copilot).argv.at(-1), `--session-id=${sessionOf("r1")}`);
});

test("A17: permissions become what is allowed and what is denied, unless the profile says it itself", () => {
  const flags = (profile: Parameters<typeof invoke>[1]): readonly string[] =>
    invoke(copilot, profile).argv.slice(8, -1);
  assert.deepEqual(flags({ permissions: "workspace" }), ["--allow-tool=write", "--deny-tool=shell"]);
  assert.deepEqual(flags({ permissions: "read_only" }), ["--deny-tool=write", "--deny-tool=shell"]);
  const session = `--session-id=${sessionOf("r1")}`;
  assert.deepEqual(flags({ args: ["--allow-tool=shell(git:*)"] }), [session]);
});

test("A17: servers of the profile are told by a file in the run's directory", () => {
  const mcp = { tracker: { command: "/usr/bin/node", args: ["server.js"], env: { KEY: "k" } } };
  const { argv, files } = invoke(copilot, { mcp });
  assert.deepEqual(argv.slice(-3, -1), ["--additional-mcp-config", "@/run/mcp.json"]);
  assert.deepEqual(JSON.parse(files["mcp.json"] ?? ""), { mcpServers: mcp });
  const flag = "--allow-tool=tracker";
  assert.ok(!argv.includes(flag));
  assert.ok(invoke(copilot, { mcp, permissions: "read_only" }).argv.includes(flag));
  assert.ok(
    !invoke(copilot, { mcp, permissions: "read_only", args: ["--allow-tool", "x"] }).argv.includes(flag),
  );
});
