/** The proof server as whoever tests with it meets it: over HTTP, with its page, its control and its webhooks. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { FAKE_GROUP, FAKE_PERSON, startFakeTelegram } from "../../../../cli/stage/fake-telegram/start.ts";
import { lightHttp } from "../../../../system/light-http.ts";
import { serve } from "../../../system/served.ts";

async function stage(t: TestContext) {
  const server = await startFakeTelegram({ speed: 1_000_000 });
  t.after(() => server.close());
  const post = async (path: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    const url = `${server.url}${path}`;
    const result = await lightHttp().request("test", {
      method: "POST",
      url,
      headers,
      body: JSON.stringify(body),
    });
    assert.ok(result.kind === "response");
    return { status: result.response.status, json: JSON.parse(result.response.body) };
  };
  const call = (method: string, args: unknown = {}) => post(`/bot${server.token}/${method}`, args);
  return { server, post, call };
}

test("the page and all that it loads are there", async (t) => {
  const { server } = await stage(t);
  for (const [path, what] of [
    ["/", /<main>/],
    ["/page.css", /\.bubble/],
    ["/page.js", /formatted/],
  ] as const) {
    const result = await lightHttp().request("test", { method: "GET", url: `${server.url}${path}` });
    assert.ok(result.kind === "response" && result.response.status === 200);
    assert.match(result.response.body, what);
  }
});

test("a person speaks and presses by the control, and the bot hears it as updates that are confirmed by number", async (t) => {
  const { post, call } = await stage(t);
  const reply_markup = { inline_keyboard: [[{ text: "Go", callback_data: "go" }]] };
  const { json: sent } = await call("sendMessage", { chat_id: FAKE_GROUP, text: "hi", reply_markup });
  const message = sent.result.message_id;
  assert.equal((await post("/_/press", { chat: FAKE_GROUP, message, data: "no" })).status, 400);
  const { json: pressed } = await post("/_/press", { chat: FAKE_GROUP, message, data: "go" });
  await post("/_/say", { chat: FAKE_GROUP, text: "not for bots", person: 222 });
  await post("/_/say", { chat: FAKE_GROUP, text: "an answer", person: 222, reply_to: message });
  const { json: heard } = await call("getUpdates");
  const [press, answer] = heard.result;
  assert.equal(heard.result.length, 2);
  assert.equal(press.callback_query.id, pressed.query);
  assert.equal(answer.message.reply_to_message.message_id, message);
  const rest = await call("getUpdates", { offset: answer.update_id });
  assert.deepEqual(
    rest.json.result.map(({ update_id }: { update_id: number }) => update_id),
    [answer.update_id],
  );
  assert.deepEqual((await call("getUpdates", { offset: answer.update_id + 1 })).json.result, []);
});

test("a question waits for what comes, and is ended by another one", async (t) => {
  const { server, post, call } = await stage(t);
  const first = call("getUpdates", { timeout: 50 });
  const [bot] = server.world.bots.values();
  while (bot?.interrupt === null) await new Promise((resolve) => setTimeout(resolve, 2));
  const second = call("getUpdates", { timeout: 50 });
  assert.match((await first).json.description, /^Conflict: terminated by other getUpdates request/);
  await post("/_/say", { chat: FAKE_PERSON, text: "hello" });
  assert.equal((await second).json.result[0].message.text, "hello");
});

test("a webhook is brought each update with its secret, in order, until it is taken", async (t) => {
  const { post, call, server } = await stage(t);
  const seen: string[] = [];
  const host = await serve(t, (request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const { message } = JSON.parse(body);
      seen.push(`${message.text} ${request.headers["x-telegram-bot-api-secret-token"]}`);
      response.writeHead(seen.length < 3 ? 503 : 200).end();
    });
  });
  await call("setWebhook", { url: `http://${host}/hook`, secret_token: "s3cret" });
  assert.equal((await call("getUpdates")).status, 409);
  for (const text of ["one", "two"]) await post("/_/say", { chat: FAKE_PERSON, text });
  const [bot] = server.world.bots.values();
  while (bot?.updates.length !== 0) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.deepEqual(seen, ["one s3cret", "one s3cret", "one s3cret", "two s3cret"]);
  assert.equal((await call("setWebhook", { url: "http://elsewhere.example/" })).status, 400);
});

test("it is strict about what no careful client sends", async (t) => {
  const { call, post, server } = await stage(t);
  const chat_id = FAKE_GROUP;
  const button = (data: string) => ({ inline_keyboard: [[{ text: "x", callback_data: data }]] });
  const rows: readonly (readonly [string, object, RegExp])[] = [
    ["sendMessage", { chat_id, text: "x", colour: "red" }, /colour|Unrecognized/],
    ["sendMessage", { chat_id, text: "x", reply_markup: button("x".repeat(65)) }, /BUTTON_DATA_INVALID/],
    ["sendMessage", { chat_id, text: "x", message_thread_id: 1 }, /message thread not found/],
    ["sendMessage", { chat_id: 5, text: "x" }, /chat not found/],
    ["editMessageText", { chat_id, message_id: 9_999, text: "x" }, /message to edit not found/],
    ["answerCallbackQuery", { callback_query_id: "1" }, /query is too old/],
    ["fly", {}, /method not found/],
  ];
  for (const [method, args, why] of rows) {
    const { json } = await call(method, args);
    assert.equal(json.ok, false);
    assert.match(json.description, why);
  }
  assert.equal((await call("GETME")).json.result.id, 123_456);
  assert.equal((await call("getChat", { chat_id: "@workshop" })).json.result.is_forum, true);
  assert.equal((await post("/bot1:abc/getMe", {})).status, 401);
  assert.equal((await post("/botx/getMe", {})).status, 404);
  const { json: sent } = await call("sendMessage", { chat_id, text: "x" });
  const emoji = [{ type: "emoji", emoji: "👀" }];
  await call("setMessageReaction", { chat_id, message_id: sent.result.message_id, reaction: emoji });
  const again = await call("editMessageText", { chat_id, message_id: sent.result.message_id, text: " x " });
  assert.match(again.json.description, /message is not modified/);
  assert.deepEqual(
    (await call("deleteMessages", { chat_id, message_ids: [sent.result.message_id] })).json.result,
    true,
  );
  assert.equal(server.world.chats.get(chat_id)?.messages.size, 0);
});
