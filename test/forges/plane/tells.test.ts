/** What is told at Plane has its effect once, and what is asked comes as it is needed. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createPlane, type PlaneClient } from "../../../forges/plane/plane.ts";
import { common, type Reply } from "../replies.ts";

const PROJECT = "22b6fc9c-1849-45da-b103-52a3e3a6b4c1";
const ITEM = { place: PROJECT, id: "item-1" };
const HOME = "/api/v1/workspaces/acme";
const P = `${HOME}/projects/${PROJECT}`;

interface Kept {
  item: Record<string, unknown>;
  states: { id: string; name: string; group: string }[];
  labels: { id: string; name: string }[];
  comments: { id: string; comment_html: string; external_id: string; external_source: string }[];
  links: { url: string; title: string }[];
  /** In place of work items, the older name. */
  name: "work-items" | "issues";
}

function kept(): Kept {
  return {
    item: {
      id: "item-1",
      name: "Broken",
      sequence_id: 42,
      state: "s1",
      labels: ["l1"],
      updated_at: "2026-11-20T10:00:00Z",
    },
    states: [
      { id: "s1", name: "Todo", group: "unstarted" },
      { id: "s2", name: "In Progress", group: "started" },
    ],
    labels: [{ id: "l1", name: "Bug" }],
    comments: [],
    links: [],
    name: "work-items",
  };
}

const page = (results: readonly object[]): Reply => ({
  status: 200,
  body: { results, next_page_results: false, next_cursor: "100:1:0" },
});
const NONE: Reply = { status: 404, body: { error: "The requested resource does not exist." } };

function answer(it: Kept, method: string, path: string, body: Record<string, unknown>): Reply {
  const items = `${P}/${it.name}/`;
  const comment = new RegExp(`^${items}item-1/comments/([^/]+)/$`).exec(path)?.[1];
  if (path === `${P}/`) return { status: 200, body: { identifier: "SHOP" } };
  if (path === `${P}/states/`) return page(it.states);
  if (path === `${P}/labels/` && method === "GET") return page(it.labels);
  if (path === `${P}/labels/`) {
    const same = it.labels.find(({ name }) => name === body["name"]);
    if (same !== undefined) return { status: 409, body: { error: "exists", id: same.id } };
    const made = { id: `l${it.labels.length + 1}`, name: String(body["name"]) };
    it.labels.push(made);
    return { status: 201, body: made };
  }
  if (path === items) return page([it.item]);
  if (path === `${items}item-1/` && method === "GET") return { status: 200, body: it.item };
  if (path === `${items}item-1/`) {
    if (body["state"] !== undefined && !it.states.some(({ id }) => id === body["state"]))
      return { status: 400, body: { error: "State is not valid please pass a valid state_id" } };
    it.item = { ...it.item, ...body };
    return { status: 200, body: it.item };
  }
  if (path === `${items}item-1/comments/` && method === "GET") return page(it.comments);
  if (path === `${items}item-1/comments/`) {
    const same = it.comments.find(({ external_id }) => external_id === body["external_id"]);
    if (same !== undefined) return { status: 409, body: { error: "exists", id: same.id } };
    const made = { id: `c${it.comments.length + 1}`, ...body } as Kept["comments"][number];
    it.comments.push(made);
    return { status: 201, body: made };
  }
  if (comment !== undefined) {
    const known = it.comments.find(({ id }) => id === comment);
    if (known === undefined) return NONE;
    known.comment_html = String(body["comment_html"]);
    return { status: 200, body: known };
  }
  if (path === `${items}item-1/links/` && method === "GET") return page(it.links);
  if (path === `${items}item-1/links/`) {
    it.links.push(body as unknown as Kept["links"][number]);
    return { status: 201, body };
  }
  return NONE;
}

async function staged(it: Kept, work: (plane: PlaneClient, calls: string[]) => Promise<void>): Promise<void> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const path = new URL(request.url ?? "", "http://plane").pathname;
      calls.push(`${request.method} ${path}`);
      const { status, body } =
        request.headers["x-api-key"] === "good"
          ? answer(it, request.method ?? "", path, text === "" ? {} : JSON.parse(text))
          : { status: 403, body: { detail: "Given API token is not valid" } };
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await work(createPlane({ ...common, apiUrl, token: "good", workspace: "acme" }), calls);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

