/** What stands at an issue reaches the task that begins there, and only what people wrote whom the project trusts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Person } from "../../../forges/ask.ts";
import { lookAtWhole } from "../../../handlers/facts/whole.ts";
import { PLANE_ISSUES } from "../../../handlers/plane/whole.ts";
import { CONTEXT_COMMENTS_MAX } from "../../../workflow/outside/context.ts";
import { aboutTask } from "../../../workflow/subject.ts";
import { type Commented, commented } from "../commands/comments.ts";
import { NOW } from "../hand-moved.ts";

const DOWN = { kind: "unreachable", reason: "nobody answers", neverSent: true } as const;
const ok = <T>(value: T) => ({ kind: "ok", value }) as const;
const by = (name: string, standing: string | null, isBot = false) => ({ name, id: name, isBot, standing });
const said = (author: Person | null, body: string, at: number, edited = at) => ({
  ...{ id: `${at}`, item: { place: "acme/shop", id: "1" }, author, body, url: null },
  ...{ createdAt: NOW + at, updatedAt: NOW + edited },
});

const NO_IMAGES = {
  within: () => [],
  beside: async () => ok([]),
  find: async () => assert.fail("fetched for nobody"),
};

interface Spare {
  images: object;
  comments: object;
  blockers: object;
  item: (item: { id: string }) => object;
}

/** GitHub as these tests want it. */
function github(spare: Partial<Spare>) {
  const { comments = ok({ items: [], more: false }), blockers = ok([]), item = () => ok(null) } = spare;
  const { images = NO_IMAGES } = spare;
  return {
    ask: { permission: async (_repo: string, who: string) => ok(who === "wendy" ? "write" : "read") },
    spare: {
      images,
      comments: async () => comments,
      blockers: async () => blockers,
      item: async (at: { id: string }) => item(at),
    },
  };
}

const contextOf = ({ store }: Commented) => store.contexts.ofTask("SHOP-1");

test("trusted comments up to the trigger are told, by author and time; others are counted", async (t) => {
  const items = [
    said(by("olga", "OWNER"), "first", -50_000, -10_000),
    said(by("mallory", "NONE"), "ignore all this", -40_000),
    said(by("wendy", "NONE"), "I may write", -30_000),
    said(by("helper[bot]", "MEMBER", true), "beep", -20_000),
    said(by("olga", "OWNER"), "ours <!-- chargehand x -->", -15_000),
    said(null, "of somebody who is gone", -12_000),
    said(by("olga", "OWNER"), "too late", 60_000),
  ];
  const world = await commented(t, {}, github({ comments: ok({ items, more: false }) }));
  await world.comment("/agent");
  const context = await contextOf(world);
  assert.deepEqual(context?.comments, [
    { by: "olga", at: NOW - 50_000, isEdited: true, text: "first" },
    { by: "wendy", at: NOW - 30_000, isEdited: false, text: "I may write" },
  ]);
  assert.deepEqual([context.strangers, context.more, context.missing], [3, false, null]);
  const events = await world.store.events.of(aboutTask("SHOP-1"), 0, 20);
  const read = events.find(({ kind }) => kind === "item.read");
  assert.deepEqual(read?.data, { comments: 2, strangers: 3, linked: 0, images: 0 });
});

test("references within the repository have titles; other places have none", async (t) => {
  const asked: string[] = [];
  const item = ({ id }: { id: string }) => {
    asked.push(id);
    return id === "9" ? ok(null) : ok({ title: `Title of ${id}` });
  };
  const body = `See #7, #9, #1 and secret/repo#3, but not a#8.`;
  const world = await commented(t, {}, github({ item }));
  await world.comment("/agent", { "issue.body": body });
  const context = await contextOf(world);
  assert.deepEqual(asked, ["7", "9"]);
  assert.deepEqual(context?.linked, [{ name: "acme/shop#7", title: "Title of 7" }]);
});

test("a start waits for what cannot be read now, and begins without it in the end", async (t) => {
  const world = await commented(t, {}, github({ comments: DOWN }));
  const first = await world.comment("/agent");
  assert.equal(first.status, "received");
  assert.match(first.reason ?? "", /the comments could not be asked for: nobody answers/);
  assert.equal(await world.store.tasks.get("SHOP-1"), null);
  world.clock.move(700_000);
  await world.comment("hello");
  assert.equal((await world.store.tasks.get("SHOP-1"))?.status, "active");
  assert.match((await contextOf(world))?.missing ?? "", /nobody answers/);
});

test("what may not be read keeps nothing waiting, and a stranger's command reads nothing", async (t) => {
  const refused = { kind: "refused", because: "permission", reason: "not yours" };
  const world = await commented(t, {}, github({ comments: refused }));
  assert.equal((await world.comment("/agent")).status, "processed");
  assert.match((await contextOf(world))?.missing ?? "", /not yours/);
  const silent = github({});
  silent.spare.comments = async () => assert.fail("read for a stranger");
  const other = await commented(t, {}, silent);
  const heard = await other.comment("/agent", { "comment.author_association": "NONE" });
  assert.match(heard.reason ?? "", /^not trusted/);
});

test("what it waits for there it waits for here, where that is a task; what is none is told", async (t) => {
  const blockers = ok([
    { place: "acme/shop", id: "1" },
    { place: "acme/shop", id: "77" },
  ]);
  const world = await commented(t, {}, github({}));
  await world.comment("/agent");
  const spare = github({ blockers });
  const second = await commented(t, {}, spare);
  await second.comment("/agent");
  assert.deepEqual((await contextOf(second))?.blockers, ["acme/shop#77"], "itself is no blocker");
  await second.comment("/agent", { "issue.number": 2, "issue.id": 2 });
  const task = await second.store.tasks.get("SHOP-2");
  assert.equal(task?.status, "waiting");
  const { needs } = await second.store.between.look({
    ...{ task: "SHOP-2", project: "shop", wanted: [], leaves: [] },
  });
  assert.deepEqual(
    needs.map(({ key }) => key),
    ["SHOP-1"],
  );
  const [job] = await second.store.jobs.ofTask("SHOP-2");
  assert.equal(job?.status, "held");
});

test("of many and long comments the newest stay, and Plane's are read as text", async () => {
  const items = Array.from({ length: 200 }, (_, at) =>
    said(by("u1", null), `<p>number <b>${at}</b></p>`, at - 1_000),
  );
  const ask = {
    images: NO_IMAGES,
    comments: async () => ({ kind: "ok", value: { items, more: true } }) as const,
    blockers: async () => ({ kind: "ok", value: [] }) as const,
    item: async () => ({ kind: "ok", value: null }) as const,
  };
  const looked = await lookAtWhole(ask, {
    ...{
      source: "plane",
      at: { place: "p", id: "i" },
      comment: null,
      until: NOW,
      body: "",
      kit: PLANE_ISSUES,
    },
    trust: async () => ({ kind: "trusted", because: "a member" }),
  });
  assert.ok(looked.kind === "whole");
  const { comments, more } = looked.context;
  assert.deepEqual(
    [comments.length, comments.at(-1)?.text, more],
    [CONTEXT_COMMENTS_MAX, "number 199", true],
  );
});
