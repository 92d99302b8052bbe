/** Requests are proven by their secret, presses are acknowledged, and a bot is heard in one way. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { press } from "../../../cli/stage/fake-telegram/people.ts";
import { FAKE_GROUP, FAKE_PERSON } from "../../../cli/stage/fake-telegram/start.ts";
import type { Http } from "../../../system/http.ts";
import { lightHttp } from "../../../system/light-http.ts";
import { OPTIONS, startStage, TOKEN, words } from "./stage.ts";

const SECRET = "Secret_of-the-webhook";

test("a request counts with the secret alone, and is taken apart only then", async (t) => {
  const { ear } = await startStage(t, { fields: { webhook_secret: SECRET } });
  assert.equal(ear.listen, null);
  const body = '{"update_id":9,"message":{"text":"x"}}';
  const open = (raw: string, secret?: string) =>
    ear.open?.(
      Buffer.from(raw),
      (name) => (name === "x-telegram-bot-api-secret-token" ? secret : undefined),
      0,
    );
  assert.deepEqual(open(body, SECRET), {
    ...{ kind: "update", update: { id: "9", event: "message", body } },
    answer: { status: 200, body: "" },
  });
  for (const secret of [undefined, "", `${SECRET}x`, SECRET.toLowerCase()]) {
    const opened = open(body, secret);
    assert.ok(opened?.kind === "refused" && opened.status === 401);
  }
  for (const raw of ["", "[]", '{"update_id":"9"}', "\u0000"]) {
    const opened = open(raw, SECRET);
    assert.ok(opened?.kind === "refused" && opened.status === 400);
  }
});

test("without a secret the bot is asked, and its account is its id", async (t) => {
  const { ear } = await startStage(t);
  assert.equal(ear.open, null);
  assert.equal(ear.account, "telegram:123456");
});

test("whose a command is that names a bot is asked of Telegram once, and again while it does not answer", async (t) => {
  const heard = lightHttp();
  const asked: string[] = [];
  let isDown = true;
  const http: Http = {
    request: async (what, request) => {
      if (what !== "telegram.getMe") return heard.request(what, request);
      asked.push(what);
      return isDown
        ? { kind: "unreachable", reason: "no route", isNeverSent: true }
        : heard.request(what, request);
    },
  };
  const { ear } = await startStage(t, { fields: { webhook_secret: SECRET }, http });
  const message = { message_id: 1, chat: { id: 1 }, from: { id: 2 } };
  const meant = async (text: string) => {
    const body = JSON.stringify({ update_id: 1, message: { ...message, text } });
    const update = { id: "1", event: "message", body };
    await ear.prepare?.(update);
    return ear.decode(update).kind;
  };
  assert.equal(await meant("/pause"), "text");
  assert.equal(asked.length, 0, "nothing is to be asked for that");
  assert.equal(await meant("/pause@musicbot"), "nothing");
  assert.equal(await meant("/pause@chargehand_bot"), "nothing");
  isDown = false;
  assert.equal(await meant("/pause@chargehand_bot"), "text");
  assert.equal(await meant("/pause@musicbot"), "nothing");
  assert.equal(asked.length, 3);
});

test("a press is acknowledged with words for whoever pressed, and one that is too old without any harm", async (t) => {
  const { server, chat, ear } = await startStage(t);
  const card = chat.render({ ...words("x"), buttons: [[{ label: "Go", action: "go" }]] }, TOKEN, false);
  const sent = await chat.send(card, OPTIONS);
  assert.ok(sent.kind === "sent");
  const place = { chat: FAKE_GROUP, message: Number(sent.id), data: `${TOKEN}.go`, person: FAKE_PERSON };
  const query = press(server.world, place);
  const [bot] = server.world.bots.values();
  const update = bot?.updates.at(-1)?.update;
  const stored = { id: "1", event: "callback_query", body: JSON.stringify(update) };
  assert.equal(ear.decode(stored).kind, "press");
  await ear.acknowledge(stored, "😀".repeat(300));
  assert.equal(server.world.presses.get(query)?.answer?.text, "😀".repeat(100));
  server.world.pass(600_000);
  await ear.acknowledge(stored, "too late");
  assert.equal(server.world.presses.get(query)?.answer?.text, "😀".repeat(100));
  await ear.acknowledge({ id: "2", event: "message", body: "{}" }, "nobody");
});
