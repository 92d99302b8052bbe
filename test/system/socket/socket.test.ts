/** Connections that stay, against a real server's end. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { type TestContext, test } from "node:test";
import { type SocketResult, systemSockets } from "../../../system/socket/socket.ts";
import { accept, type Peer } from "../../proof/slack/websocket.ts";

interface Scene {
  readonly url: string;
  readonly peers: Peer[];
  readonly heard: (string | null)[];
  /** The server's ends as they are. */
  readonly raw: Duplex[];
  open(more?: {
    readonly silentMs?: number;
    readonly signal?: AbortSignal;
    readonly path?: string;
  }): Promise<SocketResult>;
}

async function scene(t: TestContext): Promise<Scene> {
  const [peers, heard, raw]: [Peer[], (string | null)[], Duplex[]] = [[], [], []];
  const server = createServer((_request, response) => void response.writeHead(404).end());
  server.on("upgrade", (request, socket) => {
    raw.push(socket);
    if (request.url?.startsWith("/refused") === true)
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
    else if (request.url !== "/silent") peers.push(accept(request, socket, (text) => void heard.push(text)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of raw) socket.destroy();
    server.close();
  });
  const address = server.address();
  const url = `ws://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const sockets = systemSockets();
  const never = new AbortController().signal;
  return {
    url,
    peers,
    heard,
    raw,
    open: ({ silentMs = 60_000, signal = never, path = "/s3cr3t" } = {}) =>
      sockets.open("test", { url: url + path, timeoutMs: 300, silentMs, signal }),
  };
}

function open(result: SocketResult): Extract<SocketResult, { kind: "open" }>["socket"] {
  assert.ok(result.kind === "open", JSON.stringify(result));
  return result.socket;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

test("texts come in order and go out whole, whoever is first", async (t) => {
  const { peers, heard, open: connect } = await scene(t);
  const socket = open(await connect());
  const large = "é👍".repeat(40_000);
  for (const text of ["1", "2", large]) peers[0]?.send(text);
  assert.deepEqual([await socket.next(), await socket.next(), await socket.next()], ["1", "2", large]);
  const next = socket.next();
  peers[0]?.send("3");
  assert.equal(await next, "3");
  for (const text of ["", "a", large]) socket.send(text);
  await until(() => heard.length === 3);
  assert.deepEqual(heard, ["", "a", large]);
  socket.close();
});

test("it is over for both when one of them ends it, when the network does, and when nobody wants it", async (t) => {
  const { peers, heard, open: connect } = await scene(t);
  const stopping = new AbortController();
  const ends: readonly ((at: number) => unknown)[] = [
    (at) => peers[at]?.close(),
    (at) => peers[at]?.cut(),
    () => stopping.abort(),
  ];
  for (const [at, end] of ends.entries()) {
    const socket = open(await connect({ signal: stopping.signal }));
    const next = socket.next();
    end(at);
    assert.equal(await next, null);
    assert.equal(await socket.next(), null);
    socket.send("too late");
    await until(() => heard.length === at + 1);
  }
  assert.deepEqual(heard, [null, null, null]);
});

test("a connection on which nobody answers any more is over, and one that answers pings is not", async (t) => {
  const { raw, open: connect } = await scene(t);
  const alive = open(await connect({ silentMs: 90 }));
  const dead = open(await connect({ silentMs: 90 }));
  let isOver = false;
  void alive.next().then(() => (isOver = true));
  // Nothing is read there any more, as where a machine was unplugged.
  raw[1]?.pause();
  raw[1]?.removeAllListeners("data");
  assert.equal(await dead.next(), null);
  assert.equal(isOver, false);
  alive.close();
});

test("why it did not come to be is told without its path", async (t) => {
  const { url, open: connect } = await scene(t);
  const refused = await connect({ path: "/refused?ticket=s3cr3t" });
  const silent = await connect({ path: "/silent" });
  const stopped = await connect({ signal: AbortSignal.abort() });
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const address = closed.address();
  await new Promise<void>((resolve) => void closed.close(() => resolve()));
  const nobody = await systemSockets().open("test", {
    url: `ws://127.0.0.1:${typeof address === "object" ? address?.port : 0}/s3cr3t`,
    timeoutMs: 300,
    silentMs: 1_000,
    signal: new AbortController().signal,
  });
  for (const result of [refused, silent, stopped, nobody]) {
    assert.ok(result.kind === "unreachable");
    assert.ok(!result.reason.includes("s3cr3t") && result.reason.startsWith("127.0.0.1"), result.reason);
  }
  assert.ok(
    silent.kind === "unreachable" &&
      silent.reason === `${new URL(url).host} did not answer: it took too long`,
  );
  assert.ok(nobody.kind === "unreachable" && nobody.reason.endsWith("did not answer: it took no connection"));
});
