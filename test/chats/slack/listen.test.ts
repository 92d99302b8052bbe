/** Socket Mode, over real connections. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Ear, Update } from "../../../chats/chat.ts";
import { slackEar } from "../../../chats/slack/ear.ts";
import { byNumber } from "../../proof/slack/faults.ts";
import { CHANNEL, posted, type Scene, scene, TOKEN } from "./stage.ts";

type Told = { readonly reason: string; readonly remedy: string | null } | null;

interface Listening {
  readonly ear: Ear;
  readonly updates: Update[];
  readonly told: Told[];
  /** Pauses that were asked for (ms); each is cut short. */
  readonly pauses: number[];
  /** What happens to an update before it is taken. */
  before: (update: Update) => Promise<boolean>;
  stop(): Promise<void>;
}

/** Resolves when it is so; the test's own time is the limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

function listening(t: TestContext, { slack, own, net }: Scene): Listening {
  const pauses: number[] = [];
  const clock = {
    ...net.clock,
    sleep: (ms: number, signal?: AbortSignal) => {
      // The wait for a hello is not one that is paused for.
      if (ms < 10_000 || ms > 10_000) pauses.push(ms);
      return net.clock.sleep(ms === 10_000 ? 300 : Math.min(ms, 5), signal);
    },
  };
  const ear = slackEar([{ ...own, signingSecret: null }], { ...net, clock });
  assert.ok(ear?.listen);
  const stopping = new AbortController();
  const [updates, told]: [Update[], Told[]] = [[], []];
  const take = async (update: Update): Promise<boolean> => {
    const isTaken = await listener.before(update);
    if (isTaken) updates.push(update);
    return isTaken;
  };
  const ended = ear.listen(take, (why) => void told.push(why), stopping.signal);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  t.after(async () => {
    await slack.close();
    await stop();
  });
  const listener: Listening = { ear, updates, told, pauses, before: async () => true, stop };
  return listener;
}

test("presses, words and commands come over a connection of ours, each acknowledged once it is stored", async (t) => {
  const stage = await scene(t);
  const { slack, chat } = stage;
  const listener = listening(t, stage);
  await until(() => slack.links.count === 1);
  const id = await posted(chat, "card");
  let isStored = false;
  listener.before = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    isStored = true;
    return true;
  };
  const pressed = await slack.people.press({ message: id, button: "Approve", user: "U0ALICE" });
  assert.deepEqual([pressed.status, isStored], [200, true]);
  await slack.people.say({ channel: CHANNEL, thread: id }, "more", "U0ALICE");
  await slack.people.command(CHANNEL, "/chargehand status", "U0ALICE");
  const said = listener.updates.map((update) => listener.ear.decode(update));
  assert.deepEqual(
    said.map((some) =>
      some.kind === "press" ? [some.token, some.action] : some.kind === "text" ? some.text : some.kind,
    ),
    [[TOKEN, "approve"], "more", "/status"],
  );
  const [update] = listener.updates;
  assert.ok(update !== undefined);
  await listener.ear.acknowledge(update, "Done.");
  assert.deepEqual(slack.state().whispers, [{ user: "U0ALICE", text: "Done." }]);
  assert.deepEqual([listener.told, slack.links.strange, slack.state().violations], [[null], [], []]);
});

test("what could not be stored is not acknowledged, and comes again as the same update", {
  timeout: 30_000,
}, async (t) => {
  const stage = await scene(t);
  const listener = listening(t, stage);
  await until(() => stage.slack.links.count === 1);
  const ids: string[] = [];
  listener.before = async ({ id }) => {
    ids.push(id);
    if (ids.length === 1) throw new Error("the disk is full");
    return ids.length > 1;
  };
  const heard = await stage.slack.people.event({ type: "channel_archive", channel: CHANNEL });
  assert.deepEqual([heard.status, heard.tries], [200, 2]);
  assert.equal(new Set(ids).size, 1);
  assert.equal(listener.updates.length, 1);
});

test("a connection that will be closed is left only when the next one is there", async (t) => {
  const stage = await scene(t);
  const { slack } = stage;
  const listener = listening(t, stage);
  await until(() => slack.links.count === 1);
  slack.links.greets = false;
  slack.links.turn("warning");
  await until(() => slack.links.opened === 2);
  // The next one has not said hello, and what comes over the old one is still heard.
  assert.equal(slack.links.count, 2);
  slack.links.greets = true;
  await until(() => slack.links.opened === 3 && slack.links.count === 1);
  const heard = await slack.people.command(CHANNEL, "/chargehand status", "U0ALICE");
  assert.deepEqual([heard.status, listener.updates.length], [200, 1]);
});

test("what comes over the old connection while the next is made is heard and acknowledged", async (t) => {
  const stage = await scene(t);
  const { slack } = stage;
  const listener = listening(t, stage);
  await until(() => slack.links.count === 1);
  const heard = slack.people.command(CHANNEL, "/chargehand status", "U0ALICE");
  slack.links.turn("refresh_requested");
  assert.equal((await heard).status, 200);
  await until(() => slack.links.opened === 2 && slack.links.count === 1);
  assert.equal(listener.updates.length, 1);
});

test("a connection that breaks is made again, with pauses that grow while none lasts", async (t) => {
  const stage = await scene(t);
  const { slack } = stage;
  const listener = listening(t, stage);
  for (let times = 1; times <= 4; times++) {
    await until(() => slack.links.opened === times && slack.links.count === 1);
    slack.links.cut();
  }
  await until(() => slack.links.opened === 5);
  assert.deepEqual(listener.pauses.slice(0, 4), [1_000, 2_000, 4_000, 8_000]);
});

test("trouble is told with what to do, the time that Slack asks for is kept, and its end is told", async (t) => {
  const stage = await scene(t, {
    faultOf: byNumber({
      1: { kind: "error", error: "invalid_auth" },
      2: { kind: "limited", seconds: 77 },
      3: { kind: "status", status: 500, isStored: false },
    }),
  });
  const listener = listening(t, stage);
  await until(() => stage.slack.links.count === 1 && listener.told.length === 4);
  const [first, second, third, last] = listener.told;
  assert.ok(first?.reason === "Slack answered invalid_auth" && first.remedy?.includes("connections:write"));
  assert.ok(second?.remedy === null && third?.reason.includes("500") && last === null);
  assert.equal(listener.pauses[1], 77_000);
  assert.ok(!JSON.stringify(listener.told).includes("xapp-"));
});

test("that Socket Mode is turned off is told with where to turn it on", async (t) => {
  const stage = await scene(t);
  const listener = listening(t, stage);
  await until(() => stage.slack.links.count === 1);
  stage.slack.links.turn("link_disabled");
  await until(() => listener.told.some((why) => why?.remedy?.includes("Socket Mode") === true));
});

test("frames that make no sense are passed over, and an envelope of an unknown kind is not sent for ever", async (t) => {
  const stage = await scene(t);
  const { slack } = stage;
  const listener = listening(t, stage);
  await until(() => slack.links.count === 1);
  for (const text of ["", "{", "[]", "null", '{"type":"x"}', '{"envelope_id":7,"type":"events_api"}'])
    slack.links.say(text);
  assert.equal(await slack.links.send("something_new", {}, 0), true);
  assert.equal((await slack.people.command(CHANNEL, "/x", "U0ALICE")).status, 200);
  assert.equal(listener.updates.length, 1);
});

test("it ends when it is told to, also in the middle of a pause", async (t) => {
  const stage = await scene(t, { faultOf: () => ({ kind: "error", error: "invalid_auth" }) });
  const listener = listening(t, stage);
  await until(() => listener.told.length > 0);
  await listener.stop();
});
