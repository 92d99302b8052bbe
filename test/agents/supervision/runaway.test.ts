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
import {
  FLOOD_BYTES_MAX,
  LOG_BYTES_MAX,
  LOOP_EVENTS_MAX,
  REPEATS_IN_ROW_MAX,
  REPEATS_MAX,
} from "../../../workflow/limits.ts";
import { SILENT_END } from "../profile.ts";
import { casesOf, recording } from "../transcripts.ts";
import { SPEAKERS } from "./calls-of.ts";
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

/** Whether each program is stopped that makes one call after another, so many within so many seconds. */
async function loop(
  { backend, print }: (typeof SPEAKERS)[number],
  { calls, every, circle, isNew = () => false }: LoopPlan,
): Promise<{ readonly stopped: string | null; readonly made: number; readonly reason: string }> {
  const set = scripted({ backend, diesAt: backend.stop[0]?.signal ?? "SIGKILL" });
  const supervised = set.start({ timeoutMs: 24 * 60 * 60 * SECOND });
  await set.pass(SECOND);
  let made = 0;
  while (made < calls && !isStopped(set.history)) {
    for (let n = 0; n < Math.max(1, 1 / every); n += 1, made += 1)
      set.say(
        print({ n: made, does: isNew(made) ? `look ${made}` : `look ${made % circle}`, gets: "nothing" }),
      );
    await set.pass(Math.max(1, every) * SECOND);
  }
  if (!isStopped(set.history)) set.die({ code: 0, signal: null, neverRan: false });
  await set.pass(60 * SECOND);
  const ended = await supervised;
  assert.ok(ended.kind === "ended");
  const { outcome } = concludeEnding(backend, ended, SILENT_END, 0);
  return { stopped: ended.stopped, made, reason: outcome.status === "succeeded" ? "" : outcome.reason };
}

interface LoopPlan {
  readonly calls: number;
  /** Seconds from one call to the next. */
  readonly every: number;
  /** How many different calls follow one another before the first comes again. */
  readonly circle: number;
  readonly isNew?: (n: number) => boolean;
}

test("The same call with the same result ten times a second is a runaway within ten seconds, whichever program makes it", async () => {
  for (const speaker of SPEAKERS) {
    const { stopped, made, reason } = await loop(speaker, { calls: 600, every: 0.1, circle: 1 });
    assert.equal(stopped, "runaway", speaker.backend.name);
    assert.ok(made <= 100, `${speaker.backend.name} made ${made} calls`);
    assert.match(
      reason,
      /^it made the same tool calls with the same results \d+ times in a row without progress/,
    );
  }
});

test("So is a circle of several calls, and one at the pace of a model that does not end", async () => {
  for (const speaker of SPEAKERS) {
    const { name } = speaker.backend;
    assert.equal((await loop(speaker, { calls: 600, every: 0.1, circle: 7 })).stopped, "runaway", name);
    const slow = await loop(speaker, { calls: 400, every: 4, circle: 2 });
    assert.equal(slow.stopped, "runaway", name);
    assert.ok(slow.made < 210, `${name} made ${slow.made} calls`);
  }
});

test("An agent that finds something new now and then is none", async () => {
  const isNew = (n: number): boolean => n % 8 === 0;
  for (const speaker of SPEAKERS) {
    const { stopped } = await loop(speaker, { calls: 240, every: 0.1, circle: 1, isNew });
    assert.equal(stopped, null, speaker.backend.name);
  }
});

test("An agent that looks after something every ten seconds, for half an hour, is none", async () => {
  const [speaker] = SPEAKERS;
  assert.ok(speaker !== undefined);
  const { stopped } = await loop(speaker, { calls: REPEATS_IN_ROW_MAX + 10, every: 10, circle: 1 });
  assert.equal(stopped, null);
});

test("I6: a loop that nobody watched is no rate; one that goes on after it is", async () => {
  const [speaker] = SPEAKERS;
  assert.ok(speaker !== undefined);
  const set = scripted({ backend: speaker.backend, diesAt: "SIGINT" });
  const say = (calls: number): void => {
    for (let n = 0; n < calls; n += 1) set.say(speaker.print({ n, does: "ls", gets: "a" }));
  };
  say(500);
  const supervised = set.start();
  await set.pass(10 * SECOND);
  assert.ok(!isStopped(set.history));
  say(REPEATS_MAX);
  await set.pass(60 * SECOND);
  assert.equal(stopOf(await supervised), "runaway");
});
