/** The outbox as the API tells it, and a person's word about it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { noticeCall } from "../../../workflow/outbox.ts";
import { items, problemOf, type Scene, scene } from "./served.ts";

const SUBJECT = { kind: "account", name: "team" } as const;

/** Owes one notice, one call of another kind, and has given one up. Answers the number of the last. */
async function owe({ store, clock }: Scene): Promise<number> {
  const notice = { kind: "account.closed", project: null, message: "account team is closed" } as const;
  const calls = [
    noticeCall({ ...notice, reason: "the key was refused", remedy: null }),
    { target: "github", kind: "comment", payload: { secret: "words for the receiver" } },
    { target: "webhook:ops", kind: "task.failed", payload: { message: "SHOP-1 has failed" } },
  ];
  await store.events.notice(SUBJECT, { kind: "account.closed", key: "k" }, calls, clock.now());
  const [call] = await store.outbox.due("webhook:ops", clock.now(), 1);
  assert.ok(call !== undefined);
  await store.outbox.begin(call, clock.now());
  await store.outbox.bury({ id: call.id, tries: 1 }, "h answered 410", clock.now());
  return call.id;
}

test("the outbox is listed newest first, by status and by target, without what is for the receiver", async (t) => {
  const world = await scene(t);
  await owe(world);
  const all = items(await world.get("/outbox"), "outbox");
  assert.deepEqual(
    all.map(({ target, kind, status, message }) => [target, kind, status, message]),
    [
      ["webhook:ops", "task.failed", "dead", "SHOP-1 has failed"],
      ["github", "comment", "pending", null],
      ["notice", "account.closed", "pending", "account team is closed"],
    ],
  );
  assert.doesNotMatch(JSON.stringify(all), /words for the receiver/);
  assert.deepEqual(
    [all[0]?.["error"], all[0]?.["tries"], all[0]?.["unsure"], all[0]?.["subject"]],
    ["h answered 410", 1, true, { kind: "account", name: "team" }],
  );
  assert.equal(items(await world.get("/outbox?status=pending"), "outbox").length, 2);
  assert.equal(items(await world.get("/outbox?target=github&limit=1"), "outbox").length, 1);
  problemOf(await world.get("/outbox?status=lost"), 400);
});

test("a call that was given up is tried again or dropped, and what is over is refused with its state", async (t) => {
  const world = await scene(t);
  const id = await owe(world);
  const again = await world.post(`/outbox/${id}/retry`, {});
  assert.deepEqual([again.status, again.body["status"], again.body["tries"]], [200, "pending", 0]);
  const dropped = await world.post(`/outbox/${id}/drop`, {});
  assert.deepEqual([dropped.status, dropped.body["status"]], [200, "dropped"]);
  for (const verb of ["retry", "drop"]) {
    assert.equal(problemOf(await world.post(`/outbox/${id}/${verb}`, {}), 409)["state"], "dropped");
    problemOf(await world.post(`/outbox/999/${verb}`, {}), 404);
    problemOf(await world.post(`/outbox/first/${verb}`, {}), 400);
    problemOf(await world.post(`/outbox/${id}/${verb}`, { force: true }), 400);
  }
});

test("the status counts what is owed and what was given up, and names the hosts that rest", async (t) => {
  const since = Date.UTC(2026, 10, 28);
  const resting = [
    { host: "hooks.example.org", failures: 3, since, until: since + 30_000, reason: "no answer" },
  ];
  const world = await scene(t, { resting });
  await owe(world);
  assert.deepEqual((await world.get("/status")).body["outbox"], {
    pending: 2,
    dead: 1,
    resting: [
      {
        host: "hooks.example.org",
        failures: 3,
        since: "2026-11-28T00:00:00.000Z",
        until: "2026-11-28T00:00:30.000Z",
        reason: "no answer",
      },
    ],
  });
});
