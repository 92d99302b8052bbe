/** Two robots that answer each other are stopped, the task is parked, and a person is told once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALL_AT_ITEM_MAX,
  BREAKER_SPAN_MS,
  type Breaker,
  createBreaker,
  ROBOTS_AT_ITEM_MAX,
  ROBOTS_IN_PROJECT_MAX,
  restoreBreaker,
  type Verdict,
} from "../../../handlers/guard/breaker.ts";
import { commented } from "../commands/comments.ts";
import { handClock, memoryStore } from "../hand-moved.ts";
import { wishOf } from "../project.ts";

const ROBOT = wishOf({ name: "renovate[bot]", isBot: true });
const PERSON = wishOf({ name: "alice" });
/** Nothing outlives it. */
const NOWHERE = { note: async () => {} };

async function heard(breaker: Breaker, times: number): Promise<readonly string[]> {
  const kinds: string[] = [];
  for (let time = 0; time < times; time++) {
    const verdict = await breaker.judge(ROBOT, "github:acme/shop#1");
    kinds.push(verdict.kind === "heard" ? "heard" : verdict.isFirst ? "first" : "later");
  }
  return kinds;
}

test("a comment loop of robots ends after the limit: the task is paused, and a person is told once", async (t) => {
  const world = await commented(t, {
    trust: { github: ["MEMBER", "OWNER"], users: [], bots: ["loop[bot]"] },
  });
  await world.comment("/agent");
  const robot = { "sender.login": "loop[bot]", "sender.type": "Bot", "comment.user.login": "loop[bot]" };
  const ends: string[] = [];
  for (let said = 0; said < ROBOTS_AT_ITEM_MAX + 5; said++)
    ends.push((await world.comment(`/agent say again ${said}`, robot)).status);
  assert.equal(ends.filter((status) => status === "processed").length, ROBOTS_AT_ITEM_MAX + 1);
  const task = await world.store.tasks.get("SHOP-1");
  assert.equal(task?.status, "paused");
  assert.match(task.reason ?? "", /looks like a loop/);
  const calls = (await world.store.outbox.list({ limit: 500, before: null })).items;
  assert.equal(calls.filter(({ kind }) => kind === "loop.stopped").length, 1);
  assert.equal((await world.store.approvals.unheard("SHOP-1")).length, ROBOTS_AT_ITEM_MAX);
  assert.equal((await world.comment("/agent stop")).status, "processed", "a person may still end it");
});

test("it opens after a whole span of quiet, and trips anew", async () => {
  let now = 1;
  const breaker = createBreaker({ now: () => now }, NOWHERE);
  const kinds = (count: number): Promise<readonly string[]> => heard(breaker, count);
  assert.deepEqual(new Set(await kinds(ROBOTS_AT_ITEM_MAX)), new Set(["heard"]));
  assert.deepEqual(await kinds(3), ["first", "later", "later"]);
  now += BREAKER_SPAN_MS - 1;
  assert.deepEqual(await kinds(1), ["later"], "who goes on keeps it closed");
  now += BREAKER_SPAN_MS + 1;
  assert.deepEqual(await kinds(1), ["heard"]);
});

test("people have more room, what ends work is always heard, and what a source tells is not counted", async () => {
  const breaker = createBreaker({ now: () => 1 }, NOWHERE);
  for (let said = 0; said < ALL_AT_ITEM_MAX; said++)
    assert.equal((await breaker.judge(PERSON, "x")).kind, "heard", String(said));
  assert.equal((await breaker.judge(PERSON, "x")).kind, "tripped");
  assert.equal((await breaker.judge(wishOf({ name: "alice" }, "cancel_task"), "x")).kind, "heard");
  assert.equal((await breaker.judge({ ...ROBOT, told: "CI" }, "x")).kind, "heard");
  assert.equal((await breaker.judge(PERSON, "y")).kind, "heard");
});

test("what is only shown is counted, too, for a reply is an answer to somebody; a freeze is always heard", async () => {
  const breaker = createBreaker({ now: () => 1 }, NOWHERE);
  const aside = (what: "status" | "freeze") => {
    const { project, by, key, because } = PERSON.intent;
    const target = { key: "SHOP-1" };
    return {
      ...PERSON,
      intent: { kind: "aside", project, by, key, because, target, what, why: null },
    } as const;
  };
  for (let said = 0; said < ALL_AT_ITEM_MAX; said++)
    assert.equal((await breaker.judge(aside("status"), "x")).kind, "heard");
  assert.equal((await breaker.judge(aside("status"), "x")).kind, "tripped");
  assert.equal((await breaker.judge(aside("freeze"), "x")).kind, "heard");
});

test("restarts forget nothing of a loop, and tell of it once", async () => {
  const [store, clock] = [await memoryStore(), handClock()];
  const kinds: string[] = [];
  for (let started = 0; started < ROBOTS_AT_ITEM_MAX + 3; started++) {
    kinds.push(...(await heard(await restoreBreaker(store, clock), 1)));
    clock.move(1_000);
  }
  assert.deepEqual(kinds.slice(ROBOTS_AT_ITEM_MAX - 1), ["heard", "first", "later", "later"]);
  clock.move(BREAKER_SPAN_MS - 10_000);
  assert.deepEqual(
    await heard(await restoreBreaker(store, clock), 1),
    ["later"],
    "a few of them keep it closed",
  );
  clock.move(BREAKER_SPAN_MS + 1);
  assert.deepEqual(await heard(await restoreBreaker(store, clock), 1), ["heard"]);
  assert.equal(
    (await store.loops.since(0)).length,
    3,
    "what is over is forgotten: one mark of each count is left",
  );
});

test("robots that go from item to item are stopped in the whole project", async () => {
  const breaker = createBreaker({ now: () => 1 }, NOWHERE);
  const verdicts: Verdict[] = [];
  for (let at = 0; at <= ROBOTS_IN_PROJECT_MAX; at++) verdicts.push(await breaker.judge(ROBOT, `item ${at}`));
  assert.equal(verdicts.filter(({ kind }) => kind === "heard").length, ROBOTS_IN_PROJECT_MAX);
  assert.match(JSON.stringify(verdicts.at(-1)), /robots asked 60 things of shop/);
});
