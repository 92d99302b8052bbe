/** Calls of the Web API as they go over the wire. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { asFields, fieldsOf, slackApi } from "../../../chats/slack/api.ts";
import { CHANNEL, scene } from "./stage.ts";

test("methods that write get JSON and methods that read a form, both with their charset and the token", async (t) => {
  const { slack, net } = await scene(t);
  const api = slackApi(net.http, `${slack.api}/`, slack.token);
  const said = await api.write("chat.postMessage", { channel: CHANNEL, text: "é & <b>" });
  const read = await api.read("conversations.history", { channel: CHANNEL, limit: "1" });
  assert.ok(said.kind === "ok" && read.kind === "ok");
  assert.equal((await api.write("auth.test", {})).kind, "ok");
  assert.deepEqual(slack.state().violations, []);
  assert.deepEqual(slack.world.calls[0]?.args, { channel: CHANNEL, text: "é & <b>" });
});

test("a wrong token is an error, and an unknown method, too", async (t) => {
  const { slack, net } = await scene(t);
  const wrong = await slackApi(net.http, slack.api, "xoxb-wrong").write("auth.test", {});
  const unknown = await slackApi(net.http, slack.api, slack.token).write("chat.shout", {});
  assert.deepEqual(
    [wrong, unknown].map((reply) => (reply.kind === "error" ? reply.error : reply.kind)),
    ["invalid_auth", "unknown_method"],
  );
});

test("only an object is an object", () => {
  for (const json of ["", "{", "null", "[]", "7", '"x"']) assert.equal(fieldsOf(json), null, json);
  assert.deepEqual([fieldsOf('{"a":1}'), asFields([]), asFields(null)], [{ a: 1 }, null, null]);
});
