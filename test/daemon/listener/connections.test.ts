/** Real connections to a listener with room for few: who gets in, who has to go, and who stays. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { listen } from "../../../daemon/listener/listen.ts";
import { systemClock } from "../../../system/clock.ts";
import { heardLog } from "../../handlers/hand-moved.ts";

const ROOM = 4;
const HEAD = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n";

interface Caller {
  readonly socket: Socket;
  readonly gone: Promise<unknown>;
  isGone: boolean;
  heard: string;
}

async function stage(t: TestContext, fetch: (request: Request) => Response | Promise<Response>) {
  const log = heardLog();
  const address = { host: "127.0.0.1", port: 0 };
  const result = await listen({
    ...{ name: "webhooks", fetch, address, connectionsMax: ROOM, clock: systemClock(), log },
    patience: { headMs: 60_000, requestMs: 60_000, lookMs: 60_000 },
  });
  assert.ok(result.kind === "listening");
  const port = Number(new URL(result.listener.url).port);
  const callers: Caller[] = [];
  t.after(async () => {
    for (const { socket } of callers) socket.destroy();
    await result.listener.close(0);
  });
  const call = async (says = ""): Promise<Caller> => {
    const socket = connect(port, "127.0.0.1");
    const caller = { socket, gone: once(socket, "close"), isGone: false, heard: "" };
    socket.on("error", () => undefined).on("close", () => (caller.isGone = true));
    socket.setEncoding("utf8").on("data", (text) => (caller.heard += text));
    callers.push(caller);
    await once(socket, "connect");
    if (says !== "") await say(caller, says);
    return caller;
  };
  return { call, log };
}

/** Resolves when the other side has had a chance to read it. */
async function say({ socket }: Caller, text: string): Promise<void> {
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  await new Promise((resolve) => setImmediate(resolve));
}

async function answerTo(caller: Caller): Promise<string> {
  while (!caller.heard.includes("\r\n\r\n")) await once(caller.socket, "data");
  return caller.heard.split("\r\n")[0] ?? "";
}

const WHOLE = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

test("N1: however many say nothing or half a request, whoever comes with a whole one is answered", async (t) => {
  const { call, log } = await stage(t, () => new Response("done"));
  const stalled: Caller[] = [];
  for (let round = 0; round < 10; round++) {
    stalled.push(await call(), await call("POST / HTTP/1.1\r\nHo"), await call(`${HEAD}\r\n{"half":`));
    assert.equal(await answerTo(await call(WHOLE)), "HTTP/1.1 200 OK");
  }
  await Promise.all(stalled.slice(0, -ROOM).map(({ gone }) => gone));
  const told = log.lines.filter(({ event }) => event === "listener.crowded");
  assert.deepEqual(
    told.map(({ listener, connections_max }) => [listener, connections_max]),
    [["webhooks", ROOM]],
    "and the log says so once, not once for each",
  );
});

test("N2: the one that goes has been silent for longest; who still sends stays", async (t) => {
  const { call } = await stage(t, async (request) => new Response(await request.text()));
  const sending = await call(`${HEAD}\r\n`);
  const silent = await call();
  const others = [await call(), await call()];
  // One after the other comes: whoever has sent something meanwhile gets another chance each time.
  for (let sends = 0; sends < 10; sends++) {
    await say(sending, "0123456789");
    others.push(await call());
    await (sends === 0 ? silent : others[sends - 1])?.gone;
    assert.equal(sending.isGone, false);
  }
  assert.equal(await answerTo(sending), "HTTP/1.1 200 OK");
});

test("N3: who waits for the answer to a whole request is not the one that goes; where all do, the newcomer does", async (t) => {
  const answers: ((response: Response) => void)[] = [];
  const { call } = await stage(t, () => new Promise<Response>((resolve) => answers.push(resolve)));
  const waiting = [await call(WHOLE), await call(WHOLE), await call(WHOLE), await call(WHOLE)];
  while (answers.length < ROOM) await new Promise((resolve) => setImmediate(resolve));
  const newcomer = await call();
  await newcomer.gone;
  for (const answer of answers) answer(new Response("done"));
  for (const caller of waiting) assert.equal(await answerTo(caller), "HTTP/1.1 200 OK");
});

test("who was answered and keeps the connection makes room for who comes", async (t) => {
  const { call } = await stage(t, () => new Response("done"));
  const kept = [await call(WHOLE), await call(WHOLE), await call(WHOLE), await call(WHOLE)];
  for (const caller of kept) assert.equal(await answerTo(caller), "HTTP/1.1 200 OK");
  assert.equal(await answerTo(await call(WHOLE)), "HTTP/1.1 200 OK");
  await kept[0]?.gone;
  assert.deepEqual(
    kept.slice(1).map(({ isGone }) => isGone),
    [false, false, false],
  );
});
