/** How a listener closes: nobody who is being served is cut off, and nobody keeps it open. */

import assert from "node:assert/strict";
import { Agent, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { type Listener, type ListenOptions, listen } from "../../../daemon/listener/listen.ts";
import { systemClock } from "../../../system/clock.ts";
import { nullLog } from "../../../system/log.ts";

const LOCAL = { host: "127.0.0.1", port: 0 };
const PLAIN = { name: "webhooks", address: LOCAL, connectionsMax: 100, clock: systemClock(), log: nullLog() };
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
  const fetch = (): Response => new Response();
  const taken = await listen({ ...PLAIN, fetch, address: { ...LOCAL, port } });
  assert.ok(taken.kind === "failed");
  assert.match(taken.reason, new RegExp(`the webhooks listener cannot use 127.0.0.1:${port}: .*EADDRINUSE`));
  const strange = await listen({ ...PLAIN, fetch, given: [9_999] });
  assert.ok(strange.kind === "failed");
  assert.match(strange.reason, /the webhooks listener cannot use the socket it was given \(fd 9999\)/);
  await first.close(0);
});

test("a head that does not come whole in time is answered 408, and so is a connection that says nothing", async () => {
  const patience = { headMs: 50, requestMs: 60_000, lookMs: 10 };
  const listener = await listening(() => new Response("done"), { patience });
  for (const says of ["", "GET / HTTP/1.1\r\nHost: local"]) {
    const socket = connect(Number(new URL(listener.url).port), "127.0.0.1");
    socket.write(says);
    assert.match(String(await socket.setEncoding("utf8").toArray()), /^HTTP\/1.1 408 /);
  }
  await listener.close(0);
});

test("a request that drips is cut when its time is over, whoever waits for it", async () => {
  const patience = { headMs: 60, requestMs: 60, lookMs: 10 };
  const broke = Promise.withResolvers<unknown>();
  const fetch = async (request: Request): Promise<Response> => {
    await request.text().catch(broke.resolve);
    return new Response("done");
  };
  const listener = await listening(fetch, { patience });
  const socket = connect(Number(new URL(listener.url).port), "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx");
  assert.match(String(await socket.setEncoding("utf8").toArray()), /^HTTP\/1.1 408 /);
  await broke.promise;
  await listener.close(0);
});

async function listening(
  fetch: (request: Request) => Response | Promise<Response>,
  more: Partial<ListenOptions> = {},
): Promise<Listener> {
  const result = await listen({ ...PLAIN, fetch, ...more });
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
