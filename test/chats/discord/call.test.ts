/** A call as Discord wants it: a client that names itself, and the bot's token only where it belongs. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { callDiscord } from "../../../chats/discord/call.ts";
import type { Http, HttpRequest } from "../../../system/http.ts";

async function requestOf(isOwn: boolean): Promise<HttpRequest> {
  const asked: HttpRequest[] = [];
  const http: Http = {
    request: async (_operation, request) => {
      asked.push(request);
      return { kind: "unreachable", reason: "nobody" };
    },
  };
  await callDiscord(
    http,
    { token: "t0ken", api: "https://discord.example/api/v10" },
    "POST",
    "/x",
    "{}",
    isOwn,
  );
  const [request] = asked;
  assert.ok(request);
  return request;
}

test("the bot's token goes with the bot's own calls, and with no answer to an interaction", async () => {
  const own = await requestOf(true);
  assert.equal(own.url, "https://discord.example/api/v10/x");
  assert.equal(own.headers?.["authorization"], "Bot t0ken");
  assert.match(own.headers?.["user-agent"] ?? "", /^DiscordBot \(https:\/\/\S+, \S+\)$/);
  assert.ok(!JSON.stringify(await requestOf(false)).includes("t0ken"));
});
