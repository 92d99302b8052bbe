/** Deliveries over the API: what came in, what became of it, and doing it again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewDelivery } from "../../../workflow/delivery.ts";
import { NOW } from "../hand-moved.ts";
import { items, problemOf, scene } from "./served.ts";

const BODY = '{"action": "labeled", "text": "ümlaut"}';
const AT = new Date(NOW).toISOString();

function delivery(deliveryId: string, change: Partial<NewDelivery> = {}): NewDelivery {
  return { source: "github", deliveryId, headerId: deliveryId, event: "issues", body: BODY, ...change };
}

test("a delivery is told with what became of it, and with its body when it is asked for alone", async (t) => {
  const { store, get } = await scene(t);
  await store.deliveries.record([delivery("d-1")], NOW);
  await store.deliveries.finish(1, "ignored", "label wontfix starts nothing", null, NOW + 1_000);
  const told = {
    id: 1,
    source: "github",
    delivery_id: "d-1",
    header_id: "d-1",
    event: "issues",
    status: "ignored",
    reason: "label wontfix starts nothing",
    task: null,
    tries: 0,
    replay_of: null,
    received_at: AT,
    finished_at: new Date(NOW + 1_000).toISOString(),
  };
  assert.deepEqual(items(await get("/deliveries"), "deliveries"), [told]);
  assert.deepEqual((await get("/deliveries/1")).body, { ...told, body: BODY });
});

test("deliveries are told newest first, in pages, and found by status and source", async (t) => {
  const { store, get } = await scene(t);
  await store.deliveries.record(
    [delivery("d-1"), delivery("d-2", { source: "plane" }), delivery("d-3")],
    NOW,
  );
  await store.deliveries.finish(3, "failed", "it is about nothing", null, NOW);
  const ids = async (query: string): Promise<readonly unknown[]> =>
    items(await get(`/deliveries?${query}`), "deliveries").map(({ id }) => id);
  assert.deepEqual(await ids(""), [3, 2, 1]);
  assert.deepEqual(await ids("status=received"), [2, 1]);
  assert.deepEqual(await ids("source=github"), [3, 1]);
  assert.deepEqual(await ids("source=github&status=failed"), [3]);
  const { body } = await get("/deliveries?limit=2");
  assert.deepEqual(await ids(`limit=2&cursor=${body["next_cursor"]}`), [1]);
});

test("a replay is a new delivery with the same content that waits to be handled, and the inbox is told", async (t) => {
  const { store, clock, post, get, told } = await scene(t);
  await store.deliveries.record([delivery("d-1")], NOW);
  await store.deliveries.finish(1, "ignored", "not for us", null, NOW);
  clock.move(60_000);
  told();
  const answer = await post("/deliveries/1/replay");
  assert.equal(answer.status, 201);
  const { id, status, replay_of, source, event, received_at } = answer.body;
  assert.deepEqual(
    { status, replay_of, source, event, received_at },
    {
      status: "received",
      replay_of: 1,
      source: "github",
      event: "issues",
      received_at: new Date(NOW + 60_000).toISOString(),
    },
  );
  assert.equal((await get(`/deliveries/${id}`)).body["body"], BODY);
  assert.equal((await get("/deliveries/1")).body["status"], "ignored", "the old one stays as it was");
  assert.deepEqual(told(), ["deliveries"]);
});

test("asked for twice by one key it is replayed once, and one that waits is refused with its state", async (t) => {
  const { store, post, get, told } = await scene(t);
  await store.deliveries.record([delivery("d-1"), delivery("d-2")], NOW);
  await store.deliveries.finish(1, "failed", "the tracker was down", null, NOW);
  const [first, again] = [
    await post("/deliveries/1/replay", { key: "ticket-7" }),
    await post("/deliveries/1/replay", { key: "ticket-7" }),
  ];
  assert.deepEqual([first.status, again.status, again.body["id"]], [201, 200, first.body["id"]]);
  assert.equal(items(await get("/deliveries"), "deliveries").length, 3);
  told();
  const refused = problemOf(await post("/deliveries/2/replay"), 409);
  assert.equal(refused["state"], "received");
  assert.match(String(refused["detail"]), /delivery 2 is not handled yet, and will be/);
  for (const key of ["", "a b", "x".repeat(65), 7])
    problemOf(await post("/deliveries/1/replay", { key }), 400);
  assert.deepEqual(told(), []);
});

test("a delivery that is not there is 404, a number that is none is 400, and neither makes work", async (t) => {
  const { get, post, told } = await scene(t);
  problemOf(await get("/deliveries/1"), 404);
  problemOf(await post("/deliveries/1/replay"), 404);
  for (const id of ["x", "0", "-1", "1.5", "99999999999999999999"])
    problemOf(await get(`/deliveries/${id}`), 400);
  problemOf(await post("/deliveries/1/replay", { again: true }), 400);
  assert.deepEqual(told(), []);
});

test("a delivery that is pruned is 404 with the key that says how long they are kept", async (t) => {
  const { get, post, store } = await scene(t);
  const fields = { source: "github", headerId: null, event: "issues", body: BODY } as const;
  for (const deliveryId of ["a", "b"]) await store.deliveries.record([{ ...fields, deliveryId }], NOW);
  await store.deliveries.finish(1, "ignored", "not for us", null, NOW);
  assert.equal((await store.retention.deliveries(0, NOW + 1)).deleted, 1);
  for (const answer of [await get("/deliveries/1"), await post("/deliveries/1/replay")]) {
    problemOf(answer, 404);
    assert.match(String(answer.body["detail"]), /delivery 1 is pruned: .*retention\.deliveries/);
    assert.equal(answer.body["state"], "pruned");
  }
  assert.match(String((await get("/deliveries/3")).body["detail"]), /there is no delivery 3/);
});
