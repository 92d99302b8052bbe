/** A verdict as a review: said once, by whoever may judge, and else as words. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AT, ME, pull, type Routes, staged } from "./stage.ts";

const REVIEWS = "/repos/acme/shop/pulls/12/reviews";
const SHA = "a".repeat(40);
const VERDICT = { commit: SHA, said: "approved", mark: "task-SHOP-1-x-verdict-2", text: "Good." } as const;
const BOB = { login: "bob", id: 5, type: "User" };

interface Said {
  readonly body: string;
  readonly event: string;
  readonly commit_id?: string;
}

/** GitHub, on which a pull request of `author` stands. */
function host(author: object, takes: (said: Said) => boolean = () => true) {
  const reviews: Record<string, unknown>[] = [];
  const tried: Said[] = [];
  const routes: Routes = {
    "GET /user": { status: 200, body: ME },
    "GET /repos/acme/shop/pulls/12": { status: 200, body: pull({ user: author }) },
    [`GET ${REVIEWS}`]: () => ({ status: 200, body: reviews }),
    [`POST ${REVIEWS}`]: ({ body }) => {
      const said = body as unknown as Said;
      tried.push(said);
      const isOwn = (author as typeof ME).id === ME.id && said.event !== "COMMENT";
      if (isOwn || !takes(said))
        return { status: 422, body: { message: "Can not approve your own pull request" } };
      const made = {
        id: 90 + reviews.length,
        user: ME,
        state: "APPROVED",
        body: said.body,
        submitted_at: AT,
      };
      reviews.push(made);
      return { status: 200, body: made };
    },
  };
  return { routes, reviews, tried };
}

test("G6: a verdict about the pull request of another account is a review of its commit, said once", async () => {
  const { routes, reviews, tried } = host(BOB);
  await staged(routes, async ({ github, faults }) => {
    const first = await github.tell.review("acme/shop", 12, VERDICT);
    assert.deepEqual(first, { kind: "ok", value: { id: "90", url: null } });
    assert.deepEqual(await github.tell.review("acme/shop", 12, VERDICT), first, "it is found again");
    await github.tell.review("acme/shop", 12, { ...VERDICT, said: "changes_requested", mark: "another" });
    assert.deepEqual(
      tried.map(({ event, commit_id }) => [event, commit_id]),
      [
        ["APPROVE", SHA],
        ["REQUEST_CHANGES", SHA],
      ],
    );
    assert.match(String(reviews[0]?.["body"]), /^Good\.\n\n<!-- chargehand:task-SHOP-1-x-verdict-2 -->$/);
    assert.deepEqual(faults, []);
  });
});

test("a mark that somebody has copied is no review of ours", async () => {
  const { routes, reviews, tried } = host(BOB);
  reviews.push({ id: 1, user: BOB, state: "COMMENTED", body: `no\n\n<!-- chargehand:${VERDICT.mark} -->` });
  await staged(routes, async ({ github }) => {
    await github.tell.review("acme/shop", 12, VERDICT);
    assert.equal(tried.length, 1);
  });
});

test("of one's own pull request nothing is judged: the words are said, and no verdict is tried", async () => {
  const { routes, tried } = host(ME);
  await staged(routes, async ({ github }) => {
    assert.equal((await github.tell.review("acme/shop", 12, VERDICT)).kind, "ok");
    assert.deepEqual(
      tried.map(({ event, commit_id }) => [event, commit_id]),
      [["COMMENT", undefined]],
    );
  });
});

test("a verdict that GitHub does not take is said as words", async () => {
  const { routes, tried } = host(BOB, ({ commit_id }) => commit_id === undefined);
  await staged(routes, async ({ github }) => {
    assert.equal((await github.tell.review("acme/shop", 12, VERDICT)).kind, "ok");
    assert.deepEqual(
      tried.map(({ event }) => event),
      ["APPROVE", "COMMENT"],
    );
  });
});
