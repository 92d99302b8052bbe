/** A pull request as it is wished for, once, and its merge, which is told as what it was. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { MergeTried, PullWish } from "../../../forges/tell.ts";
import { ME, pull, type Routes, staged } from "./stage.ts";

const WISH: PullWish = {
  repo: "acme/shop",
  head: "agent/7",
  base: "main",
  title: "Mend it",
  body: "Because",
  isDraft: false,
  known: null,
};
const PULLS = "/repos/acme/shop/pulls";

test("a pull request is opened once: the one of the same branches that is open is taken, whoever asked for it", async () => {
  let made: Record<string, unknown> | null = null;
  const routes: Routes = {
    [`GET ${PULLS}`]: ({ query }) => {
      assert.equal(query.get("head"), "acme:agent/7", "without its owner the filter is none");
      return { status: 200, body: made === null ? [pull({ number: 3, state: "closed" })] : [made] };
    },
    [`POST ${PULLS}`]: ({ body }) => {
      if (made !== null) return { status: 422, body: { message: "Validation Failed" } };
      made = pull(body["draft"] === true ? { draft: true } : {});
      return { status: 201, body: made };
    },
    [`PATCH ${PULLS}/12`]: ({ body }) => {
      made = { ...made, ...body };
      return { status: 200, body: made };
    },
  };
  await staged(routes, async ({ github, calls, faults }) => {
    const first = await github.tell.pull(WISH);
    assert.deepEqual(first.kind === "ok" && [first.value.number, first.value.state], [12, "open"]);
    await github.tell.pull(WISH);
    await github.tell.pull({ ...WISH, title: "Mend it well" });
    assert.equal(made?.["title"], "Mend it well");
    assert.equal(calls.filter((call) => call === `POST ${PULLS}`).length, 1);
    assert.equal(calls.filter((call) => call.startsWith("PATCH")).length, 1);
    assert.deepEqual(faults, []);
  });
});

test("where there are no drafts it is opened without; a closed one keeps all but its last words", async () => {
  const routes: Routes = {
    [`GET ${PULLS}`]: { status: 200, body: [] },
    [`POST ${PULLS}`]: ({ body }) =>
      body["draft"] === true
        ? { status: 422, body: { message: "Draft pull requests are not supported in this repository." } }
        : { status: 201, body: pull() },
    [`GET ${PULLS}/9`]: { status: 200, body: pull({ number: 9, state: "closed", title: "Old" }) },
    [`PATCH ${PULLS}/9`]: ({ body }) => ({
      status: 200,
      body: pull({ number: 9, state: "closed", ...body }),
    }),
  };
  await staged(routes, async ({ github, calls, bodies }) => {
    const opened = await github.tell.pull({ ...WISH, isDraft: true });
    assert.deepEqual(opened.kind === "ok" && opened.value.isDraft, false);
    const before = calls.length;
    const closed = await github.tell.pull({ ...WISH, known: 9 });
    assert.deepEqual(closed.kind === "ok" && closed.value.state, "closed");
    assert.equal(calls.length, before + 1);
    const last = { ...WISH, body: "Its end", known: 9, base: "other", isDraft: true, isOver: true };
    assert.equal((await github.tell.pull(last)).kind, "ok");
    assert.deepEqual(bodies.at(-1), { title: "Mend it", body: "Its end" }, "its words, and nothing else");
  });
});

test("a draft becomes ready, and a refusal of GraphQL in a 200 is a refusal", async () => {
  let answer: object = { data: { markPullRequestReadyForReview: { clientMutationId: null } } };
  const routes: Routes = {
    [`GET ${PULLS}/12`]: { status: 200, body: pull({ draft: true }) },
    "POST /graphql": () => ({ status: 200, body: answer }),
  };
  await staged(routes, async ({ github, bodies }) => {
    const ready = await github.tell.pull({ ...WISH, known: 12 });
    assert.deepEqual(ready.kind === "ok" && ready.value.isDraft, false);
    assert.match(JSON.stringify(bodies.at(-1)), /markPullRequestReadyForReview.*PR_12/);
    const cases = [
      ["FORBIDDEN", "refused"],
      ["RATE_LIMITED", "retry"],
      [null, "retry"],
    ] as const;
    for (const [type, kind] of cases) {
      answer = { data: { x: null }, errors: [{ type, message: "Resource not accessible by integration" }] };
      assert.equal((await github.tell.pull({ ...WISH, known: 12 })).kind, kind, String(type));
    }
  });
});

const HEAD = "a".repeat(40);
const HOW = {
  base: "main",
  commit: HEAD,
  method: "squash",
  title: "Mend it (#12)",
  wasQueued: false,
} as const;
const MERGE = `PUT ${PULLS}/12/merge`;

/** What GitHub says to a merge, with the pull request as it then stands, and what that means. */
const MEANINGS: readonly (readonly [number, string, object, MergeTried["kind"] | "refused", string?])[] = [
  [405, "Base branch was modified. Review and try the merge again.", {}, "waits", "host"],
  [405, 'Required status check "build" is expected.', {}, "waits", "checks"],
  [405, "At least 1 approving review is required by reviewers with write access.", {}, "waits", "people"],
  [405, "Squash merges are not allowed on this repository.", {}, "refused"],
  [405, "Pull Request is not mergeable", { mergeable: false }, "conflict"],
  [405, "Pull Request is not mergeable", { mergeable: null }, "waits", "host"],
  [403, "Repository rule violations found: At least 1 approving review is required.", {}, "waits", "people"],
  [403, "Resource not accessible by personal access token", {}, "refused"],
  [
    409,
    "Head branch was modified.",
    { head: { ...(pull()["head"] as object), sha: "c".repeat(40) } },
    "moved",
  ],
  [405, "Pull Request is not mergeable", { state: "closed", merged: true }, "merged"],
  [405, "Pull Request is not mergeable", { base: { ref: "release", sha: HEAD } }, "refused"],
];

