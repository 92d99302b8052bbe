/** `chat link`: the code for the bot, and the ids ready for the configuration. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../scripted-daemon.ts";

const UNTIL = "2026-12-01T07:10:00.000Z";
const LINES = '- channel: paper\n  name: team\n  chat: "-5"';
const shown = { chat: "-5", topic: null, person: "4711", name: "Ada\u001b[31m" };

let daemon: ScriptedDaemon;
before(async () => {
  const link = { chat: "paper:team", until: UNTIL };
  daemon = await scriptedDaemon({
    "POST /chats/paper%3Ateam/link": json({ ...link, code: "abcd1234" }),
    "GET /chats/paper%3Ateam/link": json({ ...link, status: "linked", shown, config: LINES }),
    "POST /chats/paper%3Alate/link": json({ ...link, code: "abcd1234" }),
    "GET /chats/paper%3Alate/link": json({ ...link, status: "over", shown: null, config: "" }),
    "POST /chats/paper%3Ateem/link": problem(404, "there is no chat paper:teem"),
  });
});
after(() => daemon.close());

test("the lines for the configuration are printed, and all else beside them", async () => {
  const { out, err, code } = await chargehand(["chat", "link", "paper:team"], knowing(daemon));
  assert.equal(code, 0);
  assert.equal(out, `${LINES}\n`);
  assert.match(err, / {2}\/link abcd1234\n/);
  assert.match(err, /chat -5, person 4711 \(Ada \[31m\)/);
  const { out: whole } = await chargehand(["chat", "link", "paper:team", "--json"], knowing(daemon));
  assert.equal(JSON.parse(whole).shown.person, "4711");
});

test("a code that nobody sends, and a chat that is not there, are said", async () => {
  const late = await chargehand(["chat", "link", "paper:late"], knowing(daemon));
  assert.deepEqual([late.code, late.out], [1, ""]);
  assert.match(late.err, /nobody has sent the code in time/);
  const unknown = await chargehand(["chat", "link", "paper:teem"], knowing(daemon));
  assert.equal(unknown.code, 4);
});
