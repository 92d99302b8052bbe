/** A chat of some projects: nothing of the others is done there, and nothing of them is shown. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { COMMANDS } from "../../../../handlers/chat/words.ts";
import type { Schedule } from "../../../../workflow/windows/schedule.ts";
import { plainClaimConfig } from "../../../claim-config.ts";
import { project } from "../../project.ts";
import { type Room, room, TEAM } from "../room.ts";

const WINDOW: Schedule = {
  ...{ name: "nights", projects: ["shop"], start: "22:00", durationMs: 28_800_000, timezone: "UTC" },
  ...{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], enabled: true, concurrency: null },
  ...{ agent: null, model: null, effort: null, permissions: null, onClose: "drain", crashLimit: 0 },
  ...{ budget: [], budgetSpread: false },
};
const SCHEDULES = [
  WINDOW,
  { ...WINDOW, name: "vaults", projects: ["bank"] },
  { ...WINDOW, name: "both", projects: ["bank", "shop"] },
  { ...WINDOW, name: "all", projects: null },
];
const BUDGET = [{ scope: "day", unit: "runs", amount: 100 }] as const;

/** SHOP-1 is the chat's, BANK-1 is not; the messages `m7` and `tok` are about BANK-1. */
async function narrow(t: TestContext): Promise<Room> {
  const config = plainClaimConfig(["shop", "bank"].map((name) => ({ name, concurrency: 10 })));
  const it = await room(t, {
    chats: [{ ...TEAM, projects: ["shop"] }],
    others: [project({ name: "bank", prefix: "BANK" })],
    schedules: SCHEDULES,
    claimConfig: { ...config, projects: config.projects.map((one) => ({ ...one, budget: BUDGET })) },
  });
  await it.newTask();
  await it.newTask({ project: "bank", title: "Count the gold" });
  it.know("tok", "m7", { task: "BANK-1", purpose: "card" });
  return it;
}

/** All that anybody could see of a change. */
async function world(it: Room): Promise<string> {
  const paths = ["/tasks", "/tasks/BANK-1", "/tasks/BANK-1/events", "/budgets", "/schedules", "/jobs"];
  const answers = await Promise.all(paths.map((path) => it.get(path)));
  return JSON.stringify([answers.map(({ body }) => body), await it.store.holds.wide()]);
}

const OF_TASKS: Readonly<Record<string, string>> = {
  ...{ approve: "", reject: "no", abort: "", answer: "two", say: "hurry", retry: "", cancel: "" },
  ...{ pause: "", resume: "", raise: "3 runs", publish: "", unfreeze: "", log: "", explain: "", task: "" },
  budget: "",
};

test("a task of another project is none, by whichever command or button, and nothing becomes of it", async (t) => {
  const it = await narrow(t);
  const before = await world(it);
  for (const [name, rest] of Object.entries(OF_TASKS)) {
    const { text, delivery } = await it.say(`/${name} BANK-1 ${rest}`);
    assert.equal(text, "there is no task BANK-1 here", name);
    assert.equal(delivery.status, "ignored");
    assert.equal((await it.say(`/${name} BANK-9 ${rest}`)).text, "there is no task BANK-9 here", name);
  }
  for (const action of ["approve.1", "reject.1", "answer.1", "raise", "retry", "cancel", "pause", "tail"])
    assert.equal((await it.press("tok", action)).text, "there is no task BANK-1 here", action);
  assert.equal((await it.say("hurry", { replyTo: "m7" })).text, "there is no task BANK-1 here");
  assert.equal(await world(it), before);
});

test("another project is none, and what concerns all of them is refused", async (t) => {
  const it = await narrow(t);
  const before = await world(it);
  const named = ["new bank Steal", "pause bank", "resume bank", "raise bank 3 runs today", "unfreeze bank"];
  for (const text of [...named, "open bank", "close bank", "tasks bank", "budget bank"])
    assert.equal((await it.say(`/${text}`)).text, "there is no project bank here", text);
  for (const text of ["open vaults", "close vaults", "close other"])
    assert.match((await it.say(`/${text}`)).text, /^there is no schedule (vaults|other) here$/, text);
  for (const text of ["close both", "open all"])
    assert.match((await it.say(`/${text}`)).text, /opens other projects too/, text);
  for (const text of ["pause", "pause for 2h", "resume", "stopall", "clear developer"])
    assert.match((await it.say(`/${text}`)).text, /more than this chat may ask for.* shop$/, text);
  it.know("sure", "m9", { task: null, purpose: "stopall" });
  for (const action of ["stopall", "stopall.yes"])
    assert.match((await it.press("sure", action)).text, /more than this chat may ask for/);
  assert.equal(await world(it), before);
});

test("lists have what is of its projects, and of no others", async (t) => {
  const it = await narrow(t);
  await it.post("/schedules/all/override", { verdict: "open" });
  await it.start();
  await it.start();
  await it.post("/projects/bank/pause", { because: "of the heist" });
  const shown = new Map<string, string>();
  for (const list of ["tasks", "status", "budget", "schedule"])
    shown.set(list, (await it.say(`/${list}`)).text);
  assert.doesNotMatch([...shown.values()].join("\n"), /bank|gold|vaults|heist/i);
  assert.equal(shown.get("tasks"), "SHOP-1 active Sort the shelves");
  assert.match(shown.get("status") ?? "", /^1 at work\nSHOP-1 work by developer/);
  assert.equal(shown.get("budget"), "shop day: 1 runs of 100 runs");
  assert.match(shown.get("schedule") ?? "", /^all .*\nboth .*\nnights .*$/);
  assert.match((await it.say("/schedule vaults")).text, /there is no schedule vaults/);
});

test("of its own projects everything is done as anywhere, and the newest task of several comes first", async (t) => {
  const it = await narrow(t);
  for (const text of [
    "new shop Dust",
    "say SHOP-1 hurry",
    "pause shop",
    "resume shop",
    "close nights",
    "task shop-1",
  ])
    assert.equal((await it.say(`/${text}`)).delivery.status, "processed", text);
  assert.equal((await it.say("/cancel SHOP-1")).delivery.task, "SHOP-1");
  assert.match((await it.say("/help")).text, new RegExp(Object.keys(COMMANDS).join("[^]*")));
  const wide = await room(t, {
    chats: [{ ...TEAM, projects: ["shop", "bank"] }],
    others: [project({ name: "bank", prefix: "BANK" })],
  });
  for (const [title, of] of [
    ["one", "shop"],
    ["two", "bank"],
    ["three", "shop"],
  ]) {
    await wide.newTask({ project: of, title });
    wide.clock.move(1_000);
  }
  assert.match((await wide.say("/tasks")).text, /^SHOP-2 .*\nBANK-1 .*\nSHOP-1 .*$/);
});
