/** Channels on trial over the API: who is asked for, and what is said of those that are not there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelTried } from "../../../../handlers/api/base.ts";
import { problemOf, scene } from "../served.ts";

const NOTHING = { id: null, until: null, reason: null, remedy: null };

test("one channel, or all of them; every answer is a time and words", async (t) => {
  const asked: string[] = [];
  const run = async (name: string): Promise<ChannelTried> => {
    asked.push(name);
    return { ...NOTHING, outcome: "limited", until: 1_800_000_000_000, reason: "slow" };
  };
  const it = await scene(t, { trials: { names: () => ["log", "telegram:team"], run } });
  const { status, body } = await it.post("/notify/test", { channel: "telegram:team" });
  assert.equal(status, 200);
  const told = { ...NOTHING, outcome: "limited", until: "2027-01-15T08:00:00.000Z", reason: "slow" };
  assert.deepEqual(body, { trials: [{ channel: "telegram:team", ...told }] });
  await it.post("/notify/test", {});
  assert.deepEqual(asked, ["telegram:team", "log", "telegram:team"]);
});

test("an unknown one is a 404 with who is meant, and nothing is sent", async (t) => {
  const run = async (): Promise<ChannelTried> => assert.fail("something was sent");
  const it = await scene(t, { trials: { names: () => ["log", "telegram:team"], run } });
  const detail = (channel: string) =>
    it.post("/notify/test", { channel }).then((answer) => String(problemOf(answer, 404)["detail"]));
  assert.match(await detail("telegram:taem"), /did you mean "?telegram:team/);
  assert.match(await detail("zzz"), /known are log, telegram:team/);
  problemOf(await it.post("/notify/test", { channel: "x".repeat(300) }), 400);
  problemOf(await (await scene(t)).post("/notify/test", { channel: "log" }), 404);
});
