/** Distances between calls, and whose turn it is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createPacer, type Pacer, WEIGHTS, type Weight } from "../../../notifier/cards/pacer.ts";
import { manualTime } from "../../system/manual-time.ts";

const PACE = { chat: 1_000, account: 100, edits: 300 };
const TEAM = { key: "telegram:team", account: "bot", pace: PACE };
const OPS = { key: "telegram:ops", account: "bot", pace: PACE };
const ALONE = { key: "slack:x", account: "app", pace: PACE };

interface Stage {
  readonly pacer: Pacer;
  /** What was called, and when (ms). */
  readonly made: string[];
  readonly end: AbortController;
  call(place: typeof TEAM, name: string, isEdit?: boolean, weight?: Weight): Promise<boolean>;
  until(ms: number): Promise<void>;
}

function stage(): Stage {
  const { clock, pass } = manualTime();
  const pacer = createPacer(clock);
  const made: string[] = [];
  const end = new AbortController();
  return {
    ...{ pacer, made, end },
    call: (place, name, isEdit = false, weight = WEIGHTS.card) =>
      pacer.turn(place, weight, end.signal, async (way) => {
        const may = await way.pass(isEdit);
        if (may) made.push(`${name} ${clock.monotonic()}`);
        return may;
      }),
    async until(ms) {
      while (clock.monotonic() < ms) await pass(50);
    },
  };
}

test("R2: the first call waits as if one had just been made", async () => {
  const { call, until, made, pacer } = stage();
  assert.equal(pacer.waitMs(TEAM), 1_000);
  void call(TEAM, "a");
  await until(950);
  assert.deepEqual(made, []);
  await until(1_000);
  assert.deepEqual(made, ["a 1000"]);
});

test("R3: calls to a chat keep their distance, without a burst after a silence", async () => {
  const { call, until, made } = stage();
  await until(60_000);
  for (const name of ["a", "b", "c"]) void call(TEAM, name);
  await until(65_000);
  assert.deepEqual(made, ["a 61000", "b 62000", "c 63000"]);
});

test("R1, R4: chats of an account share its distance, also when both begin in one moment; others do not", async () => {
  const { call, until, made, pacer } = stage();
  for (const chat of [TEAM, OPS, ALONE]) pacer.waitMs(chat);
  await until(5_000);
  for (const chat of [TEAM, OPS, ALONE]) void call(chat, chat.key);
  await until(6_000);
  assert.deepEqual(new Set(made), new Set(["slack:x 5000", "telegram:ops 5100", "telegram:team 5000"]));
});

test("edits of an account keep a distance of their own, and count for the chat as well", async () => {
  const { call, until, made, pacer } = stage();
  for (const chat of [TEAM, OPS]) pacer.waitMs(chat);
  await until(5_000);
  void call(TEAM, "first", true);
  await until(6_000);
  void call(TEAM, "edit", true);
  void call(OPS, "edit too", true);
  await until(7_000);
  assert.deepEqual(made, ["first 5300", "edit too 6000", "edit 6300"]);
});

test("R1: of those who wait an answer is first, then a notice, then cards in their order", async () => {
  const { call, until, made } = stage();
  void call(TEAM, "now");
  void call(TEAM, "card");
  void call(TEAM, "next card");
  void call(TEAM, "notice", false, WEIGHTS.notice);
  void call(TEAM, "answer", false, WEIGHTS.answer);
  await until(6_000);
  assert.deepEqual(
    made.map((line) => line.replace(/ \d+$/, "")),
    ["now", "answer", "notice", "card", "next card"],
  );
});

test("a rest of a chat is its own, and one of an account all its chats'; none ends sooner by another", async () => {
  const { call, until, made, pacer } = stage();
  for (const chat of [TEAM, OPS, ALONE]) pacer.waitMs(chat);
  await until(5_000);
  pacer.rest({ chat: TEAM.key }, 4_000);
  pacer.rest({ chat: TEAM.key }, 10);
  assert.deepEqual([pacer.waitMs(TEAM), pacer.waitMs(OPS)], [4_000, 0]);
  pacer.rest({ account: "bot" }, 2_000);
  assert.deepEqual([pacer.waitMs(TEAM), pacer.waitMs(OPS), pacer.waitMs(ALONE)], [4_000, 2_000, 0]);
  void call(OPS, "ops");
  void call(TEAM, "team");
  await until(9_500);
  assert.deepEqual(made, ["ops 7000", "team 9000"]);
});

test("whoever waits when the daemon ends makes no call, and hands the turn on", async () => {
  const { call, until, made, end, pacer } = stage();
  const waiting = [call(TEAM, "a"), call(TEAM, "b")];
  await until(100);
  end.abort();
  assert.deepEqual(await Promise.all(waiting), [false, false]);
  assert.deepEqual(made, []);
  const thrown = pacer.turn(TEAM, WEIGHTS.card, end.signal, () => Promise.reject(new Error("x")));
  await assert.rejects(thrown);
  assert.equal(await pacer.turn(TEAM, WEIGHTS.card, end.signal, async () => 7), 7);
});
