/** The strict Slack is strict: what a careless client does is refused there, or counted. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Json, parsed } from "./json.ts";
import { type ProofSlack, startSlack } from "./server.ts";

interface Careless {
  readonly slack: ProofSlack;
  call(method: string, args: object, more?: object): Promise<Json>;
}

async function careless(t: TestContext): Promise<Careless> {
  const slack = await startSlack({ hurry: 1_000 });
  t.after(() => slack.close());
  return {
    slack,
    call: async (method, args, more = {}) => {
      const headers = {
        authorization: `Bearer ${slack.token}`,
        "content-type": "application/json; charset=utf-8",
        ...more,
      };
      const answer = await fetch(`${slack.api}/${method}`, {
        method: "POST",
        headers,
        body: JSON.stringify(args),
      });
      return parsed(await answer.text()) ?? {};
    },
  };
}

const CHANNEL = "C0PROOF01";
const post = (blocks: unknown): object => ({ channel: CHANNEL, text: "x", blocks });
const text = (length: number): object => ({ type: "plain_text", text: "x".repeat(length) });
const button = (more: object): object => ({
  type: "actions",
  elements: [{ type: "button", text: text(5), ...more }],
});

test("blocks beyond a limit are invalid, and too much text is too long", async (t) => {
  const { call } = await careless(t);
  for (const blocks of [
    Array.from({ length: 51 }, () => ({ type: "divider" })),
    [{ type: "section", text: text(3_001) }],
    [{ type: "section", text: text(0) }],
    [{ type: "context", elements: [] }],
    [{ type: "context", elements: Array.from({ length: 11 }, () => text(1)) }],
    [button({ value: "x".repeat(2_001) })],
    [button({ text: text(76) })],
    [button({ style: "green" })],
    [
      {
        type: "rich_text",
        elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "" }] }],
      },
    ],
    [{ type: "markdown_of_my_own" }],
    "none",
  ])
    assert.equal(
      (await call("chat.postMessage", post(blocks)))["error"],
      "invalid_blocks",
      JSON.stringify(blocks).slice(0, 80),
    );
  const sections = Array.from({ length: 5 }, () => ({ type: "section", text: text(2_900) }));
  assert.equal((await call("chat.postMessage", post(sections)))["error"], "msg_blocks_too_long");
  assert.equal((await call("chat.postMessage", { channel: CHANNEL }))["error"], "no_text");
});

test("what pings, what is not escaped and what is careless is seen", async (t) => {
  const { call, slack } = await careless(t);
  const mrkdwn = { type: "mrkdwn", text: "<!channel> a & b <@U1>" };
  const { ts } = await call("chat.postMessage", post([{ type: "section", text: mrkdwn }]));
  await call("chat.update", { ts, ...post([{ type: "section", text: mrkdwn }]) });
  await call("chat.postMessage", { ...post([]), as_user: true }, { "content-type": "application/json" });
  const { pings, unescaped, violations } = slack.state();
  assert.deepEqual(pings.slice(0, 2), ["!channel", "@U1"]);
  assert.match(unescaped[0] ?? "", /^& in /);
  assert.deepEqual(violations, [
    "an edit that changes nothing",
    "chat.postMessage: a body without its charset",
    "chat.postMessage: unknown argument as_user",
  ]);
});

test("history gives metadata to who asks for them, and takes no JSON", async (t) => {
  const { call, slack } = await careless(t);
  const metadata = { event_type: "card", event_payload: { card: "1" } };
  await call("chat.postMessage", { channel: CHANNEL, text: "x", metadata });
  assert.equal((await call("conversations.history", { channel: CHANNEL }))["error"], "channel_not_found");
  const read = async (more: Readonly<Record<string, string>>): Promise<string> => {
    const body = new URLSearchParams({ channel: CHANNEL, ...more });
    const answer = await fetch(`${slack.api}/conversations.history`, {
      method: "POST",
      headers: { authorization: `Bearer ${slack.token}` },
      body,
    });
    return await answer.text();
  };
  assert.ok(!(await read({})).includes("event_payload"));
  assert.ok((await read({ include_all_metadata: "true" })).includes("event_payload"));
});

test("other processes see the same by its control", async (t) => {
  const { slack, call } = await careless(t);
  await call("chat.postMessage", post([button({ value: "token.approve" })]));
  const origin = slack.api.replace("/api", "");
  const state = JSON.parse(await (await fetch(`${origin}/control/state`)).text());
  assert.deepEqual(state, JSON.parse(JSON.stringify(slack.state())));
  const body = JSON.stringify({ message: state.messages[0].id, button: "approve", user: "U0ALICE" });
  const pressed = await fetch(`${origin}/control/press`, { method: "POST", body });
  assert.deepEqual(parsed(await pressed.text()), { status: 0, body: "", tries: 1 });
});
