/** What is changed from a chat, by command and by button; whatever it is, the API does it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeptWorks } from "../../../../handlers/api/base.ts";
import type { NewKept } from "../../../../workflow/kept.ts";
import { plainClaimConfig } from "../../../claim-config.ts";
import { FAILURE, SUCCESS } from "../../api/served.ts";
import { NOW } from "../../hand-moved.ts";
import { room } from "../room.ts";

test("a task is paused, resumed, cancelled and begun again, by command and by button", async (t) => {
  const it = await room(t);
  const key = await it.newTask();
  it.know("tok", "m7", { task: key, purpose: "card" });
  const status = async () => (await it.store.tasks.get(key))?.status;
  for (const [command, action, then] of [
    [`/pause ${key} for 2h`, "pause", "paused"],
    [`/resume ${key}`, "resume", "active"],
    [`/cancel ${key} no time`, "cancel", "cancelled"],
    [`/retry ${key}`, "retry", "active"],
  ] as const) {
    assert.equal((await it.say(command)).delivery.status, "processed", command);
    assert.equal(await status(), then);
    if (then === "paused") {
      const until = (await it.store.tasks.get(key))?.pausedUntil;
      assert.equal(until, NOW + 7_200_000);
    }
    const again = await it.press("tok", action);
    if (then === "cancelled" || then === "paused") assert.ok(again.delivery.reason ?? again.delivery.status);
    else assert.equal(again.delivery.status, "ignored", `${action} has nothing to do`);
    assert.equal(await status(), then);
  }
});

test("a refusal is told in the words of chats, to whoever asked alone", async (t) => {
  const it = await room(t);
  await it.newTask();
  await it.say("/pause SHOP-1");
  const { text, replies, delivery } = await it.say("/retry SHOP-1");
  assert.equal(text, "SHOP-1 is paused; it goes on with: /resume SHOP-1");
  assert.equal(replies[0]?.isPrivate, true);
  assert.equal(delivery.reason, text);
  assert.match((await it.say("/retry SHOP-99")).text, /there is no task SHOP-99/);
  assert.match((await it.say("/new shopp x")).text, /did you mean "shop"/);
  assert.match((await it.say("/aprove SHOP-1")).text, /did you mean "approve"/);
});

test("projects and everything are paused by name, with who asked, and go on", async (t) => {
  const it = await room(t);
  const holds = async () => (await it.store.holds.wide()).map(({ scope, reason }) => `${scope}: ${reason}`);
  await it.say("/pause shop because of lunch");
  await it.say("/pause");
  const found = await holds();
  assert.equal(found.length, 2);
  for (const hold of found) assert.match(hold, /ada/);
  await it.say("/resume shop");
  await it.say("/resume");
  assert.deepEqual(await holds(), []);
});

test("an answer to a message that nobody knows any more is about a task that was named, never about everything", async (t) => {
  const it = await room(t);
  const key = await it.newTask();
  for (const text of ["/pause", "/pause for 2h", "/pause because of lunch", "/resume"]) {
    const { delivery, text: told } = await it.say(text, { replyTo: "m404" });
    assert.match(told, /not known here any more: name the task or project/, text);
    assert.equal(delivery.status, "ignored");
  }
  assert.deepEqual(await it.store.holds.wide(), []);
  it.know("old", "m3", { task: key, isGone: true });
  assert.equal((await it.say("hello", { replyTo: "m3" })).delivery.status, "ignored");
  await it.say("/pause", { replyTo: "m3" });
  assert.equal((await it.store.tasks.get(key))?.status, "paused");
  await it.say(`/resume ${key}`, { replyTo: "m404" });
  assert.equal((await it.store.tasks.get(key))?.status, "active");
  assert.deepEqual(await it.store.holds.wide(), []);
});

test("what is said to us by name is a command where it begins with one, and words to the task elsewhere", async (t) => {
  const it = await room(t);
  const key = await it.newTask();
  it.know("tok", "m7", { task: key });
  const toUs = { replyTo: "m7", isToUs: true } as const;
  await it.say("pause", toUs);
  assert.equal((await it.store.tasks.get(key))?.status, "paused");
  await it.say("paused is no command", toUs);
  await it.say("resume");
  await it.say("resume", { replyTo: "m7" });
  assert.deepEqual(
    (await it.store.approvals.unheard(key)).map(({ text }) => text),
    ["paused is no command", "resume"],
  );
  assert.equal((await it.store.tasks.get(key))?.status, "paused");
});

test("stopping everything asks once more, and then stops what runs", async (t) => {
  const it = await room(t);
  await it.newTask();
  const { run } = await it.start();
  const asked = await it.say("/stopall");
  assert.deepEqual(await it.store.holds.wide(), []);
  const [reply] = asked.replies;
  assert.deepEqual(
    reply?.message.buttons[0]?.map(({ action }) => action),
    ["stopall.yes"],
  );
  it.know("sure", "m9", { task: null, purpose: reply?.purpose ?? "" });
  const done = await it.press("sure", "stopall.yes");
  assert.match(done.text, /Everything is paused, and 1 at work stopped/);
  assert.equal((await it.store.runs.get(run.id))?.stop, "paused");
});

test("a press that stops everything counts for two minutes, for however often it is pressed", async (t) => {
  const it = await room(t);
  it.know("sure", "m9", { purpose: "stopall" });
  it.clock.move(120_001);
  const late = await it.press("sure", "stopall.yes");
  assert.match(late.text, /asked too long ago; say \/stopall again/);
  assert.equal(late.delivery.status, "ignored");
  assert.deepEqual(await it.store.holds.wide(), []);
  it.know("fresh", "m10", { purpose: "stopall" });
  it.clock.move(119_000);
  assert.equal((await it.press("fresh", "stopall.yes")).delivery.status, "processed");
  await it.say("/resume");
  it.clock.move(1_001);
  await it.press("fresh", "stopall.yes");
  assert.deepEqual(await it.store.holds.wide(), []);
});

test("budgets are raised: of a task, of a project for today, by a button with words", async (t) => {
  const config = plainClaimConfig([{ name: "shop", concurrency: 10 }]);
  const budget = [
    { scope: "day", unit: "runs", amount: 5 },
    { scope: "task", unit: "nanos", amount: 1_000_000_000 },
  ] as const;
  const it = await room(t, {
    claimConfig: { ...config, projects: config.projects.map((one) => ({ ...one, budget })) },
  });
  const key = await it.newTask();
  it.know("tok", "m7", { task: key, purpose: "card" });
  it.know("ask", "m8", { task: key, purpose: "raise" });
  assert.equal((await it.say("/raise shop 3 runs today")).text, "shop has 3 runs more today.");
  await it.say(`/raise ${key} $2`);
  assert.equal((await it.press("tok", "raise")).replies[0]?.purpose, "raise");
  await it.say("1.50", { replyTo: "m8" });
  assert.match((await it.say("lots", { replyTo: "m8" })).text, /an amount is such as/);
  const standings = await it.store.budgets.standings(
    { project: "shop", task: key, phase: null },
    it.clock.now(),
  );
  assert.deepEqual(
    standings.map(({ scope, raised }) => [scope, raised]),
    [
      ["day", 3],
      ["task", 3_500_000_000],
    ],
  );
  assert.match((await it.say("/budget shop")).text, /shop day: 0 runs of 8 runs/);
});

test("an account is opened, a frozen repository too, by a command and by a button on a task", async (t) => {
  const it = await room(t);
  const key = await it.newTask();
  it.know("tok", "m7", { task: key, purpose: "card" });
  assert.match((await it.say("/clear nobody")).text, /there is no account or agent nobody/);
  const freeze = () => it.post("/projects/shop/freeze", { because: "broken" });
  await freeze();
  assert.equal((await it.say("/unfreeze shop mended")).delivery.status, "processed");
  assert.match((await it.say("/unfreeze shop")).text, /is not frozen/);
  it.clock.move(1_000);
  await freeze();
  assert.equal((await it.press("tok", "unfreeze")).delivery.status, "processed");
  assert.equal(await it.store.freezes.of("shop"), null);
});

const WORK = (name: string): NewKept => ({
  ...{
    name,
    ref: `refs/chargehand/kept/SHOP-1/${name}`,
    commit: "c0ffee",
    branch: "chargehand/SHOP-1",
    files: 2,
  },
  ...{ reason: "the remote refused it", remedy: null },
});

test("kept work is published by its name, and by a button by its number; git that takes long keeps nobody waiting", async (t) => {
  const asked: string[] = [];
  let hangs = false;
  const keptWorks: KeptWorks = {
    show: async () => ({ kind: "ok", value: { commits: [], paths: [], isCut: false } }),
    publish: (kept) => {
      asked.push(kept.name);
      return hangs ? new Promise(() => {}) : Promise.resolve({ kind: "ok", kept });
    },
    drop: async () => ({ kind: "failed", reason: "not here" }),
  };
  const it = await room(t, { keptWorks });
  const key = await it.newTask();
  it.know("tok", "m7", { task: key, purpose: "card" });
  await it.finish(await it.start(), { ...SUCCESS, commit: null, kept: [WORK("one"), WORK("two")] });
  const kept = await it.store.kept.ofTask(key);
  const two = kept.find(({ name }) => name === "two") ?? assert.fail();
  assert.match((await it.say(`/publish ${key}`)).text, /several works of SHOP-1 are kept; name one/);
  await it.say(`/publish ${key} one`);
  await it.press("tok", `publish.${two.id}`);
  assert.match((await it.press("tok", "publish.999")).text, /nothing of SHOP-1 is kept under this button/);
  assert.deepEqual(asked, ["one", "two"]);
  hangs = true;
  assert.equal((await it.press("tok", `publish.${two.id}`)).delivery.status, "processed");
});

test("what is said to a task is feedback in their name; to one that is done, it is followed", async (t) => {
  const it = await room(t);
  const key = await it.newTask();
  it.know("tok", "m7", { task: key, purpose: "card" });
  await it.say("/say SHOP-1 by height");
  await it.say("and by colour", { replyTo: "m7" });
  assert.deepEqual(
    (await it.store.approvals.unheard(key)).map(({ by, from, text }) => [by, from, text]),
    [
      ["ada", "chat", "by height"],
      ["ada", "chat", "and by colour"],
    ],
  );
  const other = await it.newTask();
  await it.finish(await it.start(), FAILURE);
  assert.ok(other);
});

test("a button that means nothing, or whose message is about no task, changes nothing", async (t) => {
  const it = await room(t);
  const key = await it.newTask();
  it.know("tok", "m7", { task: key, purpose: "card" });
  it.know("none", "m8", { task: null, purpose: "digest" });
  for (const action of ["", "drop.1", "approve.x", "approve.1.2.3", "__proto__", "publish.1e3"])
    assert.equal((await it.press("tok", action)).delivery.status, "ignored", action);
  assert.match((await it.press("none", "cancel")).text, /about no task/);
  assert.equal((await it.store.tasks.get(key))?.status, "active");
});
