/** The door for webhooks goes by the sources that are in force, and keeps one intake for all of them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { wireWebhooks } from "../../../daemon/wiring/webhooks.ts";
import { createIntake } from "../../../handlers/intake.ts";
import { KITS } from "../../../handlers/sources.ts";
import { systemClock } from "../../../system/clock.ts";
import { nullLog } from "../../../system/log.ts";
import { memoryStore } from "../../handlers/hand-moved.ts";
import { hmac } from "../../handlers/payloads.ts";
import { PLAIN_CONFIG } from "../config/plain-config.ts";

const BODY = JSON.stringify({ zen: "Keep it logically awesome." });

function configWith(secret: string) {
  const github = KITS.find(({ name }) => name === "github");
  return { ...PLAIN_CONFIG, sources: { github: github?.config.schema.parse({ secret }) } };
}

test("after a reload the new secret opens the door and the old one does not; deliveries go the same way", async () => {
  const store = await memoryStore();
  const config = configWith("old");
  const ground = { config, store, clock: systemClock(), log: nullLog(), adminUrl: { value: "" } };
  const intake = createIntake({ ...ground, deliveries: store.deliveries, giveUpBallast: async () => false });
  const door = wireWebhooks(ground, intake, () => async () => new Response(null, { status: 404 }));
  let sent = 0;
  const send = async (secret: string): Promise<number> => {
    const headers = {
      "content-type": "application/json",
      "x-github-event": "ping",
      "x-github-delivery": `d-${++sent}`,
      "x-hub-signature-256": `sha256=${hmac(secret, BODY)}`,
    };
    const request = new Request("http://localhost/webhooks/github", { method: "POST", headers, body: BODY });
    return (await door.fetch(request)).status;
  };
  const first = [await send("old"), await send("new")];
  door.follow(configWith("new"));
  assert.deepEqual(
    [first, [await send("old"), await send("new")]],
    [
      [200, 401],
      [401, 200],
    ],
  );
  assert.equal((await store.deliveries.list({ limit: 9, before: null })).items.length, 2);
  await store.close();
});
