/** What is shown in a chat, in few lines. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../../../../handlers/chat/words.ts";
import type { Schedule } from "../../../../workflow/windows/schedule.ts";
import { FAILURE } from "../../api/served.ts";
import { room, textIn } from "../room.ts";

test("the end of a log is shown as it is, twenty lines of it, without secrets", async (t) => {
  const it = await room(t);
  const key = await it.newTask();
  it.know("tok", "m7", { task: key, purpose: "card" });
  assert.match((await it.say(`/log ${key}`)).text, /no agent has worked on SHOP-1/);
  const { run } = await it.start();
  it.log.redactor.learn(["hunter2-Zq9xw7"]);
  const lines = Array.from({ length: 3_000 }, (_, i) => `line ${i} <b>${"x".repeat(20)}`);
  await it.print(run.id, "stdout", `${lines.join("\n")}\nkey hunter2-Zq9xw7\n`);
  for (const heard of [await it.say(`/log ${key}`), await it.press("tok", "tail")]) {
    const [head, ...rest] = heard.replies[0]?.message.lines ?? [];
    assert.match(
      textIn({ lines: head === undefined ? [] : [head], buttons: [] }),
      /what developer has printed in phase/,
    );
    assert.equal(rest.length, 20);
    assert.ok(rest.every(({ pieces }) => pieces.every((piece) => "as" in piece && piece.as === "code")));
    assert.match(heard.text, /line 2999 <b>x+\nkey \*+$/);
    const weights = heard.replies[0]?.message.lines.map(({ weight }) => weight) ?? [];
    assert.equal(Math.max(...weights), weights[0]);
  }
});

test("a task, why it waits, all tasks and the status are told in lines", async (t) => {
  const it = await room(t);
  const key = await it.newTask({ title: "Sort <b>the</b>\u202e shelves" });
  await it.finish(await it.start(), FAILURE);
  await it.newTask({ title: "Dust" });
  assert.match((await it.say(`/explain ${key}`)).text, /^SHOP-1 is failed\n.*nailed to the wall/);
  assert.match(
    (await it.say(`/task ${key}`)).text,
    /^SHOP-1 Sort <b>the<\/b> shelves\nfailed.*\n[\s\S]*1 runs, \$/,
  );
  assert.match((await it.say("/tasks")).text, /^SHOP-2 active Dust\nSHOP-1 failed Sort/);
  assert.match((await it.say("/tasks other")).text, /no project other/);
  assert.match((await it.say("/status")).text, /^0 at work, \$0\.00 today\nTasks: /);
  assert.equal((await it.say("/status", { isCommand: true })).replies[0]?.isPrivate, true);
  assert.match((await it.say("/budget")).text, /There is no budget/);
});

const NIGHTS: Schedule = {
  ...{ name: "nights", projects: ["shop"], start: "22:00", durationMs: 28_800_000, timezone: "UTC" },
  ...{
    days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    enabled: true,
    concurrency: null,
    agent: null,
  },
  ...{ model: null, effort: null, permissions: null, onClose: "drain", crashLimit: 0 },
  ...{ budget: [], budgetSpread: false },
};

test("a schedule is shown, and opened or closed by its name or that of its project, by whom", async (t) => {
  const it = await room(t, { schedules: [NIGHTS] });
  assert.match((await it.say("/schedule")).text, /^nights (open|closed) until 20/);
  assert.match((await it.say("/schedule days")).text, /no schedule days/);
  assert.equal((await it.say("/open nights for 2h")).text, "Schedule nights is open.");
  assert.equal((await it.say("/close shop for 1h")).text, "Schedule nights is closed.");
  const { body } = await it.get("/schedules/nights");
  const { verdict, by } = body["override"] as Record<string, unknown>;
  assert.deepEqual([verdict, by], ["closed", "ada"]);
  const bare = await room(t);
  assert.match((await bare.say("/open shop")).text, /project shop has no schedule/);
});

test("help has every command, and so has a chat that only knows /start", async (t) => {
  const it = await room(t);
  const { text } = await it.say("/start");
  for (const name of Object.keys(COMMANDS)) assert.ok(text.includes(`/${name}`), name);
});
