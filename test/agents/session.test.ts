/** What programs have written about their sessions: found on a real disk, and read for the run that it is about. */

import assert from "node:assert/strict";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import test from "node:test";
import type { SessionFiles, Transcript } from "../../agents/backend.ts";
import { claude } from "../../agents/claude/claude.ts";
import { command } from "../../agents/command/command.ts";
import { gemini } from "../../agents/gemini/gemini.ts";
import { betterFromSession } from "../../agents/session.ts";
import { type Door, systemDoor } from "../../system/files/door.ts";
import type { Refused } from "../../system/files/strange-place.ts";
import { type Files, systemFiles } from "../../system/files.ts";
import { SESSION_BYTES_MAX } from "../../workflow/limits.ts";
import { FIRST, fixture, home, killed } from "./claude/killed.ts";
import { sumOf } from "./expected.ts";
import { NEW_RUN } from "./profile.ts";
import { fold, recording } from "./transcripts.ts";

test("A16: a record that knows of less input than the output has proved is not believed", async (t) => {
  const { transcript } = fold(claude, recording("sigkill-in-tool").stdout);
  for (const text of ["", "{", fixture("session-success.jsonl")]) {
    const { usage } = await killed(t, text, Date.parse("2027-01-01T00:00:00Z"));
    assert.deepEqual(usage, transcript.usage);
  }
  const few = { id: "m", model: "claude-sonnet-5-5", usage: { input_tokens: 5, output_tokens: 900 } };
  const line = { type: "assistant", timestamp: "2026-11-21T04:48:00Z", message: few };
  assert.deepEqual((await killed(t, JSON.stringify(line), FIRST)).usage, transcript.usage);
});

const EMPTY = claude.begin(NEW_RUN);

/** A program whose record is its own text, kept below these folders. */
function recorder(...folders: readonly (string | RegExp)[]): { readonly sessions: SessionFiles } {
  const sessions: SessionFiles = {
    where: ({ env, session }) => ({
      root: env["HOME"] ?? "",
      folders,
      isSession: (name) => name.endsWith(`${session}.jsonl`),
    }),
    read: (transcript, text) => ({ ...transcript, model: `${text.length} ${text.slice(0, 20)}` }),
    isAhead: false,
  };
  return { sessions };
}

test("A record is found some levels down, the newest of several, and never below the given depth", async (t) => {
  const HOME = home(t);
  mkdirSync(`${HOME}/2026/11/21`, { recursive: true });
  writeFileSync(`${HOME}/2026/11/21/rollout-1-abc.jsonl`, "older");
  writeFileSync(`${HOME}/2026/11/21/rollout-2-abc.jsonl`, "newer");
  const place = { env: { HOME }, cwd: "/", session: "abc" };
  mkdirSync(`${HOME}/2025/12/31`, { recursive: true });
  writeFileSync(`${HOME}/2025/12/31/rollout-1-abc.jsonl`, "the oldest");
  const found = (...folders: readonly (string | RegExp)[]): Promise<Transcript> =>
    betterFromSession(systemFiles(), recorder(...folders), EMPTY, place, 0);
  assert.equal((await found(/./, /./, /./)).model, "5 newer");
  assert.equal((await found(/./, "11", /./)).model, "5 newer");
  assert.equal((await found("2025", /./, /./)).model, "10 the oldest");
  assert.equal((await found(/./, /./)).model, null);
});

test("I8: of several records it is the one that was written last, whatever they are called", async (t) => {
  const HOME = home(t);
  const place = { env: { HOME }, cwd: "/", session: "abc" };
  for (const [name, seconds] of [
    ["1", 100],
    ["2", 300],
    ["3", 200],
  ] as const) {
    writeFileSync(`${HOME}/session-${name}-abc.jsonl`, `file ${name}`);
    utimesSync(`${HOME}/session-${name}-abc.jsonl`, seconds, seconds);
  }
  const found = (): Promise<Transcript> => betterFromSession(systemFiles(), recorder(), EMPTY, place, 0);
  assert.equal((await found()).model, "6 file 2");
  // What is no plain file is no record, however new it is.
  mkdirSync(`${HOME}/session-4-abc.jsonl`);
  assert.equal((await found()).model, "6 file 2");
  utimesSync(`${HOME}/session-1-abc.jsonl`, 300, 300);
  assert.equal((await found()).model, "6 file 2");
});

test("A16: Gemini's record is found among those of far more than a thousand worktrees", async (t) => {
  const HOME = home(t);
  for (let n = 0; n < 1_900; n += 1) mkdirSync(`${HOME}/.gemini/tmp/shop-${n}/logs`, { recursive: true });
  const chats = `${HOME}/.gemini/tmp/shop-0/chats`;
  mkdirSync(chats, { recursive: true });
  const tokens = { input: 7, output: 1, total: 8 };
  const call = { type: "gemini", id: "1", model: "m", timestamp: "2026-11-21T05:00:00Z", tokens };
  writeFileSync(`${chats}/session-2026-11-21T05-00-abcdefgh.jsonl`, JSON.stringify(call));
  const place = { env: { HOME }, cwd: "/srv/shop-0", session: "abcdefgh-1" };
  const { usage } = await betterFromSession(systemFiles(), gemini, gemini.begin(NEW_RUN), place, 0);
  assert.deepEqual(sumOf(usage), [7, 1, 0, 0]);
});

test("Of a long record the end is read", async (t) => {
  const HOME = home(t);
  writeFileSync(`${HOME}/abc.jsonl`, `${"x".repeat(SESSION_BYTES_MAX)}the end`);
  const place = { env: { HOME }, cwd: "/", session: "abc" };
  const { model } = await betterFromSession(systemFiles(), recorder(), EMPTY, place, 0);
  assert.equal(model, `${SESSION_BYTES_MAX} ${"x".repeat(20)}`);
});

test("No record, none that may be read, or a program that keeps none: all change nothing", async (t) => {
  const HOME = home(t);
  const place = { env: { HOME }, cwd: "/", session: "abc" };
  const better = (backend: Pick<typeof claude, "sessions">): Promise<Transcript> =>
    betterFromSession(systemFiles(), backend, EMPTY, place, 0);
  assert.equal(await better(recorder(/./, /./)), EMPTY);
  assert.equal(await better(command), EMPTY);
  const forbidden: Refused = { kind: "refused", reason: "it may not be read (EACCES)" };
  const withList = (list: Door["list"]): Files => ({ ...systemFiles(), door: { ...systemDoor(), list } });
  const files = withList(() => Promise.resolve(forbidden));
  assert.equal(await betterFromSession(files, recorder(/./, /./), EMPTY, place, 0), EMPTY);
  const broken = withList(() => Promise.reject(new TypeError("a mistake")));
  await assert.rejects(betterFromSession(broken, recorder(/./, /./), EMPTY, place, 0), /a mistake/);
});

test("A16: a record that is nested deeper than a stack changes nothing", async (t) => {
  const HOME = home(t);
  writeFileSync(`${HOME}/abc.jsonl`, "");
  const place = { env: { HOME }, cwd: "/", session: "abc" };
  const sessions = { ...recorder().sessions, read: () => JSON.parse(JSON.stringify(deep())) };
  assert.equal(await betterFromSession(systemFiles(), { sessions }, EMPTY, place, 0), EMPTY);
});

function deep(): unknown {
  return JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
}
