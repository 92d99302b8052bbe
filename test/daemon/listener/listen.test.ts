/** How a listener closes: nobody who is being served is cut off, and nobody keeps it open. */

import assert from "node:assert/strict";
import { Agent, type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { type Listener, listen } from "../../../daemon/listener/listen.ts";
import { systemClock } from "../../../system/clock.ts";

const LOCAL = { host: "127.0.0.1", port: 0 };
/** Far longer than the test takes. */
const GRACE_MS = 50_000;

test("a request in flight is answered while the listener closes, and its connection is not kept", async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const listener = await listening(() => {
    arrived.resolve();
    return answer.promise;
  });
  const agent = new Agent({ keepAlive: true });
  const told = get(listener.url, agent);
  await arrived.promise;
  const closed = listener.close(GRACE_MS);
  answer.resolve(new Response("done"));
  const { statusCode, headers } = await told;
  assert.deepEqual([statusCode, headers.connection], [200, "close"]);
  await closed;
  await assert.rejects(get(listener.url, agent), /ECONNREFUSED/);
});

test("a caller who keeps an idle connection does not keep the listener open", async () => {
  const listener = await listening(() => new Response("done"));
  const agent = new Agent({ keepAlive: true });
  const { headers } = await get(listener.url, agent);
  assert.equal(headers.connection, "keep-alive");
  await listener.close(GRACE_MS);
  agent.destroy();
});

test("a request that never ends is cut after the grace", async () => {
  const arrived = Promise.withResolvers<void>();
  const listener = await listening(() => {
    arrived.resolve();
    return new Promise<Response>(() => undefined);
  });
  const told = assert.rejects(get(listener.url, new Agent()), /socket hang up|ECONNRESET/);
  await arrived.promise;
  await listener.close(1);
  await told;
});

test("an address or a descriptor that cannot be used is a reason, not an exception", async () => {
  const first = await listening(() => new Response());
  const port = Number(new URL(first.url).port);
  const clock = systemClock();
  const taken = await listen("webhooks", () => new Response(), { ...LOCAL, port }, clock);
  assert.ok(taken.kind === "failed");
  assert.match(taken.reason, new RegExp(`the webhooks listener cannot use 127.0.0.1:${port}: .*EADDRINUSE`));
  const strange = await listen("webhooks", () => new Response(), LOCAL, clock, [9_999]);
  assert.ok(strange.kind === "failed");
  assert.match(strange.reason, /the webhooks listener cannot use the socket it was given \(fd 9999\)/);
  await first.close(0);
});

async function listening(fetch: () => Response | Promise<Response>): Promise<Listener> {
  const result = await listen("webhooks", fetch, LOCAL, systemClock());
  assert.ok(result.kind === "listening");
  return result.listener;
}

function get(url: string, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent }, (answer) => answer.resume().once("end", () => resolve(answer)));
    call.once("error", reject);
    call.end();
  });
}
