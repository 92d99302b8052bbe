/** A topic of ntfy over the wire, against a strict server. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import type { Chat, Lost, Message } from "../../../chats/chat.ts";
import { NTFY } from "../../../chats/ntfy/ntfy.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemHttp } from "../../../system/http.ts";
import { systemSockets } from "../../../system/socket/socket.ts";
import { type NtfyOptions, type NtfyServer, startNtfy, TOPIC } from "../../proof/ntfy/server.ts";
import { anyMessage, says } from "../said.ts";

const TOKEN = "AAAAAAAAAAAAAAAAAAAAA0";
const MESSAGE = says("Title", "text");

async function stage(t: TestContext, options: NtfyOptions = {}): Promise<{ ntfy: NtfyServer; chat: Chat }> {
  const ntfy = await startNtfy(options);
  t.after(() => ntfy.close());
  const own = { url: ntfy.url, token: options.token ?? null };
  const chat = NTFY.chat({ key: "ntfy:me", pace: 1 }, own, {
    http: systemHttp(),
    clock: systemClock(),
    sockets: systemSockets(),
  });
  return { ntfy, chat };
}

function send(chat: Chat, message: Message = MESSAGE, token: string = TOKEN): ReturnType<Chat["send"]> {
  return chat.send(chat.render(message, token, false), { token, isSilent: false });
}

function lost(chat: Chat): Lost {
  const rendered = chat.render(MESSAGE, TOKEN, false);
  return { token: TOKEN, rendered, begunAt: Date.now(), after: null, known: new Set(), tries: 0 };
}

test("a notification is told, silently where that is wanted", async (t) => {
  const { ntfy, chat } = await stage(t, { token: "tk_secret" });
  assert.deepEqual(await send(chat), { kind: "sent", id: "ntfy1" });
  await chat.send(chat.render(MESSAGE, TOKEN, false), { token: "B".repeat(22), isSilent: true });
  assert.deepEqual(
    ntfy.notifications.map(({ topic, title, message, priority }) => [topic, title, message, priority]),
    [
      [TOPIC, "Title", "text", 3],
      [TOPIC, "Title", "text", 2],
    ],
  );
  assert.deepEqual([chat.hasCards, chat.hasButtons], [false, false]);
});

test("a repetition takes the place of the first one where the server knows how", async (t) => {
  const { ntfy, chat } = await stage(t);
  await send(chat);
  await send(chat);
  assert.equal(ntfy.notifications.length, 1);
});

for (const isOld of [false, true])
  test(`a lost answer of ${isOld ? "an old" : "a new"} server is found`, async (t) => {
    const { ntfy, chat } = await stage(t, { isOld });
    await send(chat, says("Other", "words"), "B".repeat(22));
    ntfy.script = () => ({ kind: "reset", isDone: false });
    assert.equal((await send(chat)).kind, "unsure");
    assert.deepEqual(await chat.find(lost(chat)), { kind: "absent" });
    ntfy.script = () => ({ kind: "status", status: 502, isDone: true });
    assert.equal((await send(chat)).kind, "unsure");
    assert.deepEqual(await chat.find(lost(chat)), { kind: "found", id: "ntfy3" });
    ntfy.isForgetful = true;
    assert.equal((await chat.find(lost(chat))).kind, "unknown");
  });

test("each refusal has its meaning", async (t) => {
  const { ntfy, chat } = await stage(t);
  for (const [status, code, kind, scope, afterMs] of [
    [401, 40_101, "closed", "account"],
    [403, 40_301, "closed", "chat"],
    [404, 40_401, "closed", "chat"],
    [413, 41_301, "refused"],
    [429, 42_901, "limited", "account", 5_000],
    [429, 42_908, "limited", "account", 3_600_000],
    [500, 50_001, "unsure"],
    [507, 50_701, "limited", "account", 3_600_000],
  ] as const) {
    ntfy.trouble = { status, code };
    const answer = await send(chat);
    assert.equal(answer.kind, kind, `${status}`);
    assert.equal("scope" in answer ? answer.scope : undefined, scope, `${status}`);
    assert.equal("afterMs" in answer ? answer.afterMs : undefined, afterMs, `${status}`);
    assert.ok(!JSON.stringify(answer).includes(TOPIC));
  }
  ntfy.trouble = { status: 403, code: 40_301 };
  assert.equal((await chat.find(lost(chat))).kind, "unknown");
});

test("more than a visitor may is limited", async (t) => {
  const { chat } = await stage(t);
  const kinds = new Set<string>();
  for (let number = 0; number < 62; number++) kinds.add((await send(chat)).kind);
  assert.deepEqual([...kinds], ["sent", "limited"]);
});

test("where nobody listens nothing can have arrived", async (t) => {
  const { ntfy, chat } = await stage(t);
  await ntfy.close();
  const answer = await send(chat);
  assert.ok(answer.kind === "unreachable" && !answer.reason.includes(TOPIC));
});

test("a strict server takes each hostile message", async (t) => {
  const { ntfy, chat } = await stage(t, { factor: 1e6 });
  for (const [index, message] of fc.sample(anyMessage(), { numRuns: 50, seed: 12 }).entries())
    assert.equal((await send(chat, message, String(index).padStart(22, "T"))).kind, "sent");
  assert.deepEqual(ntfy.violations, []);
});

test("what is told stays, and is not edited", async (t) => {
  const { chat } = await stage(t);
  assert.equal((await chat.edit("1", chat.render(MESSAGE, TOKEN, false))).kind, "refused");
  assert.equal((await chat.remove("1")).kind, "refused");
});

test("an address is one of a topic, and topics of one server and token share an account", () => {
  const { url } = NTFY.keys;
  for (const good of ["https://ntfy.sh/abc", "http://127.0.0.1:80/a_b-C"])
    assert.equal(url?.safeParse(good).success, true);
  for (const bad of ["https://ntfy.sh", "https://ntfy.sh/a/b", "ntfy.sh/a", "https://u:p@ntfy.sh/a"])
    assert.equal(url?.safeParse(bad).success, false);
  const account = (address: string): string =>
    NTFY.chat({ key: "x", pace: 1 }, NTFY.settings({ url: address }), {
      http: systemHttp(),
      clock: systemClock(),
      sockets: systemSockets(),
    }).account;
  assert.equal(account("https://ntfy.sh/a"), account("https://ntfy.sh/b"));
  assert.notEqual(account("https://ntfy.sh/a"), account("https://ntfy.example/a"));
});
