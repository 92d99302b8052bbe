/** What is done to pull requests, from GitHub's own examples to what becomes of the task. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Payload } from "../../../handlers/source.ts";
import { type Commented, commented } from "../commands/comments.ts";
import { githubExample } from "../payloads.ts";

const COMMIT = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";
const BRANCH = "chargehand/shop-1";
const FOUND = { branch: BRANCH, commit: COMMIT, summary: null, session: "s1" } as const;
const BY_MEMBER = { "review.author_association": "MEMBER" };

/** A task whose first run has published this, at work again. */
async function published(t: TestContext, github: object | null = null): Promise<Commented> {
  const world = await commented(t, {}, github);
  await world.comment("/agent");
  const claim = await world.start();
  await world.comment("/agent say and the tests");
  await world.finish(claim, { status: "succeeded", ...FOUND });
  assert.equal((await world.store.tasks.get("SHOP-1"))?.commit, COMMIT);
  return world;
}

function pull(event: string, index: number, changes: Readonly<Record<string, unknown>> = {}): Payload {
  const own = { "pull_request.head.ref": BRANCH, "pull_request.head.sha": COMMIT };
  return githubExample(event, index, {
    ...own,
    "pull_request.head.repo.full_name": "acme/shop",
    "pull_request.base.ref": "main",
    ...changes,
  });
}

const said = async ({ store }: Commented): Promise<readonly string[]> =>
  (await store.approvals.unheard("SHOP-1")).map(({ text }) => text);

test("a pull request that somebody opens for the branch is the task's, and closing it ends the task", async (t) => {
  const world = await published(t, { ask: { permission: async () => ({ kind: "ok", value: "write" }) } });
  const opened = await world.hear("pull_request", pull("pull_request", 0));
  assert.deepEqual([opened.status, opened.task], ["processed", "SHOP-1"], opened.reason ?? "");
  const closed = await world.hear("pull_request", pull("pull_request", 3, { "pull_request.merged": false }));
  assert.deepEqual([closed.status, closed.task], ["processed", "SHOP-1"], closed.reason ?? "");
  assert.equal((await world.store.tasks.get("SHOP-1"))?.status, "cancelled");
});

test("a fork's branch of the same name is none of ours, whoever opens, closes or reviews it", async (t) => {
  const world = await published(t);
  const fork = { "pull_request.head.repo.full_name": "mallory/shop" };
  for (const delivery of [
    await world.hear("pull_request", pull("pull_request", 0, fork)),
    await world.hear("pull_request", pull("pull_request", 3, { ...fork, "pull_request.merged": false })),
    await world.hear("pull_request_review", pull("pull_request_review", 0, { ...fork, ...BY_MEMBER })),
  ]) {
    assert.equal(delivery.status, "ignored");
    assert.match(delivery.reason ?? "", /is of no task here/);
  }
  assert.equal((await world.store.tasks.get("SHOP-1"))?.status, "active");
});

test("a review is told with its remarks, by file and line, once; its remarks do not come again", async (t) => {
  const remark = { review: "237895671", path: "src/a.ts", line: 12, thread: "1", id: "1", body: "rename" };
  const other = { ...remark, id: "2", review: "1", body: "of another review" };
  const asked: string[] = [];
  const remarks = async (repo: string, number: number) => {
    asked.push(`${repo}#${number}`);
    return { kind: "ok", value: { items: [remark, other], more: false } };
  };
  const world = await published(t, { ask: { remarks } });
  const review = { ...BY_MEMBER, "review.state": "changes_requested", "review.body": "not yet" };
  const heard = await world.hear("pull_request_review", pull("pull_request_review", 0, review));
  assert.equal(heard.status, "processed", heard.reason ?? "");
  assert.deepEqual(asked, ["acme/shop#2"]);
  const words = (await said(world)).join("\n");
  assert.match(words, /not yet[\s\S]*src\/a\.ts:12:\nrename/);
  assert.doesNotMatch(words, /another review/);
  const again = await world.hear("pull_request_review", pull("pull_request_review", 0, review));
  assert.match(again.reason ?? "", /has told this already/);
  const alone = await world.hear("pull_request_review_comment", pull("pull_request_review_comment", 0));
  assert.match(alone.reason ?? "", /a remark of a review, which tells of it/);
});

test("where nobody can be asked, a remark is feedback by itself", async (t) => {
  const world = await published(t);
  const own = { "comment.author_association": "MEMBER", "comment.path": "a.ts", "comment.line": 3 };
  const heard = await world.hear(
    "pull_request_review_comment",
    pull("pull_request_review_comment", 0, { ...own, "comment.body": "rename" }),
  );
  assert.equal(heard.status, "processed", heard.reason ?? "");
  assert.match((await said(world)).join("\n"), /a\.ts:3:\nrename/);
});

test("a stranger's review says nothing, however it ends", async (t) => {
  const world = await published(t);
  const before = await said(world);
  for (const [id, state] of ["approved", "changes_requested", "commented"].entries()) {
    const who = { "review.id": id + 1, "review.author_association": "NONE" };
    const review = { ...who, "review.state": state, "review.body": "x" };
    const heard = await world.hear("pull_request_review", pull("pull_request_review", 0, review));
    assert.equal(heard.status, "ignored");
    assert.match(heard.reason ?? "", /^not trusted/);
  }
  assert.deepEqual(await said(world), before);
});

test("at the task's pull request words are feedback and commands are its own; at another one they are nobody's", async (t) => {
  const head = { repo: "acme/shop", branch: BRANCH, commit: COMMIT };
  const ask = { pull: async () => ({ kind: "ok", value: { head } }) };
  const world = await published(t, { ask });
  const at = { "issue.pull_request": { url: "x" }, "issue.number": 7, "issue.id": 7_777 };
  assert.equal((await world.comment("please use tabs", at)).status, "processed");
  assert.ok((await said(world)).includes("please use tabs"));
  assert.equal((await world.comment("/agent and no semicolons", at)).status, "processed");
  assert.ok((await said(world)).includes("and no semicolons"));
  const stranger = {
    "comment.author_association": "NONE",
    "sender.login": "mallory",
    "comment.user.login": "mallory",
  };
  const forger = { ...ask, permission: async () => ({ kind: "ok", value: "read" }) };
  Object.assign(ask, forger);
  const heard = await world.comment("merge it", { ...at, ...stranger });
  assert.match(heard.reason ?? "", /^not trusted: mallory/);
  const calls = (await world.store.outbox.list({ limit: 500, before: null })).items;
  assert.ok(
    calls.every(({ kind }) => kind !== "reply"),
    "whom nobody trusts is not answered",
  );
  assert.equal((await world.comment("/agent stop", at)).status, "processed");
  assert.equal((await world.store.tasks.get("SHOP-1"))?.status, "cancelled");
  Object.assign(head, { repo: "mallory/shop" });
  const nobodys = await world.comment("/agent retry", { ...at, "issue.number": 8 });
  assert.match(nobodys.reason ?? "", /pull request 8 is of no task here/);
  assert.equal((await world.store.tasks.list({ limit: 9, before: null })).items.length, 1);
});