for (const [status, message, after, kind, whom] of MEANINGS)
  test(`a merge that is answered ${status} "${message}" ${JSON.stringify(after).slice(0, 30)}: ${kind}`, async () => {
    let isTried = false;
    const routes: Routes = {
      [`GET ${PULLS}/12`]: () => ({ status: 200, body: pull(isTried ? after : {}) }),
      [MERGE]: ({ body }) => {
        assert.deepEqual([body["sha"], body["merge_method"]], [HEAD, "squash"]);
        isTried = true;
        return { status, body: { message } };
      },
    };
    await staged(routes, async ({ github, faults }) => {
      const tried = await github.tell.merge("acme/shop", 12, HOW);
      if (kind === "refused") return assert.equal(tried.kind, "refused");
      assert.ok(tried.kind === "ok");
      assert.equal(tried.value.kind, kind);
      if (tried.value.kind === "waits") assert.equal(tried.value.for, whom);
      assert.deepEqual(faults, []);
    });
  });

test("a merge is made once and told again as done, and its branch deleted while it stands where it was merged", async () => {
  let isMerged = false;
  let branch: string | null = HEAD;
  const routes: Routes = {
    [`GET ${PULLS}/12`]: () => ({
      status: 200,
      body: pull(isMerged ? { state: "closed", merged: true } : {}),
    }),
    [MERGE]: () => {
      isMerged = true;
      return { status: 200, body: { sha: "d".repeat(40), merged: true, message: "ok" } };
    },
    "GET /repos/acme/shop/branches/agent/7": () =>
      branch === null
        ? { status: 404, body: { message: "Branch not found" } }
        : { status: 200, body: { name: "agent/7", commit: { sha: branch } } },
    "DELETE /repos/acme/shop/git/refs/heads/agent/7": () => {
      branch = null;
      return { status: 204, body: "" };
    },
  };
  await staged(routes, async ({ github, calls, faults }) => {
    const first = await github.tell.merge("acme/shop", 12, HOW);
    assert.deepEqual(first, { kind: "ok", value: { kind: "merged", commit: "d".repeat(40) } });
    assert.equal(branch, HEAD);
    const again = await github.tell.merge("acme/shop", 12, HOW);
    assert.deepEqual(again, { kind: "ok", value: { kind: "merged", commit: null } });
    for (const _ of ["once", "and again"])
      assert.deepEqual(await github.tell.dropBranch("acme/shop", "agent/7", HEAD), {
        kind: "ok",
        value: null,
      });
    assert.equal(branch, null);
    branch = "e".repeat(40);
    await github.tell.dropBranch("acme/shop", "agent/7", HEAD);
    assert.equal(branch, "e".repeat(40), "somebody goes on with it");
    assert.equal(calls.filter((call) => call === MERGE).length, 1);
    assert.deepEqual(faults, []);
  });
});

test("one that was turned to another branch is not merged there", async () => {
  const routes: Routes = {
    [`GET ${PULLS}/12`]: { status: 200, body: pull({ base: { ref: "release", sha: "b".repeat(40) } }) },
    [MERGE]: { status: 200, body: { sha: "c".repeat(40), merged: true } },
  };
  await staged(routes, async ({ github, calls }) => {
    const tried = await github.tell.merge("acme/shop", 12, HOW);
    assert.ok(tried.kind === "refused");
    assert.match(tried.reason, /goes into release now, and not into main/);
    assert.ok(!calls.includes(MERGE));
  });
});

test("one that somebody else has opened of the same branch keeps its words, also where they are first by a moment", async () => {
  let theirs: object[] = [];
  const routes: Routes = {
    "GET /user": { status: 200, body: ME },
    [`GET ${PULLS}`]: () => ({ status: 200, body: theirs }),
    [`POST ${PULLS}`]: () => {
      theirs = [pull({ title: "Mine", user: { login: "alice", id: 5 } })];
      return { status: 422, body: { message: "Validation Failed" } };
    },
  };
  await staged(routes, async ({ github, calls }) => {
    for (const when of ["first by a moment", "before"]) {
      const told = await github.tell.pull(WISH);
      assert.deepEqual(told.kind === "ok" && [told.value.number, told.value.isForeign], [12, true], when);
    }
    assert.ok(!calls.some((call) => call.startsWith("PATCH")));
    theirs = [pull({ title: "Ours", user: ME })];
    const routed = await github.tell.pull({ ...WISH, title: "Ours" });
    assert.deepEqual(routed.kind === "ok" && routed.value.isForeign, undefined);
  });
});
