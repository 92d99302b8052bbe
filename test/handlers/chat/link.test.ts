/** Links: a code is good once, for a while, and is guessed by nobody. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createLinks } from "../../../handlers/chat/link.ts";
import { systemChance } from "../../../system/chance.ts";
import { LINK_MS, LINK_TRIES_MAX } from "../../../workflow/limits.ts";
import { problemOf, scene } from "../api/served.ts";
import { handClock } from "../hand-moved.ts";
import { ACCOUNT, ADA, ROOM } from "./ear.ts";
import { room } from "./room.ts";

const SHOWN = { chat: "-5", topic: "7", person: ADA };

function made() {
  const clock = handClock();
  return { clock, links: createLinks({ clock, chance: systemChance(clock.now) }) };
}

test("whoever has the code is shown, once; it is drawn anew each time", () => {
  const { links } = made();
  assert.equal(links.look("a"), null);
  const first = links.begin("a");
  const { code } = links.begin("a");
  assert.match(code, /^[0-9a-z]{8}$/);
  assert.notEqual(code, first.code);
  assert.equal(links.offer("b", code, SHOWN), "none");
  assert.equal(links.offer("a", code.toUpperCase(), SHOWN), "linked");
  assert.equal(links.offer("a", code, { ...SHOWN, person: { id: "666", name: "eve" } }), "none");
  assert.deepEqual(links.look("a")?.shown, SHOWN);
  assert.equal(links.look("a")?.status, "linked");
});

test("its time passes, and wrong codes spoil it", () => {
  const { clock, links } = made();
  const { code } = links.begin("a");
  for (let i = 1; i <= LINK_TRIES_MAX; i++)
    assert.equal(links.offer("a", i === 1 ? "" : `wrong-${"x".repeat(10_000)}`, SHOWN), "wrong");
  assert.equal(links.offer("a", code, SHOWN), "none");
  assert.equal(links.look("a")?.status, "over");
  const again = links.begin("a");
  clock.move(LINK_MS);
  assert.equal(links.offer("a", again.code, SHOWN), "none");
  assert.deepEqual([links.look("a")?.status, links.look("a")?.shown], ["over", null]);
});

test("a stranger links from a chat that nobody knows, and that alone allows nothing", async (t) => {
  const it = await room(t);
  const { code } = it.links.begin(ACCOUNT);
  const person = { id: "99", name: "new" };
  const { replies } = await it.say(`/link ${code}`, { chat: "-5", person });
  assert.equal(replies.length, 0);
  assert.deepEqual(it.links.look(ACCOUNT)?.shown, { chat: "-5", topic: null, person });
  assert.equal((await it.say("/new shop x", { chat: "-5", person })).delivery.status, "ignored");
  const next = it.links.begin(ACCOUNT);
  assert.match((await it.say(`/link ${next.code}`, { chat: ROOM })).text, /^Seen\./);
  assert.match((await it.say(`/link ${next.code}`, { chat: ROOM })).text, /good for nothing/);
});

test("over the API a code is made and looked at, and what was shown comes as lines for the configuration", async (t) => {
  const { links } = made();
  const accounts = () => new Map([["paper:team", ACCOUNT]]);
  const it = await scene(t, { chats: { links, accounts, shown: async () => [] } });
  assert.match(
    String(problemOf(await it.post("/chats/paper:teem/link", {}), 404)["detail"]),
    /did you mean "paper:team"/,
  );
  problemOf(await it.get("/chats/paper:team/link"), 404);
  const { body } = await it.post("/chats/paper:team/link", {});
  assert.equal((await it.get("/chats/paper:team/link")).body["status"], "waiting");
  const name = 'Eve"\n  admin: true\u202e';
  links.offer(ACCOUNT, String(body["code"]), { ...SHOWN, person: { id: "1\n2", name } });
  const told = await it.get("/chats/paper:team/link");
  assert.equal(told.body["status"], "linked");
  assert.deepEqual(String(told.body["config"]).split("\n"), [
    "- channel: paper",
    "  name: team",
    '  chat: "-5"',
    '  topic: "7"',
    "  people:",
    '    - id: "1\\n2"',
    '      name: "Eve\\"   admin: true"',
  ]);
  const bare = await scene(t);
  assert.match(String(problemOf(await bare.post("/chats/x/link", {}), 404)["detail"]), /no chats yet/);
});
