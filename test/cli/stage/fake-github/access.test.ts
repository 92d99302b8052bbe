/** Who may do what on the strict GitHub, how often, and how lists and unchanged answers are read. */

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { asking, at, REPO } from "./asking.ts";

const REPOS = [
  { name: "acme/shop", roles: { ada: "admin", bob: "write", mallory: "read", "chargehand-bot": "write" } },
  { name: "acme/secret", private: true, roles: { ada: "admin" } },
] as const;

test("what may not be seen is not there, and the rest is forbidden", async (t) => {
  const { github, ask } = await asking(t, { repos: REPOS });
  github.people.open({ repo: "acme/shop", by: "ada", title: "One" });
  github.addToken({ token: "reads", login: "mallory" });
  github.addToken({
    token: "fine",
    login: "ada",
    kind: "fine-grained",
    grants: { issues: "read" },
    repos: ["acme/shop"],
  });
  github.addToken({ token: "over", login: "ada", expiresAt: 1 });
  const as = async (token: string, method: string, path: string, body?: unknown): Promise<number> =>
    (await ask(method, path, body, { authorization: `Bearer ${token}` })).status;
  assert.equal((await ask("GET", "/repos/acme/secret")).status, 404);
  assert.equal((await ask("GET", `${REPO}/hooks`)).status, 404, "hooks are for administrators");
  assert.equal(await as("over", "GET", "/user"), 401);
  assert.equal(await as("reads", "POST", `${REPO}/issues/1/labels`, { labels: ["x"] }), 403);
  assert.equal(await as("reads", "POST", `${REPO}/issues/1/comments`, { body: "x" }), 201);
  assert.equal(await as("reads", "PUT", `${REPO}/pulls/1/merge`, {}), 403);
  assert.equal(await as("fine", "GET", `${REPO}/issues/1`), 200);
  assert.equal(await as("fine", "POST", `${REPO}/issues/1/comments`, { body: "x" }), 403);
  assert.equal(await as("fine", "GET", "/repos/acme/secret"), 404);
  const permission = async (login: string): Promise<unknown> =>
    at((await ask("GET", `${REPO}/collaborators/${login}/permission`)).body, "permission");
  github.people.setRole({ repo: "acme/shop", login: "trish", role: "triage" });
  github.people.setRole({ repo: "acme/shop", login: "may", role: "maintain" });
  const seen = [await permission("trish"), await permission("may"), await permission("nobody")];
  assert.deepEqual(seen, ["read", "write", undefined]);
  github.world.repo("acme/shop").isArchived = true;
  assert.equal((await ask("POST", `${REPO}/issues/1/comments`, { body: "x" })).status, 403);
});

test("an App signs for itself, and its token may what the installation may, for an hour", async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const app = {
    ...{
      id: 7,
      slug: "chargehand-app",
      publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    },
    grants: { issues: "write", pull_requests: "write" },
    installations: new Map([[42, ["acme/shop"]]]),
  } as const;
  const { github, ask } = await asking(t, { app });
  const jwt = (lifeS: number): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const now = Math.floor(Date.now() / 1_000);
    const text = `${part({ alg: "RS256" })}.${part({ iat: now - 60, exp: now + lifeS, iss: 7 })}`;
    return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
  };
  const as = (token: string) => ({ authorization: `Bearer ${token}` });
  assert.equal((await ask("GET", "/app", undefined, as(jwt(3_600)))).status, 401, "it lives too long");
  assert.equal((await ask("GET", `${REPO}/issues`, undefined, as(jwt(500)))).status, 401);
  const found = await ask("GET", `${REPO}/installation`, undefined, as(jwt(500)));
  assert.equal(at(found.body, "id"), 42);
  const made = await ask("POST", "/app/installations/42/access_tokens", {}, as(jwt(500)));
  const token = String(at(made.body, "token"));
  github.people.open({ repo: "acme/shop", by: "ada", title: "One" });
  const said = await ask("POST", `${REPO}/issues/1/comments`, { body: "x" }, as(token));
  assert.equal(at(said.body, "user.login"), "chargehand-app[bot]");
  const sha = github.world.repo("acme/shop").refs.get("main");
  assert.equal((await ask("POST", `${REPO}/statuses/${sha}`, { state: "success" }, as(token))).status, 403);
  await github.people.push({ repo: "acme/shop", by: "bob", branch: "fix", files: { a: "1" } });
  await github.people.openPull({ repo: "acme/shop", by: "bob", title: "Fix", head: "fix" });
  github.people.reviewComment({
    repo: "acme/shop",
    by: "ada",
    number: 2,
    body: "",
    remarks: [{ path: "a", line: 1, body: "?" }],
  });
  const id = github.people.pull({ repo: "acme/shop", number: 2 }).pull.threads[0]?.id;
  const query = "mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { id } } }";
  const closed = await ask("POST", "/graphql", { query, variables: { id } }, as(token));
  assert.deepEqual(
    [closed.status, at(closed.body, "errors.0.type")],
    [200, "FORBIDDEN"],
    "it needs the contents, too",
  );
  github.world.pass(3_601_000);
  assert.equal((await ask("GET", `${REPO}/issues/1`, undefined, as(token))).status, 401);
});

