/** What Gemini CLI's own record of a session adds. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { gemini } from "../../../agents/gemini/gemini.ts";
import type { Usage } from "../../../workflow/run.ts";
import { sumOf } from "../expected.ts";
import { expectSessionToughness } from "../mangled.ts";
import { NEW_RUN } from "../profile.ts";

const CHAT = readFileSync(new URL("../../fixtures/gemini/session.jsonl", import.meta.url), "utf8");

expectSessionToughness(gemini, CHAT);

test("A16: its chat tells every call of this run once, and none of an earlier one", () => {
  const { sessions } = gemini;
  assert.ok(sessions !== null);
  const since = (moment: string): readonly Usage[] =>
    sessions.read(gemini.begin(NEW_RUN), CHAT, Date.parse(moment)).usage;
  const [row, ...others] = since("2026-11-21T05:23:28Z");
  assert.deepEqual(others, []);
  assert.deepEqual(row, {
    ...{ model: "gemini-2.5-pro", inputTokens: 3518, outputTokens: 154, reasoningTokens: 60 },
    ...{ cacheReadTokens: 10014, cacheCreationTokens: 0, costNanos: 7_189_250, costSource: "priced" },
  });
  assert.deepEqual(sumOf(since("2026-11-21T05:23:00Z")), [7036, 308, 20028, 0]);
  assert.deepEqual(since("2026-11-22T00:00:00Z"), []);
  const place = sessions.where({ env: { HOME: "/home/a" }, cwd: "/w", session: "53271db6-f444" });
  assert.deepEqual([place.root, place.folders.length], ["/home/a", 4]);
  assert.deepEqual(place.folders.slice(0, 2), [".gemini", "tmp"]);
  assert.ok(place.isSession("session-2026-11-21T04-52-53271db6.jsonl"));
  assert.ok(!place.isSession("session-2026-11-21T04-52-53271db7.jsonl"));
});
