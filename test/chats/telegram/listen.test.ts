/** Asking the proof server for updates: nothing is confirmed before it is stored, and trouble is told and ends. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Update } from "../../../chats/chat.ts";
import { say } from "../../../cli/stage/fake-telegram/people.ts";
import { FAKE_PERSON } from "../../../cli/stage/fake-telegram/start.ts";
import type { Clock } from "../../../system/clock.ts";
import { systemClock } from "../../../system/clock.ts";
import { type Stage, startStage } from "./stage.ts";

/** Waits are a thousand times shorter. */
const HASTY: Clock = { ...systemClock(), sleep: (ms, signal) => systemClock().sleep(ms / 1_000, signal) };

interface Listening {
  readonly taken: Update[];
  readonly troubles: ({ readonly reason: string; readonly remedy: string | null } | null)[];
  stop(): Promise<void>;
}

function listenTo(t: TestContext, { ear }: Stage, take: (update: Update) => boolean = () => true): Listening {
  const stopping = new AbortController();
  const [taken, troubles]: [Update[], Listening["troubles"]] = [[], []];
  const listening = ear.listen?.(
    async (update) => {
      const isTaken = take(update);
      if (isTaken) taken.push(update);
      return isTaken;
    },
    (why) => void troubles.push(why),
    stopping.signal,
  );
  const stop = async (): Promise<void> => {
    stopping.abort();
    await listening;
  };
  t.after(stop);
  return { taken, troubles, stop };
}

/** Looks again and again, for as long as a test may take. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await systemClock().sleep(5);
}

const speak = ({ server }: Stage, text: string) =>
  void say(server.world, { chat: FAKE_PERSON, text, person: FAKE_PERSON });

test("updates come in order, once each, and are forgotten there only when they are stored here", async (t) => {
  const stage = await startStage(t, { clock: HASTY });
  for (const text of ["one", "two", "three"]) speak(stage, text);
  let refusals = 2;
  const ears = listenTo(t, stage, (update) => !(update.body.includes("two") && refusals-- > 0));
  await until(() => ears.taken.length === 3);
  const heard = ears.taken
    .map((update) => stage.ear.decode(update))
    .map((one) => (one.kind === "text" ? one.text : ""));
  assert.deepEqual(heard, ["one", "two", "three"]);
  assert.match(ears.troubles[0]?.reason ?? "", /could not be stored/);
  speak(stage, "four");
  await until(() => ears.taken.length === 4 && ears.troubles.at(-1) === null);
  await ears.stop();
});

test("what was not confirmed is told again to the next who asks", async (t) => {
  const stage = await startStage(t, { clock: HASTY });
  speak(stage, "keep me");
  const deaf = listenTo(t, stage, () => false);
  await until(() => deaf.troubles.length > 1);
  await deaf.stop();
  const ears = listenTo(t, stage);
  await until(() => ears.taken.length === 1);
});

test("bad days are told once they come, and that they are over", async (t) => {
  const stage = await startStage(t, { clock: HASTY });
  const method = "getUpdates";
  const planned = (["500", "reset", "502", "cut_after", "429"] as const).map((kind, at) => ({
    kind,
    call: at + 1,
    method,
  }));
  stage.server.world.faults.play({ planned });
  speak(stage, "hello");
  const ears = listenTo(t, stage);
  await until(() => ears.taken.length === 1 && ears.troubles.at(-1) === null);
  assert.equal(ears.troubles.length, planned.length + 1);
  assert.ok(!JSON.stringify(ears.troubles).includes(stage.server.token));
});

test("a webhook, or another program with the same bot, is told with what to do", async (t) => {
  const stage = await startStage(t, { clock: HASTY });
  const [bot] = stage.server.world.bots.values();
  assert.ok(bot !== undefined);
  bot.webhook = { url: "http://127.0.0.1:9/", secret: null };
  const ears = listenTo(t, stage);
  await until(() => ears.troubles.length > 0);
  assert.match(ears.troubles[0]?.remedy ?? "", /webhook_secret/);
  bot.webhook = null;
  await until(() => ears.troubles.at(-1) === null || bot.interrupt !== null);
  const other = listenTo(t, stage);
  await until(() =>
    [...ears.troubles, ...other.troubles].some((why) => /another program/.test(why?.remedy ?? "")),
  );
});

test("who stops listening need not wait for the question's end", async (t) => {
  const stage = await startStage(t, { clock: HASTY });
  const ears = listenTo(t, stage);
  const [bot] = stage.server.world.bots.values();
  await until(() => bot?.interrupt !== null);
  const begun = performance.now();
  await ears.stop();
  assert.ok(performance.now() - begun < 10_000);
});