test("an unchanged answer costs nothing, and its mark is worth nothing to another token", async (t) => {
  const { github, ask } = await asking(t);
  github.addToken({ token: "other", login: "ada" });
  github.people.open({ repo: "acme/shop", by: "ada", title: "One" });
  const first = await ask("GET", `${REPO}/issues`);
  const etag = first.headers.get("etag") ?? "";
  const used = first.headers.get("x-ratelimit-used");
  const again = await ask("GET", `${REPO}/issues`, undefined, { "if-none-match": etag });
  assert.deepEqual([again.status, again.body, again.headers.get("x-ratelimit-used")], [304, null, used]);
  const other = { "if-none-match": etag, authorization: "Bearer other" };
  assert.equal((await ask("GET", `${REPO}/issues`, undefined, other)).status, 200);
  github.people.comment({ repo: "acme/shop", by: "ada", number: 1, body: "new" });
  assert.equal((await ask("GET", `${REPO}/issues`, undefined, { "if-none-match": etag })).status, 200);
});

test("limits are told in headers, and what goes beyond them is refused", async (t) => {
  const { github, ask } = await asking(t, { limits: { core: 6, madePerMinute: 2 } });
  github.people.open({ repo: "acme/shop", by: "ada", title: "One" });
  const say = () => ask("POST", `${REPO}/issues/1/comments`, { body: "x" });
  assert.equal((await say()).headers.get("x-ratelimit-remaining"), "5");
  await say();
  const paced = await say();
  assert.equal(paced.status, 403);
  assert.match(String(at(paced.body, "message")), /secondary rate limit/);
  assert.ok(Number(paced.headers.get("retry-after")) > 0);
  github.world.pass(61_000);
  assert.equal((await say()).status, 201);
  await ask("GET", "/user");
  await ask("GET", "/user");
  const over = await ask("GET", "/user");
  assert.deepEqual([over.status, over.headers.get("x-ratelimit-remaining")], [403, "0"]);
  assert.equal((await ask("GET", "/rate_limit")).status, 200, "asking what is left is free");
  github.world.pass(3_600_000);
  assert.equal((await ask("GET", "/user")).status, 200);
});

test("lists come in pages with links to the others, and since a time", async (t) => {
  const { github, ask } = await asking(t);
  for (let i = 1; i <= 5; i++) github.people.open({ repo: "acme/shop", by: "ada", title: `Issue ${i}` });
  const titles: unknown[] = [];
  let next: string | undefined = `${REPO}/issues?state=all&sort=created&direction=asc&per_page=2`;
  while (next !== undefined) {
    const { body, headers } = await ask("GET", next);
    if (Array.isArray(body)) titles.push(...body.map((one) => at(one, "title")));
    next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
  }
  assert.deepEqual(
    titles,
    [1, 2, 3, 4, 5].map((i) => `Issue ${i}`),
  );
  github.world.pass(10_000);
  github.people.comment({ repo: "acme/shop", by: "ada", number: 3, body: "new" });
  const since = new Date(github.world.now() - 5_000).toISOString();
  const changed = await ask("GET", `${REPO}/issues?since=${since}&state=all`);
  assert.deepEqual([at(changed.body, "length"), at(changed.body, "0.number")], [1, 3]);
  assert.equal(at((await ask("GET", `${REPO}/issues/comments?since=${since}`)).body, "length"), 1);
  github.people.transfer({ repo: "acme/shop", by: "ada", number: 3, to: "acme/shop" });
  const moved = await ask("GET", `${REPO}/issues/3`);
  assert.deepEqual(
    [moved.status, moved.headers.get("location")],
    [301, `${github.url}/repos/acme/shop/issues/6`],
  );
});

test("a failed job has annotations, and a log that is fetched without the token", async (t) => {
  const { github, ask } = await asking(t);
  const note = { path: "a.ts", line: 3, level: "failure", message: "no", title: null } as const;
  const jobs = [{ name: "test", conclusion: "failure", log: "boom\n", annotations: [note] }] as const;
  const run = await github.ci.run({ repo: "acme/shop", at: "main", jobs });
  const listed = await ask("GET", `${REPO}/actions/runs/${run.id}/jobs`);
  const job = at(listed.body, "jobs.0.id");
  assert.equal(at((await ask("GET", `${REPO}/check-runs/${job}/annotations`)).body, "0.message"), "no");
  const led = await ask("GET", `${REPO}/actions/jobs/${job}/logs`);
  assert.equal(led.status, 302);
  const location = led.headers.get("location") ?? "";
  assert.equal(await (await fetch(location)).text(), "boom\n");
  assert.equal((await ask("GET", location)).status, 403);
});
