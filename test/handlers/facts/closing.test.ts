/** A closing that comes before the merge that caused it, or after, or by itself. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Payload } from "../../../handlers/source.ts";
import { type Commented, commented } from "../commands/comments.ts";
import { githubExample } from "../payloads.ts";

const COMMIT = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";
const BRANCH = "chargehand/shop-1";
const DOWN = { kind: "unreachable", reason: "nobody answers", neverSent: true } as const;

const closed = githubExample("issues", 20, {
  ...{ action: "closed", "issue.state": "closed", "issue.number": 1 },
});

function pull(index: number, changes: Readonly<Record<string, unknown>> = {}): Payload {
  return githubExample("pull_request", index, {
    ...{ "pull_request.head.ref": BRANCH, "pull_request.head.sha": COMMIT },
    ...{ "pull_request.head.repo.full_name": "acme/shop", "pull_request.base.ref": "main" },
    ...changes,
  });
}
const MERGED = pull(3, { "pull_request.merged": true });

/** A task at work again whose pull request is open; what GitHub says of it comes from `said`. */
async function opened(t: TestContext, said: { answer: object }): Promise<Commented> {
  const ask = {
    permission: async () => ({ kind: "ok", value: "write" }),
    pull: async () => said.answer,
  };
  const world = await commented(t, {}, { ask });
  await world.comment("/agent");
  const claim = await world.start();
  await world.comment("/agent say and the tests");
  await world.finish(claim, {
    ...{ status: "succeeded", branch: BRANCH, commit: COMMIT, summary: null, session: "s1" },
  });
  assert.equal((await world.hear("pull_request", pull(0))).status, "processed");
  return world;
}

const stands = async ({ store }: Commented) => (await store.tasks.get("SHOP-1"))?.status;
const ok = (state: string) => ({ answer: { kind: "ok", value: { state } } });

test("a closing that comes before the merge is told cancels nothing, in either order", async (t) => {
  for (const order of ["closed first", "merged first"]) {
    const world = await opened(t, ok("merged"));
    if (order === "merged first")
      assert.equal((await world.hear("pull_request", MERGED)).status, "processed");
    const heard = await world.hear("issues", closed);
    assert.equal(heard.status, "ignored", order);
    assert.match(heard.reason ?? "", /is merged, which closes what it stands for/, order);
    assert.equal(await stands(world), "active", order);
    if (order === "closed first")
      assert.equal((await world.hear("pull_request", MERGED)).status, "processed");
    const task = await world.store.tasks.get("SHOP-1");
    assert.equal((await world.store.pulls.newest("shop", task?.branch ?? ""))?.status, "merged", order);
    assert.notEqual(task?.status, "cancelled", order);
  }
});

test("a closing whose cause cannot be asked for now waits, and cancels nothing until it is known", async (t) => {
  const said: { answer: object } = { answer: DOWN };
  const world = await opened(t, said);
  const heard = await world.hear("issues", closed);
  assert.equal(heard.status, "received");
  assert.match(
    heard.reason ?? "",
    /whether pull request \d+ is merged could not be asked for: nobody answers/,
  );
  said.answer = { kind: "refused", because: "auth", reason: "the token has expired" };
  world.clock.move(600_000);
  // A comment has the inbox look again.
  await world.comment("hello");
  assert.equal(await stands(world), "active");
  said.answer = ok("open").answer;
  world.clock.move(600_000);
  await world.comment("hello again");
  assert.equal(await stands(world), "cancelled", "somebody has closed it by hand");
});

test("a closing by hand cancels, also one whose pull request is gone", async (t) => {
  const gone = { answer: { kind: "ok", value: null } };
  for (const said of [ok("open"), ok("closed"), gone]) {
    const world = await opened(t, said);
    assert.equal((await world.hear("issues", closed)).status, "processed");
    assert.equal(await stands(world), "cancelled");
  }
});
