/** What else is told at GitHub and asked of it: labels, closing, checks and their failures, reviews, rules, hooks. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AT, comment, HASTY, ME, pull, type Routes, staged } from "./stage.ts";

const REPO = "/repos/acme/shop";
const ITEM = { place: "acme/shop", id: "7" };
const SHA = "a".repeat(40);

function issue(changes: object = {}): object {
  return {
    number: 7,
    title: "Broken",
    state: "open",
    labels: [{ id: 1, name: "Bug" }],
    user: ME,
    updated_at: AT,
    ...changes,
  };
}

test("labels: those that are missing are put on, those that should go are taken off, and others stay", () =>
  staged(
    {
      [`GET ${REPO}/issues/7`]: {
        status: 200,
        body: issue({ labels: [{ name: "Bug" }, { name: "agent: ready" }] }),
      },
      [`POST ${REPO}/issues/7/labels`]: { status: 200, body: [] },
      [`DELETE ${REPO}/issues/7/labels/agent: ready`]: {
        status: 404,
        body: { message: "Label does not exist" },
      },
    },
    async ({ github, calls, bodies, faults }) => {
      const wanted = { has: ["bug", "agent: working"], lacks: ["AGENT: READY", "other"] };
      assert.deepEqual(await github.tell.labels(ITEM, wanted), { kind: "ok", value: null });
      assert.deepEqual(bodies[1], { labels: ["agent: working"] });
      assert.equal(calls.length, 3);
      assert.deepEqual(faults, []);
    },
  ));

test("a state closes what is open where it ends it, with its reason, and else nothing", async () => {
  let state = "open";
  const routes: Routes = {
    [`GET ${REPO}/issues/7`]: () => ({ status: 200, body: issue({ state }) }),
    [`PATCH ${REPO}/issues/7`]: ({ body }) => {
      state = String(body["state"]);
      return { status: 200, body: issue({ state }) };
    },
  };
  await staged(routes, async ({ github, bodies, calls, faults }) => {
    await github.tell.state(ITEM, "started");
    assert.equal(calls.length, 0);
    await github.tell.state(ITEM, "cancelled");
    assert.deepEqual(bodies.at(-1), { state: "closed", state_reason: "not_planned" });
    await github.tell.state(ITEM, "cancelled");
    assert.equal(calls.filter((call) => call.startsWith("PATCH")).length, 1);
    assert.deepEqual(faults, []);
  });
});

test("an item that was deleted or moved away is none, and what changed is listed with its standing", () =>
  staged(
    {
      [`GET ${REPO}/issues/8`]: { status: 410, body: { message: "This issue was deleted" } },
      [`GET ${REPO}/issues`]: {
        status: 200,
        body: [issue({ author_association: "MEMBER", pull_request: { url: "x" } })],
      },
    },
    async ({ github, faults }) => {
      assert.deepEqual(await github.ask.item({ ...ITEM, id: "8" }), { kind: "ok", value: null });
      const since = await github.spare.itemsSince("acme/shop", Date.parse(AT), null);
      assert.ok(since.kind === "ok" && since.value.kind === "fresh");
      const [item] = since.value.value.items;
      assert.deepEqual(
        [item?.isPull, item?.author?.standing, item?.labels[0]?.name],
        [true, "MEMBER", "Bug"],
      );
      assert.deepEqual(faults, []);
    },
  ));

const run = (id: number, conclusion: string | null, changes: object = {}): object => ({
  id,
  name: `job ${id}`,
  status: conclusion === null ? "in_progress" : "completed",
  conclusion,
  html_url: `https://github.test/job/${id}`,
  ...changes,
});

test("checks of both kinds are one list, and a commit without any has none", async () => {
  const none: Routes = {
    [`GET ${REPO}/commits/${SHA}/check-runs`]: { status: 200, body: { total_count: 0, check_runs: [] } },
    [`GET ${REPO}/commits/${SHA}/status`]: {
      status: 200,
      body: { state: "pending", total_count: 0, statuses: [] },
    },
  };
  await staged(none, async ({ github }) =>
    assert.deepEqual(await github.ask.checks("acme/shop", SHA), { kind: "ok", value: [] }),
  );
  const some: Routes = {
    [`GET ${REPO}/commits/${SHA}/check-runs`]: {
      status: 200,
      body: {
        check_runs: [
          run(1, null),
          run(2, "success"),
          run(3, "timed_out"),
          run(4, "skipped"),
          run(5, "neutral"),
        ],
      },
    },
    [`GET ${REPO}/commits/${SHA}/status`]: {
      status: 200,
      body: { statuses: [{ context: "ext", state: "error" }] },
    },
  };
  await staged(some, async ({ github, faults }) => {
    const found = await github.ask.checks("acme/shop", SHA);
    assert.deepEqual(found.kind === "ok" && found.value.map(({ status }) => status), [
      "pending",
      "success",
      "failure",
      "skipped",
      "neutral",
      "failure",
    ]);
    assert.deepEqual(faults, []);
  });
});

test("why checks failed: names, remarks to lines and the end of the log, without our token to another place", async () => {
  const log = Array.from(
    { length: 500 },
    (_, at) => `2026-11-20T10:00:00.1Z \u001b[31mline ${at}\u001b[0m`,
  ).join("\n");
  const routes: Routes = {
    [`GET ${REPO}/commits/${SHA}/check-runs`]: {
      status: 200,
      body: {
        check_runs: [
          run(3, "failure", {
            app: { slug: "github-actions" },
            details_url: "https://github.test/runs/9/job/33",
          }),
          run(4, "success"),
        ],
      },
    },
    [`GET ${REPO}/commits/${SHA}/status`]: { status: 200, body: { statuses: [] } },
    [`GET ${REPO}/check-runs/3/annotations`]: {
      status: 200,
      body: [{ path: "a.ts", start_line: 4, annotation_level: "failure", message: "is not a number" }],
    },
    [`GET ${REPO}/actions/jobs/33/logs`]: ({ url }) => ({
      status: 302,
      body: "",
      headers: { location: `${url}/blob/1` },
    }),
    "GET /blob/1": { status: 200, body: log },
  };
  await staged(routes, async ({ github, faults }) => {
    const why = await github.ask.whyFailed("acme/shop", SHA, 100_000);
    assert.ok(why.kind === "ok");
    assert.match(
      why.value.text,
      /^job 3: failure\n.*\na\.ts:4: failure: is not a number\nEnd of the log:\nline 300\n/,
    );
    assert.ok(why.value.text.endsWith("line 499"));
    const short = await github.ask.whyFailed("acme/shop", SHA, 500);
    assert.ok(short.kind === "ok" && Buffer.byteLength(short.value.text) <= 500);
    assert.match(short.value.text, /^job 3[\s\S]*line 499$/);
    assert.deepEqual(faults, []);
  });
});

test("a host that is slow is asked no more why, and what is known so far is told", async () => {
  let late = 0;
  const clock = { ...HASTY, monotonic: () => HASTY.monotonic() + late };
  const run = (id: number) => ({
    id,
    name: `job ${id}`,
    status: "completed",
    conclusion: "failure",
    output: { annotations_count: 1 },
  });
  const annotations = () => {
    late += 20_000;
    return { status: 200, body: [{ path: "a.ts", message: "slowly" }] };
  };
  const routes: Routes = {
    [`GET ${REPO}/commits/${SHA}/check-runs`]: { status: 200, body: { check_runs: [1, 2, 3, 4].map(run) } },
    [`GET ${REPO}/commits/${SHA}/status`]: { status: 200, body: { statuses: [] } },
    ...Object.fromEntries(
      [1, 2, 3, 4].map((id) => [`GET ${REPO}/check-runs/${id}/annotations`, annotations]),
    ),
  };
  await staged(
    routes,
    async ({ github, calls }) => {
      const why = await github.ask.whyFailed("acme/shop", SHA, 10_000);
      assert.ok(why.kind === "ok");
      assert.match(why.value.text, /job 4: failure/);
      assert.equal(calls.filter((call) => call.endsWith("/annotations")).length, 2);
    },
    { clock },
  );
});

test("reviews and threads: one that is being written is none, and a reply is said once", async () => {
  const remark = {
    id: 5,
    path: "a.ts",
    line: 3,
    body: "why?",
    user: { login: "alice", id: 5 },
    created_at: AT,
  };
  const remarks: object[] = [remark];
  const routes: Routes = {
    "GET /user": { status: 200, body: ME },
    [`GET ${REPO}/pulls/12/reviews`]: {
      status: 200,
      body: [
        { id: 1, state: "PENDING", user: ME },
        { id: 2, state: "CHANGES_REQUESTED", user: ME, body: "no", commit_id: SHA, submitted_at: AT },
      ],
    },
    [`GET ${REPO}/pulls/12/comments`]: ({ query }) => {
      assert.deepEqual([query.get("sort"), query.get("direction")], ["created", "desc"]);
      return { status: 200, body: remarks.toReversed() };
    },
    [`POST ${REPO}/pulls/12/comments/5/replies`]: ({ body }) => {
      const made = { ...comment(6, String(body["body"])), path: "a.ts", in_reply_to_id: 5 };
      remarks.push(made);
      return { status: 201, body: made };
    },
    "POST /graphql": {
      status: 200,
      body: {
        data: {
          repository: {
            pullRequest: {
              reviewThreads: {
                pageInfo: { hasNextPage: false, endCursor: null },
                nodes: [
                  { id: "T1", isResolved: true, comments: { nodes: [{ fullDatabaseId: "4" }] } },
                  { id: "T2", isResolved: false, comments: { nodes: [{ fullDatabaseId: "5" }] } },
                ],
              },
            },
          },
        },
      },
    },
  };
  await staged(routes, async ({ github, faults }) => {
    const reviews = await github.ask.reviews("acme/shop", 12);
    assert.deepEqual(reviews.kind === "ok" && reviews.value.items.map(({ state }) => state), [
      "changes_requested",
    ]);
    const thread = { comment: "5", mark: "reply-1", text: "Because." };
    const first = await github.tell.reply("acme/shop", 12, thread);
    assert.deepEqual(await github.tell.reply("acme/shop", 12, thread), first);
    assert.equal(remarks.length, 2);
    const open = await github.ask.openThreads("acme/shop", 12);
    assert.deepEqual(open, { kind: "ok", value: [{ thread: "T2", comment: "5" }] });
    assert.deepEqual(faults, []);
  });
});

test("what a branch demands is asked in both ways, and what the token may not see is not told", () =>
  staged(
    {
      [`GET ${REPO}`]: {
        status: 200,
        body: {
          full_name: "acme/shop",
          default_branch: "main",
          allow_squash_merge: true,
          allow_merge_commit: true,
        },
      },
      [`GET ${REPO}/branches/main`]: {
        status: 200,
        body: { protected: true, protection: { required_status_checks: { contexts: ["build"] } } },
      },
      [`GET ${REPO}/branches/main/protection`]: { status: 403, body: { message: "Resource not accessible" } },
      [`GET ${REPO}/rules/branches/main`]: {
        status: 200,
        body: [
          {
            type: "pull_request",
            parameters: { required_approving_review_count: 2, required_review_thread_resolution: true },
          },
          { type: "required_status_checks", parameters: { required_status_checks: [{ context: "lint" }] } },
          { type: "required_linear_history" },
        ],
      },
    },
    async ({ github, faults }) => {
      assert.deepEqual(await github.ask.rules("acme/shop", "main"), {
        kind: "ok",
        value: {
          exists: true,
          isProtected: true,
          checks: ["build", "lint"],
          approvals: 2,
          resolvedThreads: true,
          isQueued: false,
          methods: ["squash"],
        },
      });
      assert.deepEqual(faults, []);
    },
  ));

test("a hook is made once per address, and its secret is in no reason; what was sent is listed until it is too old", async () => {
  const hook = { id: 9, active: true, events: ["push"], config: { url: "https://me.test/hook" } };
  let known: object[] = [];
  const routes: Routes = {
    [`GET ${REPO}/hooks`]: () => ({ status: 200, body: known }),
    [`POST ${REPO}/hooks`]: ({ body }) => {
      known = [hook];
      return JSON.stringify(body).includes("bad-secret")
        ? { status: 422, body: { message: "bad-secret is too weak" } }
        : { status: 201, body: hook };
    },
    [`PATCH ${REPO}/hooks/9`]: { status: 200, body: hook },
    [`GET ${REPO}/hooks/9/deliveries`]: {
      status: 200,
      body: [
        {
          id: 2,
          guid: "g2",
          delivered_at: AT,
          event: "push",
          status: "Invalid HTTP Response: 502",
          status_code: 502,
        },
        {
          id: 1,
          guid: "g1",
          delivered_at: "2026-11-01T00:00:00Z",
          event: "push",
          status: "OK",
          status_code: 200,
        },
      ],
      headers: { link: '<https://api.github.test/next?cursor=x>; rel="next"' },
    },
    [`POST ${REPO}/hooks/9/deliveries/2/attempts`]: { status: 202, body: {} },
  };
  await staged(routes, async ({ github, calls, faults }) => {
    const wish = { url: "https://me.test/hook", secret: "good-secret", events: ["push"] };
    const refused = await github.ask.createHook("acme/shop", { ...wish, secret: "bad-secret" });
    assert.ok(refused.kind === "refused" && !refused.reason.includes("bad-secret"));
    assert.equal((await github.ask.createHook("acme/shop", wish)).kind, "ok");
    assert.equal(calls.filter((call) => call === `POST ${REPO}/hooks`).length, 1);
    const sent = await github.ask.sentHooks("acme/shop", "9", Date.parse("2026-11-10T00:00:00Z"));
    assert.deepEqual(sent.kind === "ok" && sent.value.items.map(({ guid, isGood }) => [guid, isGood]), [
      ["g2", false],
    ]);
    assert.deepEqual(await github.ask.sendAgain("acme/shop", "9", "2"), { kind: "ok", value: null });
    assert.deepEqual(faults, []);
  });
});

test("pull requests of a commit that nobody knows are none, and a status is cut to what GitHub takes", () =>
  staged(
    {
      [`GET ${REPO}/commits/${SHA}/pulls`]: { status: 422, body: { message: "No commit found" } },
      [`GET ${REPO}/pulls/12`]: { status: 200, body: pull() },
      [`POST ${REPO}/statuses/${SHA}`]: { status: 201, body: {} },
    },
    async ({ github, bodies, faults }) => {
      assert.deepEqual(await github.ask.pullsOf("acme/shop", { commit: SHA }), { kind: "ok", value: [] });
      assert.deepEqual(await github.ask.pull("acme/shop", 13), { kind: "ok", value: null });
      const status = { name: "chargehand", state: "pending", text: "x".repeat(300), url: null } as const;
      assert.equal((await github.tell.status("acme/shop", SHA, status)).kind, "ok");
      assert.match(JSON.stringify(bodies.at(-1)), /"description":"x{139}…"/);
      assert.deepEqual(faults, []);
    },
  ));
