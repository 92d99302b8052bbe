/** GitHub Copilot CLI: every transcript recorded of 1.0.102, its usage, its records of sessions, its command line. */

import assert from "node:assert/strict";
import test from "node:test";
import { copilot } from "../../../agents/copilot/copilot.ts";
import { sessionOf } from "../../../agents/copilot/dialect.ts";
import { costOf, type Expected, expectRecordings, sumOf } from "../expected.ts";
import { expectToughness } from "../mangled.ts";
import { invoke } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";
import { concluded, FOLDER } from "./lines.ts";

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

test("A17: model, effort and session become arguments, and the prompt comes on stdin", () => {
  const invocation = invoke(copilot, { model: "gpt-5.4", effort: "high" }, "b4e7");
  assert.deepEqual(invocation.argv, [
    ...["copilot", "--output-format", "json", "--no-ask-user", "--no-auto-update"],
    ...["--disable-client-telemetry", "--usage-output-file", "/run/out/copilot-usage.json", "--allow-all"],
    ...["--model=gpt-5.4", "--reasoning-effort=high", "--resume=b4e7"],
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
  assert.deepEqual(argv.slice(-2, -1), ["--additional-mcp-config=@/run/mcp.json"]);
  assert.deepEqual(JSON.parse(files["mcp.json"] ?? ""), { mcpServers: mcp });
  const flag = "--allow-tool=tracker";
  assert.ok(!argv.includes(flag));
  assert.ok(invoke(copilot, { mcp, permissions: "read_only" }).argv.includes(flag));
  assert.ok(
    !invoke(copilot, { mcp, permissions: "read_only", args: ["--allow-tool", "x"] }).argv.includes(flag),
  );
});
