/** The strict Plane is strict: what a careless client does is refused there as the documents say. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { type TestContext, test } from "node:test";
import { at, receiver } from "../../cli/stage/fake-github/asking.ts";
import { type PlaneOptions, type ProofPlane, startPlane } from "./start.ts";

interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function careless(t: TestContext, options: PlaneOptions = {}) {
  const plane: ProofPlane = await startPlane(options);
  t.after(() => plane.close());
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    key: string | null = plane.token,
  ): Promise<Said> => {
    const answer = await fetch(plane.url + path, {
      ...{ method, redirect: "manual", headers: key === null ? {} : { "x-api-key": key } },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === "" ? null : JSON.parse(text) };
  };
  return { plane, ask, p: `/api/v1/workspaces/acme/projects/${plane.project("SHOP").id}` };
}

test("who has no key, a wrong one, or too small a role is refused", async (t) => {
  const { plane, ask, p } = await careless(t);
  assert.equal((await ask("GET", "/api/v1/users/me/", undefined, null)).status, 401);
  assert.equal((await ask("GET", "/api/v1/users/me/", undefined, "wrong")).status, 403);
  plane.addToken("guest", "gus");
  plane.addToken("stranger", "mallory");
  const item = plane.people.create({ project: "SHOP", by: "ada", name: "One" });
  assert.equal((await ask("PATCH", `${p}/work-items/${item.id}/`, { name: "x" }, "guest")).status, 403);
  assert.equal(
    (await ask("POST", `${p}/work-items/${item.id}/comments/`, { comment_html: "<p>x</p>" }, "guest")).status,
    201,
  );
  assert.equal((await ask("GET", `${p}/work-items/`, undefined, "stranger")).status, 403);
  assert.equal((await ask("GET", "/api/v1/users/me")).status, 301);
  assert.equal(plane.violations.length, 1);
});

test("60 calls a minute pass, and the rest is told how long to wait", async (t) => {
  const { plane, ask } = await careless(t, { perMinute: 3 });
  for (const left of [2, 1, 0])
    assert.equal((await ask("GET", "/api/v1/users/me/")).headers.get("x-ratelimit-remaining"), String(left));
  const limited = await ask("GET", "/api/v1/users/me/");
  assert.deepEqual([limited.status, at(limited.body, "error_code")], [429, 5900]);
  assert.ok(Number(limited.headers.get("retry-after")) > 0);
  assert.equal(limited.headers.get("x-ratelimit-remaining"), null);
  plane.world.pass(61_000);
  assert.equal((await ask("GET", "/api/v1/users/me/")).status, 200);
});

test("the same external id twice is a conflict that names the first", async (t) => {
  const { plane, ask, p } = await careless(t);
  const item = plane.people.create({ project: "SHOP", by: "ada", name: "One" });
  const comment = { comment_html: "<p>x</p>", external_id: "1", external_source: "chargehand" };
  const made = await ask("POST", `${p}/work-items/${item.id}/comments/`, comment);
  const again = await ask("POST", `${p}/work-items/${item.id}/comments/`, comment);
  assert.deepEqual([again.status, at(again.body, "id")], [409, at(made.body, "id")]);
  const changed = await ask("PATCH", `${p}/issues/${item.id}/comments/${at(made.body, "id")}/`, {
    comment_html: "<p>y</p>",
  });
  assert.deepEqual([changed.status, at(changed.body, "comment_html")], [200, "<p>y</p>"]);
  const link = { url: "https://example.com/", title: "x" };
  assert.equal((await ask("POST", `${p}/work-items/${item.id}/links/`, link)).status, 201);
  assert.equal((await ask("POST", `${p}/work-items/${item.id}/links/`, link)).status, 400);
  assert.equal((await ask("PATCH", `${p}/work-items/${item.id}/`, { state: plane.world.id() })).status, 400);
  assert.equal((await ask("POST", `${p}/labels/`, { name: "a" })).status, 201);
  assert.equal((await ask("POST", `${p}/labels/`, { name: "a" })).status, 409);
});

test("lists are read by cursor, until there is no next page", async (t) => {
  const { plane, ask, p } = await careless(t);
  for (let i = 1; i <= 5; i++) plane.people.create({ project: "SHOP", by: "ada", name: `Item ${i}` });
  const names: unknown[] = [];
  let cursor = "2:0:0";
  for (;;) {
    const { body } = await ask(
      "GET",
      `${p}/work-items/?per_page=2&cursor=${cursor}&fields=id,name&order_by=created_at`,
    );
    const results = at(body, "results");
    if (Array.isArray(results)) names.push(...results.map((one) => at(one, "name")));
    cursor = String(at(body, "next_cursor"));
    if (at(body, "next_page_results") === false) break;
  }
  assert.deepEqual(
    names,
    [1, 2, 3, 4, 5].map((i) => `Item ${i}`),
  );
  assert.equal((await ask("GET", `${p}/work-items/?per_page=1001`)).status, 400);
  assert.equal(at((await ask("GET", "/api/v1/workspaces/acme/work-items/SHOP-3/")).body, "name"), "Item 3");
  assert.equal((await ask("GET", "/api/v1/workspaces/acme/work-items/shop-3/")).status, 404);
});

test("each changed key is a delivery of its own, signed over the bytes that Python writes", async (t) => {
  const { plane, ask, p } = await careless(t);
  const ear = await receiver(t);
  const hook = plane.addHook(ear.url);
  const item = plane.people.create({ project: "SHOP", by: "ada", name: "Größe" });
  const state = plane.people.state("SHOP", "started");
  await ask("PATCH", `${p}/work-items/${item.id}/`, { state: state.id, priority: "high" });
  plane.people.move({ project: "SHOP", by: "ada", number: 1, state: "Done" });
  await plane.settled();
  const fields = ear.heard.map(({ body }) => at(body, "activity.field"));
  assert.deepEqual(fields.slice(1, 3).toSorted(), ["priority", "state"], "in no promised order");
  assert.deepEqual([fields[0], fields[3]], [null, "state_id"]);
  for (const { text, headers } of ear.heard) {
    const signature = createHmac("sha256", hook.secret).update(text).digest("hex");
    assert.equal(headers["x-plane-signature"], signature);
    assert.match(text, /"name": "Gr\\u00f6\\u00dfe"/);
    assert.match(text, /"sort_order": 65535\.0/);
  }
  assert.equal(at(ear.heard[1]?.body, "activity.actor.id"), plane.user("chargehand").id);
  plane.people.delete({ project: "SHOP", by: "ada", number: 1 });
  await plane.settled();
  assert.equal(ear.heard.length, 4, "nothing is told of a deletion");
});

test("an answer that fails is taken for good, and six tries without one switch the hook off", async (t) => {
  const { plane } = await careless(t, { retryMs: 1 });
  const ear = await receiver(t);
  ear.answers = 500;
  const hook = plane.addHook(ear.url);
  const create = () => plane.people.create({ project: "SHOP", by: "ada", name: "x" });
  create();
  await plane.settled();
  assert.deepEqual(hook.log, [{ event: "issue", status: 500, tries: 1 }]);
  plane.courier.play({ lost: 1 });
  create();
  const deadline = performance.now() + 5_000;
  while (hook.isActive && performance.now() < deadline)
    await plane.world.wait(20, new AbortController().signal);
  assert.deepEqual([hook.isActive, hook.log.length], [false, 7]);
});