for (const name of ["work-items", "issues"] as const)
  test(`a comment is told once, by its external id, and edited (${name})`, async () => {
    const it = { ...kept(), name };
    await staged(it, async (plane) => {
      const told = { mark: "task-7", text: "At **work**.", known: null };
      const first = await plane.tell.comment(ITEM, told);
      assert.deepEqual(first, { kind: "ok", value: { id: "c1", url: null } });
      assert.deepEqual(it.comments, [
        {
          id: "c1",
          comment_html: "<p>At <strong>work</strong>.</p>",
          external_source: "chargehand",
          external_id: "task-7",
        },
      ]);
      await plane.tell.comment(ITEM, { ...told, text: "Done." });
      assert.deepEqual(
        it.comments.map(({ comment_html }) => comment_html),
        ["<p>Done.</p>"],
      );
      await plane.tell.comment(ITEM, { ...told, text: "Done, really.", known: "c1" });
      await plane.tell.comment(ITEM, { ...told, mark: "other", known: "gone" });
      assert.deepEqual(
        it.comments.map(({ id }) => id),
        ["c1", "c2"],
        "one that people deleted is written anew",
      );
    });
  });

test("an item stands in a state by id, name or group, also after the states have changed", async () => {
  const it = kept();
  await staged(it, async (plane, calls) => {
    const ok = { kind: "ok", value: null };
    assert.deepEqual(await plane.tell.state(ITEM, "started"), ok);
    assert.equal(it.item["state"], "s2");
    assert.deepEqual(await plane.tell.state(ITEM, "in progress"), ok);
    assert.equal(calls.filter((call) => call.startsWith("PATCH")).length, 1);
    it.states = [{ id: "s9", name: "Todo", group: "unstarted" }];
    assert.deepEqual(await plane.tell.state(ITEM, "Todo"), ok);
    assert.equal(it.item["state"], "s9");
    const unknown = await plane.tell.state(ITEM, "Nowhere");
    assert.deepEqual(unknown.kind === "refused" && unknown.because, "invalid");
  });
});

test("labels are added and taken off by name, made where there are none, and others stay", async () => {
  const it = kept();
  await staged(it, async (plane, calls) => {
    await plane.tell.labels(ITEM, { has: ["agent"], lacks: [] });
    assert.deepEqual(
      [it.item["labels"], it.labels.map(({ name }) => name)],
      [
        ["l1", "l2"],
        ["Bug", "agent"],
      ],
    );
    await plane.tell.labels(ITEM, { has: ["AGENT"], lacks: ["bug", "unknown"] });
    assert.deepEqual(it.item["labels"], ["l2"]);
    const before = calls.filter((call) => call.startsWith("PATCH")).length;
    await plane.tell.labels(ITEM, { has: ["agent"], lacks: ["bug"] });
    assert.equal(calls.filter((call) => call.startsWith("PATCH")).length, before);
  });
});

test("a link stands there once per address", async () => {
  const it = kept();
  await staged(it, async (plane) => {
    const link = { url: "https://github.test/pull/1", title: "Pull request" };
    await plane.tell.link(ITEM, link);
    await plane.tell.link(ITEM, { ...link, title: "Another name" });
    assert.deepEqual(it.links, [link]);
  });
});

test("an item comes with its state, labels and address; one that is gone is none, a wrong key is told as such", async () => {
  const it = kept();
  await staged(it, async (plane) => {
    const found = await plane.ask.item(ITEM);
    assert.ok(found.kind === "ok" && found.value !== null);
    const { number, state, labels, url, isOpen } = found.value;
    assert.deepEqual(
      [number, state?.group, labels, isOpen],
      [42, "unstarted", [{ id: "l1", name: "Bug" }], true],
    );
    assert.match(url ?? "", /\/acme\/browse\/SHOP-42\/$/);
    assert.deepEqual(await plane.ask.item({ ...ITEM, id: "gone" }), { kind: "ok", value: null });
    const at = Date.parse("2026-11-20T10:00:00Z");
    const since = async (from: number) => {
      const listed = await plane.spare.itemsSince(PROJECT, from, null);
      return listed.kind === "ok" && listed.value.kind === "fresh" ? listed.value.value.items.length : null;
    };
    assert.deepEqual([await since(at), await since(at + 1)], [1, 0]);
  });
});
