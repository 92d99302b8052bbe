/** Webhooks on trial over the API: what is asked, and how it is shown. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { WebhookTried } from "../../../../handlers/trial.ts";
import type { NewDelivery } from "../../../../workflow/delivery.ts";
import { wishOf } from "../../project.ts";
import { problemOf, scene } from "../served.ts";

const NOTHING: WebhookTried = {
  ...{ result: "ignored", reason: "nothing listens", isStored: false, heardBy: null, isBehind: false },
  wishes: [],
};
const BODY = { source: "github", event: "issues", payload: { action: "labeled" } };

test("the payload is asked as a delivery, and its wishes are shown with their effect", async (t) => {
  const asked: NewDelivery[] = [];
  const wish = wishOf({ name: "alice" });
  const tryWebhook = async (delivery: NewDelivery): Promise<WebhookTried> => {
    asked.push(delivery);
    const effect = { kind: "nothing", task: "SHOP-3", reason: "it is done" } as const;
    const wishes = [{ wish, trust: "trusted", because: "a member", effect }] as const;
    return { ...NOTHING, result: "wishes", reason: null, heardBy: 7, wishes };
  };
  const it = await scene(t, { tryWebhook });
  const { status, body } = await it.post("/webhooks/test", { ...BODY, delivery_id: "d-1" });
  assert.equal(status, 200);
  assert.deepEqual(asked, [
    { source: "github", event: "issues", deliveryId: "d-1", headerId: null, body: '{"action":"labeled"}' },
  ]);
  const [shown] = body["wishes"] as readonly Record<string, unknown>[];
  assert.deepEqual(
    [body["heard_by"], shown?.["actor"], shown?.["effect"], shown?.["task"], shown?.["why"]],
    [7, "alice", "nothing", "SHOP-3", "it is done"],
  );
});

test("an unknown source is a 404, a daemon that does not know its sources yet a 503", async (t) => {
  const it = await scene(t, { tryWebhook: async () => null });
  for (const source of ["gitlub", "chat:telegram"])
    problemOf(await it.post("/webhooks/test", { ...BODY, source }), 404);
  problemOf(await it.post("/webhooks/test", { ...BODY, payload: [] }), 400);
  problemOf(await it.post("/webhooks/test", BODY), 503);
});
