/** The whole way in: a person presses, says, commands; a server of requests opens, stores, decodes and acknowledges. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type TestContext, test } from "node:test";
import type { Ear, Update } from "../../../chats/chat.ts";
import { SLACK } from "../../../chats/slack/slack.ts";
import { CHANNEL, message, posted, type Scene, scene, TOKEN } from "./stage.ts";

interface Heard {
  readonly updates: Update[];
  readonly retries: (string | undefined)[];
  /** With what the next requests are answered, before all is well. */
  readonly busy: number[];
}

/** A daemon, as far as it hears. */
async function listening(t: TestContext, { slack }: Scene, ear: Ear): Promise<Heard> {
  const heard: Heard = { updates: [], retries: [], busy: [] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const header = (name: string): string | undefined => {
      const value = request.headers[name];
      return typeof value === "string" ? value : undefined;
    };
    heard.retries.push(header("x-slack-retry-num"));
    const opened = ear.open?.(Buffer.concat(chunks), header, Date.now());
    const busy = heard.busy.shift();
    if (opened?.kind === "update") heard.updates.push(opened.update);
    if (busy !== undefined) response.writeHead(busy).end();
    else if (opened === undefined || opened.kind === "refused")
      response.writeHead(opened?.status ?? 500).end();
    else response.writeHead(opened.answer.status).end(opened.answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  slack.world.options.requestUrl = `http://127.0.0.1:${port}/chat/slack/team`;
  return heard;
}

test("a press comes signed, is answered with nothing at once, and only who pressed sees the words", async (t) => {
  const stage = await scene(t);
  const ear = stage.ear("requests");
  const heard = await listening(t, stage, ear);
  const id = await posted(stage.chat, "card");
  const result = await stage.slack.people.press({ message: id, button: "Approve", user: "U0ALICE" });
  assert.deepEqual([result.status, result.body], [200, ""]);
  const [update] = heard.updates;
  assert.ok(update !== undefined);
  const press = ear.decode(update);
  assert.ok(press.kind === "press");
  assert.deepEqual(
    [press.message, press.token, press.action, press.person.id],
    [id, TOKEN, "approve", "U0ALICE"],
  );
  await ear.acknowledge(update, null);
  assert.deepEqual(stage.slack.state().whispers, []);
  await ear.acknowledge(update, "Done, <!channel> *you*");
  const { whispers, pings, violations } = stage.slack.state();
  assert.deepEqual(whispers, [{ user: "U0ALICE", text: "Done, &lt;!channel&gt; *you*" }]);
  assert.deepEqual([pings, violations], [[], []]);
});

test("an event that was not taken comes again, and is the same update", async (t) => {
  const stage = await scene(t);
  const ear = stage.ear("requests");
  const heard = await listening(t, stage, ear);
  heard.busy.push(503, 500);
  const id = await posted(stage.chat, "card");
  const result = await stage.slack.people.say({ channel: CHANNEL, thread: id }, "please & thanks", "U0ALICE");
  assert.deepEqual([result.status, result.tries], [200, 3]);
  assert.deepEqual(heard.retries, [undefined, "1", "2"]);
  assert.equal(new Set(heard.updates.map((update) => update.id)).size, 1);
  const [said] = heard.updates.map((update) => ear.decode(update));
  assert.ok(said?.kind === "text" && said.replyTo === id && said.text === "please & thanks");
});

test("a request that is signed wrong, or is played again later, reaches nobody", async (t) => {
  const stage = await scene(t);
  const heard = await listening(t, stage, stage.ear("requests"));
  const body = JSON.stringify({ type: "event_callback", event_id: "Ev9", event: { type: "message" } });
  const { people } = stage.slack;
  for (const how of [{ secret: "wrong-secret-0123456789" }, { ageS: 400 }, { ageS: -400 }])
    assert.equal((await people.post(body, "application/json", how)).status, 401);
  assert.equal((await people.post(body, "application/json")).status, 200);
  assert.equal(heard.updates.length, 1);
});

test("a command is heard with who gave it, and a mention is one, too", async (t) => {
  const stage = await scene(t);
  const ear = stage.ear("requests");
  const heard = await listening(t, stage, ear);
  await stage.slack.people.command(CHANNEL, "/chargehand new shop Fix the till", "U0ALICE");
  await stage.slack.people.say({ channel: CHANNEL }, "@chargehand status", "U0BOB");
  const said = heard.updates.map((update) => ear.decode(update));
  assert.deepEqual(
    said.map((some) => (some.kind === "text" ? [some.person.id, some.text] : some.kind)),
    [["U0ALICE", "/new shop Fix the till"], ["U0BOB", "/status"], "nothing"],
  );
});

test("a press and a command are answered for one person's eyes, and what is said in a thread too", async (t) => {
  const stage = await scene(t, { strangers: ["U0GUEST"] });
  const ear = stage.ear("requests");
  const heard = await listening(t, stage, ear);
  const id = await posted(stage.chat, "card");
  await stage.slack.people.press({ message: id, button: "Approve", user: "U0ALICE" });
  await stage.slack.people.command(CHANNEL, "/chargehand pause SHOP-7", "U0BOB");
  await stage.slack.people.say({ channel: CHANNEL, thread: id }, "please", "U0CAROL");
  for (const update of heard.updates) {
    assert.equal(await ear.answer?.(update, null), "given");
    assert.equal(await ear.answer?.(update, message("no, <!channel>")), "given");
  }
  const { whispers, messages, pings, violations } = stage.slack.state();
  const text = "no, &lt;!channel&gt;";
  assert.deepEqual(
    whispers,
    ["U0ALICE", "U0BOB", "U0CAROL"].map((user) => ({ user, text })),
  );
  assert.deepEqual([messages.filter(({ isOurs }) => isOurs).length, pings, violations], [1, [], []]);
});

test("what Slack takes no more is never answered, and what it cannot take now is later", async (t) => {
  const stage = await scene(t, { strangers: ["U0GUEST"] }, 500);
  const ear = stage.ear("requests");
  const heard = await listening(t, stage, ear);
  await stage.slack.people.command(CHANNEL, "/chargehand status", "U0BOB");
  await stage.slack.people.say({ channel: CHANNEL }, "@chargehand status", "U0GUEST");
  const [command, guest] = heard.updates;
  assert.ok(command && guest);
  for (const busy of [429, 503] as const) {
    stage.slack.world.options.busyAnswers = busy;
    assert.equal(await ear.answer?.(command, message("x")), "later");
  }
  stage.slack.world.options.busyAnswers = null;
  for (let times = 0; times < 5; times++) assert.equal(await ear.answer?.(command, message("x")), "given");
  assert.equal(await ear.answer?.(command, message("x")), "never");
  assert.equal(await ear.answer?.(guest, message("x")), "never");
  const event = { type: "message", channel: "D0ALONE", user: "U0BOB" };
  const alone = JSON.stringify({ way: "events_api", payload: { event } });
  assert.equal(await ear.answer?.({ id: "1", event: "message", body: alone }, message("x")), "never");
  assert.equal(await ear.answer?.({ id: "1", event: "message", body: "{" }, message("x")), "never");
  stage.slack.world.options.faultOf = () => ({ kind: "status", status: 503, isStored: false });
  assert.equal(await ear.answer?.(guest, message("x")), "later");
  await stage.slack.close();
  assert.equal(await ear.answer?.(command, message("x")), "later");
});

test("words are sent to Slack's own addresses only", async (t) => {
  const stage = await scene(t);
  const asked: string[] = [];
  const http = {
    request: async (_operation: string, { url }: { readonly url: string }) => {
      asked.push(url);
      return { kind: "unreachable", reason: "nobody is there" } as const;
    },
  };
  const entry = { key: "slack:team", pace: 1, own: stage.own };
  const ear = SLACK.ear([entry], { ...stage.net, http });
  const told = async (url: unknown): Promise<void> => {
    const body = JSON.stringify({ way: "interactive", payload: { response_url: url } });
    await ear?.acknowledge({ id: "1", event: "block_actions", body }, "x");
    await ear?.answer?.({ id: "1", event: "block_actions", body }, message("x"));
  };
  for (const url of [
    "http://hooks.slack.com/a",
    "https://evilslack.com/a",
    "https://slack.com.evil.example/",
    "file:///etc",
    7,
    "x",
  ])
    await told(url);
  assert.deepEqual(asked, []);
  await told("https://hooks.slack.com/actions/1/2/3");
  const own = "https://hooks.slack.com/actions/1/2/3";
  assert.deepEqual(asked, [own, own]);
});

test("without a secret and without an app token nothing is heard, and nothing can be pressed", async (t) => {
  const stage = await scene(t);
  const own = { ...stage.own, signingSecret: null, appToken: null };
  const entry = { key: "slack:team", pace: 1 };
  assert.equal(SLACK.ear([{ ...entry, own }], stage.net), null);
  const chat = SLACK.chat(entry, own, stage.net);
  assert.equal(chat.hasButtons, false);
  assert.ok(
    !chat
      .render({ lines: [], buttons: [[{ label: "x", action: "x" }]] }, TOKEN, false)
      .body.includes("button"),
  );
});
