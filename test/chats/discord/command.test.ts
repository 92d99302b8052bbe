/** The slash command is written down once, for the application of the bot. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { registerCommand } from "../../../chats/discord/command.ts";
import { systemHttp } from "../../../system/http.ts";
import { APPLICATION } from "../../proof/discord/state.ts";
import { stage } from "./stage.ts";

test("the command is known afterwards, and whose key is to be configured is told", async (t) => {
  const { discord } = await stage(t);
  assert.deepEqual(await registerCommand(systemHttp(), discord), {
    kind: "registered",
    application: APPLICATION,
    publicKey: discord.publicKey,
  });
  assert.match(JSON.stringify(discord.state.commands), /"name":"chargehand"/);
});

test("a wrong token, and nobody there, are told in words without the token", async (t) => {
  const { discord } = await stage(t);
  const wrong = await registerCommand(systemHttp(), { api: discord.api, token: "wrong-token" });
  assert.deepEqual(wrong, { kind: "failed", reason: "Discord answered 401: 401: Unauthorized" });
  await discord.close();
  const nobody = await registerCommand(systemHttp(), discord);
  assert.ok(nobody.kind === "failed" && !nobody.reason.includes(discord.token));
});
