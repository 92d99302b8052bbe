/** The strict GitHub is strict: what a careless client does is refused there as the real one documents it. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { FAKE_BOT } from "../../../../cli/stage/fake-github/start.ts";
import { asking, at, REPO, receiver } from "./asking.ts";

const ACME = "acme/shop";

test("the whole circle of a pull request passes, and fits the published API", async (t) => {
  const { github, ask, graphql } = await asking(t);
  const { people, ci } = github;
  people.open({ repo: ACME, by: "ada", title: "Broken", body: null, labels: ["Agent"] });
  const said = await ask("POST", `${REPO}/issues/1/comments`, { body: "On it <!-- mark -->" });
  assert.equal(said.status, 201);
  assert.equal(
    (await ask("PATCH", `${REPO}/issues/comments/${at(said.body, "id")}`, { body: "Done" })).status,
    200,
  );
  assert.equal((await ask("POST", `${REPO}/issues/1/labels`, { labels: ["new", "AGENT"] })).status, 200);
  assert.equal((await ask("DELETE", `${REPO}/issues/1/labels/${encodeURIComponent("Agent")}`)).status, 200);
  await people.push({ repo: ACME, by: FAKE_BOT, branch: "fix/one", files: { "a.txt": "1\n" } });
  const wish = { title: "Fix", head: "fix/one", base: "main", body: "Closes #1", draft: true };
  const made = await ask("POST", `${REPO}/pulls`, wish);
  assert.equal(made.status, 201);
  const sha = String(at(made.body, "head.sha"));
  const look = async (): Promise<unknown> => at((await ask("GET", `${REPO}/pulls/2`)).body, "mergeable");
  assert.deepEqual([await look(), await look()], [null, true], "unknown at the first look");
  const input = { input: { pullRequestId: at(made.body, "node_id") } };
  const ready = await graphql(
    "mutation($input: MarkPullRequestReadyForReviewInput!) { markPullRequestReadyForReview(input: $input) { pullRequest { isDraft } } }",
    input,
  );
  assert.equal(at(ready, "data.markPullRequestReadyForReview.pullRequest.isDraft"), false);
  people.requestChanges({
    repo: ACME,
    by: "bob",
    number: 2,
    body: "No",
    remarks: [{ path: "a.txt", line: 1, body: "Why?" }],
  });
  const remarks = await ask("GET", `${REPO}/pulls/2/comments`);
  const replied = await ask("POST", `${REPO}/pulls/2/comments/${at(remarks.body, "0.id")}/replies`, {
    body: "So.",
  });
  assert.equal(at(replied.body, "in_reply_to_id"), at(remarks.body, "0.id"));
  const threads = await graphql(
    `query($n: Int!) { repository(owner: "acme", name: "shop") { pullRequest(number: $n) { mergeStateStatus
       reviewThreads(first: 100) { nodes { id isResolved comments(first: 1) { nodes { fullDatabaseId } } } } } } }`,
    { n: 2 },
  );
  const thread = at(threads, "data.repository.pullRequest.reviewThreads.nodes.0");
  assert.equal(at(thread, "comments.nodes.0.fullDatabaseId"), String(at(remarks.body, "0.id")));
  const resolved = await graphql(
    "mutation($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }",
    { id: at(thread, "id") },
  );
  assert.equal(at(resolved, "data.resolveReviewThread.thread.isResolved"), true);
  assert.equal(
    (await ask("POST", `${REPO}/statuses/${sha}`, { state: "success", context: "chargehand" })).status,
    201,
  );
  await ci.run({ repo: ACME, at: "fix/one", jobs: [{ name: "test", conclusion: "success", log: "fine\n" }] });
  for (const path of [
    ...[
      `${REPO}/commits/${sha}/status`,
      `${REPO}/commits/fix/one/check-runs`,
      `${REPO}/commits/${sha}/pulls`,
    ],
    ...[`${REPO}/pulls/2/reviews`, `${REPO}/issues?state=all&sort=updated&direction=asc`, `${REPO}/hooks`],
    ...[
      `${REPO}/issues/1/comments`,
      `${REPO}/pulls?head=acme:fix/one&state=all`,
      `${REPO}/rules/branches/main`,
    ],
    ...[`${REPO}/collaborators/bob/permission`, "/user", "/rate_limit", REPO, `${REPO}/branches/main`],
  ])
    assert.equal((await ask("GET", path)).status, 200, path);
  const merged = await ask("PUT", `${REPO}/pulls/2/merge`, { sha, merge_method: "squash" });
  assert.equal(merged.status, 200);
  assert.equal(at((await ask("GET", `${REPO}/pulls/2`)).body, "merged"), true);
  assert.equal(
    github.world.repo(ACME).refs.get("main"),
    at(merged.body, "sha"),
    "the branch has really moved",
  );
  assert.equal((await ask("DELETE", `${REPO}/git/refs/heads/fix/one`)).status, 204);
  assert.equal((await ask("DELETE", `${REPO}/git/refs/heads/fix/one`)).status, 422);
  assert.deepEqual(github.violations, []);
});

test("what is not careful is refused in the documented way", async (t) => {
  const { github, ask } = await asking(t);
  const { people } = github;
  people.open({ repo: ACME, by: "ada", title: "One" });
  people.open({ repo: ACME, by: "ada", title: "Two" });
  people.delete({ repo: ACME, by: "ada", number: 2 });
  await people.push({ repo: ACME, by: "bob", branch: "fix", files: { a: "1" } });
  const main = github.world.repo(ACME).refs.get("main");
  const wish = { title: "Fix", head: "fix", base: "main" };
  const refusals: readonly (readonly [number, string, string, unknown?])[] = [
    [422, "POST", `${REPO}/issues/1/comments`, { body: "x".repeat(65_537) }],
    [422, "POST", `${REPO}/issues/1/comments`, { body: "" }],
    [422, "POST", `${REPO}/issues/1/comments`, {}],
    [410, "POST", `${REPO}/issues/2/comments`, { body: "x" }],
    [404, "POST", `${REPO}/issues/99/comments`, { body: "x" }],
    [404, "PATCH", `${REPO}/issues/comments/1`, { body: "x" }],
    [404, "DELETE", `${REPO}/issues/1/labels/none`],
    [422, "POST", `${REPO}/statuses/${main}`, { state: "success", description: "x".repeat(141) }],
    [422, "POST", `${REPO}/statuses/${main}`, { state: "passed" }],
    [422, "POST", `${REPO}/statuses/${"0".repeat(40)}`, { state: "success" }],
    [422, "POST", `${REPO}/pulls`, { ...wish, head: "nowhere" }],
    [422, "POST", `${REPO}/pulls`, { ...wish, head: "main" }],
    [404, "GET", `${REPO}/branches/main/protection`],
    [422, "GET", `${REPO}/hooks/1/deliveries?status=x`],
    [404, "GET", "/repos/acme/none"],
  ];
  github.addHook(ACME, { url: "http://127.0.0.1:9/" });
  const [hook] = github.world.repo(ACME).hooks.keys();
  for (const [status, method, path, body] of refusals)
    assert.equal(
      (await ask(method, path.replace("/hooks/1/", `/hooks/${hook}/`), body)).status,
      status,
      `${method} ${path} ${JSON.stringify(body)?.slice(0, 60)}`,
    );
  assert.equal((await ask("POST", `${REPO}/pulls`, wish)).status, 201);
  const again = await ask("POST", `${REPO}/pulls`, wish);
  assert.match(JSON.stringify(again.body), /A pull request already exists for acme:fix\./);
  const approved = await ask("POST", `${REPO}/pulls/3/reviews`, { event: "APPROVE" });
  assert.deepEqual(
    [approved.status, at(approved.body, "errors.0")],
    [422, "Can not approve your own pull request"],
  );
  const moved = await ask("PUT", `${REPO}/pulls/3/merge`, { sha: main });
  assert.equal(moved.status, 409);
  assert.equal((await ask("GET", "/user", undefined, { authorization: "Bearer wrong" })).status, 401);
  const old = await ask("GET", "/user", undefined, { "x-github-api-version": "1999-01-01" });
  assert.equal(old.status, 400);
  assert.equal((await ask("GET", "/user", undefined, { "user-agent": "" })).status, 403);
});

test("a merge is refused with the words that tell why", async (t) => {
  const { github, ask } = await asking(t);
  const { people, ci } = github;
  await people.push({ repo: ACME, by: "bob", branch: "fix", files: { "README.md": "mine\n" } });
  await people.openPull({ repo: ACME, by: "bob", title: "Fix", head: "fix" });
  const merge = async (body: object = {}): Promise<string> =>
    String(at((await ask("PUT", `${REPO}/pulls/1/merge`, body)).body, "message"));
  github.world.repo(ACME).allows.squash = false;
  assert.equal(await merge({ merge_method: "squash" }), "Squash merges are not allowed on this repository.");
  people.protect({ repo: ACME, branch: "main", checks: ["ci"], approvals: 1, resolvedThreads: true });
  assert.equal(await merge(), 'Required status check "ci" is expected.');
  await ci.status({ repo: ACME, at: "fix", state: "success" });
  assert.match(await merge(), /^At least 1 approving review is required/);
  people.approve({ repo: ACME, by: "ada", number: 1 });
  const made = await people.reviewComment({
    repo: ACME,
    by: "ada",
    number: 1,
    body: "",
    remarks: [{ path: "README.md", line: 1, body: "?" }],
  });
  assert.equal(made.state, "COMMENTED");
  assert.equal(await merge(), "All comments must be resolved.");
  const remark = people.pull({ repo: ACME, number: 1 }).pull.threads[0]?.remarks[0]?.id ?? 0;
  people.resolve({ repo: ACME, by: "ada", comment: remark });
  await people.push({ repo: ACME, by: "ada", branch: "main", files: { "README.md": "yours\n" } });
  assert.equal(await merge(), "Pull Request is not mergeable");
  await ask("GET", `${REPO}/pulls/1`);
  const seen = (await ask("GET", `${REPO}/pulls/1`)).body;
  assert.deepEqual([at(seen, "mergeable"), at(seen, "mergeable_state")], [false, "dirty"]);
});

test("webhooks are signed, sent once, listed, and sent again by the API alone", async (t) => {
  const { github, ask } = await asking(t);
  const ear = await receiver(t);
  const config = { url: ear.url, content_type: "json", secret: "quiet please" };
  const made = await ask("POST", `${REPO}/hooks`, { name: "web", config, events: ["issues", "push"] });
  assert.equal(made.status, 201);
  assert.equal((await ask("POST", `${REPO}/hooks`, { name: "web", config })).status, 422);
  await github.settled();
  assert.equal(ear.heard[0]?.headers["x-github-event"], "ping");
  ear.answers = 500;
  await ask("POST", `${REPO}/issues`, { title: "One" });
  await github.settled();
  assert.equal(ear.heard.length, 2, "nothing is tried again by itself");
  const told = ear.heard[1];
  assert.equal(at(told?.body, "sender.login"), FAKE_BOT);
  const expected = createHmac("sha256", "quiet please")
    .update(told?.text ?? "")
    .digest("hex");
  assert.equal(told?.headers["x-hub-signature-256"], `sha256=${expected}`);
  const hook = `${REPO}/hooks/${at(made.body, "id")}`;
  const failed = await ask("GET", `${hook}/deliveries?status=failure&per_page=100`);
  assert.deepEqual([at(failed.body, "length"), at(failed.body, "0.status_code")], [1, 500]);
  ear.answers = 202;
  assert.equal((await ask("POST", `${hook}/deliveries/${at(failed.body, "0.id")}/attempts`)).status, 202);
  await github.settled();
  assert.equal(ear.heard[2]?.headers["x-github-delivery"], told?.headers["x-github-delivery"]);
  assert.equal(ear.heard[2]?.text, told?.text);
  const first = await ask("GET", `${hook}/deliveries?per_page=2`);
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1];
  assert.equal(at((await ask("GET", next ?? "")).body, "length"), 1);
  assert.deepEqual(github.violations, []);
});

test("each bad day of webhooks can be played", async (t) => {
  const { github } = await asking(t);
  const ear = await receiver(t);
  const hook = github.addHook(ACME, { url: ear.url });
  const open = (title: string) => github.people.open({ repo: ACME, by: "ada", title });
  github.courier.play({ lost: 1 });
  open("lost");
  await github.settled();
  assert.deepEqual([ear.heard.length, hook.deliveries.at(-1)?.answer?.status], [0, 0]);
  github.courier.play({ twice: 1 });
  open("twice");
  await github.settled();
  assert.equal(ear.heard.length, 2);
  github.courier.play({ shuffled: true, delayMs: 60, seed: 3 });
  for (let i = 0; i < 6; i++) open(`shuffled ${i}`);
  await github.settled();
  const titles = ear.heard.slice(2).map(({ body }) => String(at(body, "issue.title")));
  assert.deepEqual(
    titles.toSorted(),
    [0, 1, 2, 3, 4, 5].map((i) => `shuffled ${i}`),
  );
  assert.notDeepEqual(titles, titles.toSorted());
});

test("an answer that is lost was carried out, and one that fails was not", async (t) => {
  const { github, ask } = await asking(t);
  github.people.open({ repo: ACME, by: "ada", title: "One" });
  const say = () => ask("POST", `${REPO}/issues/1/comments`, { body: "x" });
  const count = () => github.people.comments({ repo: ACME, number: 1 }).length;
  github.faults.play([{ kind: "reset_after", call: "^POST .*/comments$" }]);
  await assert.rejects(say());
  assert.equal(count(), 1);
  github.faults.play([{ kind: "reset" }, { kind: "502", skip: 0, times: 1 }]);
  await assert.rejects(say());
  assert.equal((await say()).status, 502);
  github.faults.play([{ kind: "secondary" }]);
  const limited = await say();
  assert.deepEqual([limited.status, limited.headers.get("retry-after")], [403, "1"]);
  assert.equal(count(), 1);
});

test("a push over a path is told without anybody asking", async (t) => {
  const { github } = await asking(t);
  const ear = await receiver(t);
  github.addHook(ACME, { url: ear.url, events: ["push"] });
  const { world } = github;
  const git = world.git(world.repo(ACME));
  const sha = await git.commit(
    world.repo(ACME).refs.get("main") ?? null,
    { a: "1" },
    { message: "m", author: { name: "a", email: "a@b" } },
  );
  await git.point("pushed", sha);
  const deadline = performance.now() + 5_000;
  while (ear.heard.length === 0 && performance.now() < deadline)
    await world.wait(100, new AbortController().signal);
  assert.equal(at(ear.heard[0]?.body, "after"), sha);
});
