/** Programs that run in circles or flood their log are stopped; those that only have much to say are not. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Backend } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import { concludeEnding } from "../../../agents/conclude.ts";
import { opencode } from "../../../agents/opencode/opencode.ts";
import { pi } from "../../../agents/pi/pi.ts";
import { qwen } from "../../../agents/qwen/qwen.ts";
import { judgeRun } from "../../../agents/supervision/judge.ts";
import { addSample, NO_SAMPLES, rateOf, type Samples } from "../../../agents/supervision/rate.ts";
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

test("Sixty events without progress in a minute are too many, spread over two they are not, and progress begins anew", () => {
  const samples = (...idles: readonly number[]): Samples =>
    idles.reduce(
      (before, idle, second) => addSample(before, { at: second * SECOND, idle, bytes: 0 }, true),
      NO_SAMPLES,
    );
  const steady = (perSecond: number): number =>
    rateOf(samples(...Array.from({ length: 200 }, (_, second) => Math.floor(second * perSecond)))).idleEvents;
  assert.ok(steady(1.02) >= LOOP_EVENTS_MAX);
  assert.ok(steady(0.5) < LOOP_EVENTS_MAX);
  assert.equal(rateOf(samples(59, 59, 59, 0, 20, 40)).idleEvents, 40);
});

test("U1: what a reader that lags behind reads later is no rate, but what is written counts at once", () => {
  const first = addSample(NO_SAMPLES, { at: 0, idle: 0, bytes: 0 }, true);
  const behind = addSample(first, { at: 2_000, idle: 5_000, bytes: 900 }, false);
  assert.deepEqual(rateOf(behind), { idleEvents: 0, bytes: 900, logBytes: 900 });
  const current = addSample(behind, { at: 4_000, idle: 5_007, bytes: 950 }, true);
  assert.equal(rateOf(current).idleEvents, 7);
});

test("However often somebody looks, the samples stay few and cover their minute", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 600 }), (gaps) => {
      let at = 0;
      let samples = NO_SAMPLES;
      for (const gap of gaps) {
        at += gap;
        samples = addSample(samples, { at, idle: at, bytes: at }, true);
        assert.ok(samples.length <= 66);
      }
      const { idleEvents, bytes, logBytes } = rateOf(samples);
      const span = Math.min(at - (gaps[0] ?? 0), 60 * SECOND);
      assert.ok(idleEvents >= span && idleEvents <= span + 6_000, `${idleEvents} for ${span}`);
      assert.deepEqual([bytes, logBytes], [idleEvents, at]);
    }),
  );
});

test("The order of judgements: time limit first, then circles and floods, then silence", () => {
  const run = { ranMs: 0, timeoutMs: 60_000, silentMs: 0, openTools: 0, isOver: false };
  const none = { idleEvents: 0, bytes: 0, logBytes: 0 };
  const circles = { ...none, idleEvents: LOOP_EVENTS_MAX };
  assert.deepEqual(judgeRun({ ...run, rate: circles }), { stop: "runaway" });
  assert.equal(judgeRun({ ...run, rate: { ...circles, idleEvents: LOOP_EVENTS_MAX - 1 } }), "wait");
  assert.deepEqual(judgeRun({ ...run, ranMs: 60_000, rate: circles }), { stop: "timeout" });
  assert.equal(judgeRun({ ...run, isOver: true, rate: circles }), "wait");
  const flood = { ...none, bytes: FLOOD_BYTES_MAX };
  assert.deepEqual(judgeRun({ ...run, rate: flood }), { stop: "runaway" });
  assert.deepEqual(judgeRun({ ...run, isOver: true, rate: flood }), { stop: "lingering" });
});
