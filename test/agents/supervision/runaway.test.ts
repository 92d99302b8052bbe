/** Programs that run in circles or flood their log are stopped; those that only have much to say are not. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Backend } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import { concludeEnding } from "../../../agents/conclude.ts";
import { opencode } from "../../../agents/opencode/opencode.ts";
import { pi } from "../../../agents/pi/pi.ts";
import { qwen } from "../../../agents/qwen/qwen.ts";
import type { Supervised } from "../../../agents/supervision/supervise.ts";
import { FLOOD_BYTES_MAX, LOG_BYTES_MAX, LOOP_EVENTS_MAX } from "../../../workflow/limits.ts";
import { SILENT_END } from "../profile.ts";
import { casesOf, recording } from "../transcripts.ts";
import { scripted } from "./scripted-process.ts";

const SECOND = 1_000;

/** Plays a recording, so many lines a second, to a process that dies of the first signal. */
async function play(backend: Backend, name: string, linesPerSecond: number): Promise<Supervised> {
  const set = scripted({ backend, diesAt: backend.stop[0]?.signal ?? "SIGKILL" });
  const lines = Buffer.from(recording(name, backend.name).stdout)
    .toString()
    .split(/(?<=\n)/);
  const supervised = set.start();
  await set.pass(SECOND);
  for (let at = 0; at < lines.length && !isStopped(set.history); at += linesPerSecond) {
    set.say(lines.slice(at, at + linesPerSecond).join(""));
    await set.pass(SECOND);
  }
  if (!isStopped(set.history)) set.die({ code: 0, signal: null, neverRan: false });
  await set.pass(60 * SECOND);
  return supervised;
}

function isStopped(history: readonly string[]): boolean {
  return history.some((line) => line.includes("stop:"));
}

function stopOf(supervised: Supervised): string | null {
  assert.ok(supervised.kind === "ended");
  return supervised.stopped;
}

test("A program that calls the model nine times a second and gets nothing is stopped within ten seconds, as a runaway", async () => {
  const supervised = await play(opencode, "bad-json", 9);
  assert.equal(stopOf(supervised), "runaway");
  assert.ok(supervised.kind === "ended" && supervised.ranMs <= 10 * SECOND);
  const { outcome } = concludeEnding(opencode, supervised, SILENT_END, 0);
  assert.ok(outcome.status === "killed");
  assert.equal(outcome.failure, "runaway");
  assert.match(
    outcome.reason,
    /^it made calls or output without progress and was stopped after \d+ seconds$/,
  );
});

test("A program that repeats the same tool call over a broken stream is a runaway, too", async () => {
  assert.equal(stopOf(await play(qwen, "truncate", 4)), "runaway");
});

test("No recorded run that worked is taken for a runaway, even at top speed", async () => {
  for (const backend of [claude, opencode, pi, qwen]) {
    for (const name of casesOf(backend.name)) {
      if (name === "truncate" || name === "bad-json") continue;
      assert.notEqual(stopOf(await play(backend, name, 1_000)), "runaway", `${backend.name} ${name}`);
    }
  }
});

test("A program that prints every token of a long answer is none", async () => {
  const set = scripted({ backend: pi, diesAt: "SIGTERM" });
  const supervised = set.start();
  const delta = `${JSON.stringify({ type: "message_update", assistantMessageEvent: { type: "text_delta", delta: "so" } })}\n`;
  for (let second = 0; second < 120; second += 1) {
    set.say(delta.repeat(200));
    await set.pass(SECOND);
  }
  set.die({ code: 0, signal: null, neverRan: false });
  await set.pass(SECOND);
  assert.equal(stopOf(await supervised), null);
});

test("A log that grows too fast, or too large, is a runaway; after the last word it is only ended", async () => {
  const flooded = async (bytes: number, seconds: number, word = ""): Promise<string | null> => {
    const set = scripted({ backend: claude, diesAt: "SIGINT" });
    const supervised = set.start();
    set.say(word);
    await set.pass(SECOND);
    for (let second = 0; second < seconds && !isStopped(set.history); second += 1) {
      set.flood(bytes / seconds);
      await set.pass(SECOND);
    }
    if (!isStopped(set.history)) set.die({ code: 0, signal: null, neverRan: false });
    await set.pass(60 * SECOND);
    return stopOf(await supervised);
  };
  assert.equal(await flooded(FLOOD_BYTES_MAX * 1.1, 30), "runaway");
  assert.equal(await flooded(FLOOD_BYTES_MAX, 90), null);
  assert.equal(await flooded(LOG_BYTES_MAX * 1.1, 20 * 60), "runaway");
  const result = `${JSON.stringify({ type: "result", subtype: "success", is_error: false, result: "done" })}\n`;
  assert.equal(await flooded(FLOOD_BYTES_MAX * 1.1, 30, result), "lingering");
});

test("I6: an hour of retries that nobody watched is no rate; what comes after it is", async () => {
  const retry = `${JSON.stringify({ type: "system", subtype: "api_retry" })}\n`;
  const set = scripted({ backend: claude, diesAt: "SIGINT" });
  set.say(retry.repeat(5_000));
  const supervised = set.start();
  await set.pass(10 * SECOND);
  assert.ok(!isStopped(set.history));
  set.say(retry.repeat(LOOP_EVENTS_MAX));
  await set.pass(60 * SECOND);
  assert.equal(stopOf(await supervised), "runaway");
});
