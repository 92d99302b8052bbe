/** What Codex's own record of a session adds. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { codex } from "../../../agents/codex/codex.ts";
import type { Usage } from "../../../workflow/run.ts";
import { failureOf, sumOf } from "../expected.ts";
import { expectSessionToughness } from "../mangled.ts";
import { NEW_RUN, SILENT_END } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";
import { BEFORE, read } from "./lines.ts";

const ROLLOUT = rollout("session");

expectSessionToughness(codex, `${ROLLOUT}\n${rollout("session-usage-limit")}`);

function rollout(name: string): string {
  return readFileSync(new URL(`../../fixtures/codex/${name}.jsonl`, import.meta.url), "utf8");
}

function better(transcript: Transcript, text: string, since: string): Transcript {
  assert.ok(codex.sessions !== null);
  return codex.sessions.read(transcript, text, Date.parse(since));
}

test("A16: the rollout tells the model and every call of this run, and none of an earlier one", () => {
  const since = (moment: string): readonly Usage[] => better(codex.begin(NEW_RUN), ROLLOUT, moment).usage;
  assert.deepEqual(since("2026-11-21T05:06:00Z"), [BEFORE]);
  assert.deepEqual(sumOf(since("2026-11-21T04:52:00Z")), [2024, 308, 20028, 5012]);
  assert.deepEqual(since("2026-11-22T00:00:00Z"), []);
  assert.equal(better(codex.begin(NEW_RUN), ROLLOUT, "2026-11-21T04:52:00Z").model, "gpt-5.1-codex");
});

test("A16: the rollout tells what an interrupted run has used, once, and that it was interrupted", () => {
  const { stdout } = recording("sigint-streaming", "codex");
  const { transcript } = fold(codex, stdout);
  assert.deepEqual(transcript.usage, []);
  const bettered = better(transcript, rollout("session-sigint"), "2026-11-21T05:01:00Z");
  assert.deepEqual(sumOf(bettered.usage), [1001, 101, 4007, 2003]);
  assert.equal(failureOf(bettered.terminal), "interrupted");
  const waiting = read({ type: "error", message: "Reconnecting... 1/5 (Connection failed: no)" });
  const interrupted = better(waiting, rollout("session-sigint"), "2026-11-21T05:01:00Z");
  const { terminal } = codex.conclude(interrupted, { ...SILENT_END, exitCode: 1 });
  assert.equal(failureOf(terminal), "network");
});

test("A12: the rollout tells to the second when a usage limit resets, and names it in a field", () => {
  const text = rollout("session-usage-limit");
  const failed = read({ type: "turn.failed", error: { message: "an unknown sentence" } });
  assert.equal(failureOf(failed.terminal), "agent_error");
  const { terminal } = better(failed, text, "2026-11-21T05:07:00Z");
  assert.ok(terminal !== null && !terminal.ok);
  assert.deepEqual([terminal.failure, terminal.resetAt], ["usage_limit", 1_795_244_872_000]);
  const quota = read({ type: "turn.failed", error: { message: "Quota exceeded. Check your plan" } });
  assert.equal(failureOf(better(quota, text, "2026-11-21T05:07:00Z").terminal), "billing");
  // A limit that an earlier run met is not this one's.
  assert.equal(failureOf(better(failed, text, "2026-11-21T06:00:00Z").terminal), "agent_error");
  const both = text.replace('"used_percent": 40.0', '"used_percent": 100.0');
  const later = better(failed, both, "2026-11-21T05:07:00Z").terminal;
  assert.equal(later?.ok === false ? later.resetAt : null, 1_795_331_272_000);
  const neither = text.replace('"used_percent": 100.0', '"used_percent": 99.0');
  const unknown = better(failed, neither, "2026-11-21T05:07:00Z").terminal;
  assert.equal(unknown?.ok === false ? unknown.resetAt : 0, null);
});

test("Its rollouts are below its home, wherever that is", () => {
  const { sessions } = codex;
  assert.ok(sessions !== null);
  const where = (env: Readonly<Record<string, string>>): readonly unknown[] => {
    const { root, folders } = sessions.where({ env, cwd: "/w", session: "01a1" });
    return [root, ...folders.filter((folder) => typeof folder === "string")];
  };
  assert.deepEqual(where({ HOME: "/home/a" }), ["/home/a", ".codex", "sessions"]);
  assert.deepEqual(where({ HOME: "/home/a", CODEX_HOME: "/srv/codex" }), ["/srv/codex", "sessions"]);
  const { isSession, folders } = sessions.where({ env: {}, cwd: "/w", session: "01a1" });
  assert.equal(folders.filter((folder) => typeof folder !== "string").length, 3);
  assert.ok(isSession("rollout-2026-11-21T05-07-52-01a1.jsonl"));
  assert.ok(!isSession("rollout-2026-11-21T05-07-52-01a2.jsonl"));
});
