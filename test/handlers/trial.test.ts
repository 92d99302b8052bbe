/** What a webhook would do, asked of the same parts that would do it; and nothing of that is left behind. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createBreaker, ROBOTS_AT_ITEM_MAX } from "../../handlers/guard/breaker.ts";
import { readersOf } from "../../handlers/sources.ts";
import { type Effect, tryDelivery, type WebhookTried } from "../../handlers/trial.ts";
import type { NewDelivery } from "../../workflow/delivery.ts";
import type { Project } from "../../workflow/project.ts";
import { type Commented, commented } from "./commands/comments.ts";
import { githubExample } from "./payloads.ts";
import { project } from "./project.ts";

const TRUST = { github: ["MEMBER", "OWNER"], users: [], bots: ["loop[bot]"] };
const ROBOT = { "sender.login": "loop[bot]", "sender.type": "Bot", "comment.user.login": "loop[bot]" };

const SUBJECT = "github:acme/shop#1";

interface Tries extends Commented {
  readonly breaker: ReturnType<typeof createBreaker>;
  try(body: string, changes?: Readonly<Record<string, unknown>>, id?: string): Promise<WebhookTried>;
  /** Of the only wish. */
  effect(body: string, changes?: Readonly<Record<string, unknown>>): Promise<Effect>;
  /** All that a delivery could leave behind. */
  rows(): Promise<unknown>;
}

async function tries(t: TestContext, more: Partial<Project> = {}): Promise<Tries> {
  const world = await commented(t, { trust: TRUST, ...more });
  const { store, clock } = world;
  const breaker = createBreaker(clock, store.loops);
  const readers = readersOf(new Map([["github", { settings: null, client: null, own: [] }]]));
  const ports = { store, clock, breaker, readers, projects: [project({ trust: TRUST, ...more })] };
  const all = { limit: 500, before: null } as const;
  const once = (body: string, changes: Readonly<Record<string, unknown>>, id: string): NewDelivery => {
    const payload = githubExample("issue_comment", 0, { "comment.body": body, "comment.id": 77, ...changes });
    const text = JSON.stringify(payload);
    return { source: "github", event: "issue_comment", deliveryId: id, headerId: null, body: text };
  };
  const trying: Tries["try"] = (body, changes = {}, id = "new") =>
    tryDelivery(ports, once(body, changes, id));
  return {
    ...{ ...world, breaker, try: trying },
    async effect(body, changes) {
      const { wishes } = await trying(body, changes);
      assert.equal(wishes.length, 1);
      return wishes[0]?.effect ?? assert.fail("no wish");
    },
    rows: async () => [
      (await store.deliveries.list(all)).items,
      (await store.tasks.list(all)).items,
      (await store.outbox.list(all)).items,
      await store.loops.since(0),
    ],
  };
}

test("a start makes a task once; then the same wish says which task is there", async (t) => {
  const it = await tries(t);
  const before = await it.rows();
  const begun = await it.effect("/agent");
  assert.ok(begun.kind === "change" && begun.task === null && begun.events.includes("task.created"));
  const none = await it.effect("/agent stop");
  assert.ok(none.kind === "nothing" && none.task === null);
  assert.deepEqual(await it.rows(), before, "nothing is stored");
  await it.comment("/agent");
  const again = await it.effect("/agent");
  assert.ok(again.kind === "nothing" && again.task === "SHOP-1", JSON.stringify(again));
  const stop = await it.effect("/agent stop");
  assert.ok(stop.kind === "change" && stop.task === "SHOP-1");
  assert.deepEqual(await it.effect("/agent status"), { kind: "answer" });
});

test("what was told before, is stored already, or waits behind another is said", async (t) => {
  const it = await tries(t);
  const first = await it.comment("/agent");
  const same = { "comment.id": 1_000 };
  assert.equal((await it.try("/agent", same)).heardBy, first.id);
  assert.equal((await it.try("/agent")).heardBy, null);
  assert.equal((await it.try("/agent", same, first.deliveryId)).isStored, true);
  assert.equal((await it.try("/agent")).isStored, false);
  const [waiting] = await it.store.deliveries.record(
    [{ source: "github", event: "issues", deliveryId: "waits", headerId: null, body: "{}" }],
    it.clock.now(),
  );
  assert.equal((await it.try("/agent stop")).isBehind, false);
  await it.store.deliveries.defer(waiting?.id ?? 0, SUBJECT, "nobody answers", it.clock.now() + 60_000);
  assert.equal((await it.try("/agent stop")).isBehind, true);
});

test("a stranger may not, and a loop is not heard; looking at the breaker does not count", async (t) => {
  const it = await tries(t);
  const stranger = await it.effect("/agent", {
    "comment.author_association": "NONE",
    "sender.login": "mallory",
  });
  assert.ok(stranger.kind === "nothing" && stranger.task === null);
  for (let told = 0; told < ROBOTS_AT_ITEM_MAX * 2; told++)
    assert.equal((await it.effect("/agent", ROBOT)).kind, "change", "nothing is counted");
  const { wishes } = await it.try("/agent", ROBOT);
  const [wish] = wishes;
  if (wish === undefined) assert.fail("no wish");
  for (let told = 0; told < ROBOTS_AT_ITEM_MAX; told++) await it.breaker.judge(wish.wish, SUBJECT);
  const loop = await it.effect("/agent", ROBOT);
  assert.ok(loop.kind === "loop" && /looks like a loop/.test(loop.reason));
});

test("what asks for nothing says why; a payload that is broken, and a source that nobody reads, too", async (t) => {
  const it = await tries(t);
  const chat = await it.try("a nice day");
  assert.deepEqual([chat.result, chat.wishes.length], ["ignored", 0]);
  assert.match(chat.reason ?? "", /\/agent|command/);
  const broken = await it.try("/agent", { "comment.user": 5, "issue.number": "one" });
  assert.ok(broken.result === "failed" || broken.result === "ignored", broken.result);
});
