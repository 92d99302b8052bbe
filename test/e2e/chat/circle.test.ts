/**
 * The circle of a task in a chat: somebody asks for it there, watches it, is asked and answers, says no and what has to
 * change, corrects, raises a budget, pauses and resumes; and a stranger who does the same changes nothing. Real daemon,
 * real agents, each kind of chat on its proof server.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DaemonProcess } from "../daemon-process.ts";
import { discordRoom } from "./discord.ts";
import { rowsOf, workOf } from "./records.ts";
import { type Room, type Seen, seenWhen } from "./room.ts";
import { slackRoom } from "./slack.ts";
import { CHOICES, SAID, setCircle } from "./story.ts";
import { telegramRoom } from "./telegram.ts";

const KEY = "SHOP-1";

test("Telegram: a task is made, answered, refused, corrected and paid for in its chat, by its people alone", () =>
  circle(telegramRoom()));

test("Slack: a task is made, answered, refused, corrected and paid for in its chat, by its people alone", () =>
  circle(slackRoom()));

test("Discord: a task is made, answered, refused, corrected and paid for in its chat, by its people alone", () =>
  circle(discordRoom()));

async function circle(opening: Promise<Room>): Promise<void> {
  const room = await opening;
  const stage = setCircle(room);
  try {
    await stage.start();
    room.hearAt(stage.urls.webhooks);
    await room.command("/new shop Mend the spelling", "mallory");
    await room.command("/new shop Mend the spelling", "ada");
    await answersAlone(stage, room);
    await answerQuestions(stage, room);
    await judge(stage, room);
    await correct(stage, room);
    await untilDone(stage, room);
    assert.deepEqual(room.violations(), []);
  } finally {
    await stage.close();
    await room.close();
  }
}

/** The card of the task, when it shows this state. */
function card(stage: DaemonProcess, room: Room, state: string, button?: string): Promise<Seen> {
  return seenWhen(stage, room, `the card says ${state}`, ({ id, text, buttons }) => {
    const isCard = idOfCard(stage) === id;
    return isCard && text.includes(state) && (button === undefined || buttons.includes(button));
  });
}

function idOfCard(stage: DaemonProcess): string {
  const [row] = rowsOf(stage, "select remote from messages where purpose = 'card' and status = 'shown'");
  return String(row?.["remote"]);
}

/** What wants a person makes a sound, in a message of its own. */
function ask(stage: DaemonProcess, room: Room, button: string): Promise<Seen> {
  return seenWhen(stage, room, `somebody is asked, by ${button}`, ({ id, buttons }) => {
    return id !== idOfCard(stage) && buttons.includes(button);
  });
}

/** What concerns one person is read by them alone, where the program can do that; what is to be pressed is for all. */
async function answersAlone(stage: DaemonProcess, room: Room): Promise<void> {
  const [stranger, wrong] = ["are not among the people", "there is no task SHOP-77"];
  await room.command("/pause SHOP-77", "ada");
  await room.command("/stopall", "ada");
  await ask(stage, room, "Stop everything");
  const told = (): string => [...room.whispers(), ...room.seen().map(({ text }) => text)].join("\n");
  await stage.until("both are answered", () => told().includes(stranger) && told().includes(wrong));
  await stage.until("nobody waits for an answer", () => room.waiting() === 0);
  const toAll = room.seen().filter(({ text }) => text.includes(stranger) || text.includes(wrong));
  assert.equal(toAll.length, room.isDiscreet ? 0 : 2);
}

async function answerQuestions(stage: DaemonProcess, room: Room): Promise<void> {
  const [, choice = ""] = CHOICES;
  const asked = await ask(stage, room, choice);
  await room.press(asked, choice, "ada");
  const second = await ask(stage, room, "Answer…");
  if (room.hearsReplies) await room.reply(second, SAID.answer, "ada");
  else await room.pressAndSay(second, "Answer…", SAID.answer, "ada");
}

async function judge(stage: DaemonProcess, room: Room): Promise<void> {
  const asked = await ask(stage, room, "Approve");
  await changesNothing(stage, room, asked);
  await room.pressAndSay(asked, "Reject…", SAID.reason, "ada");
  await stage.until("the refused one is gone", () => !room.seen().some(({ id }) => id === asked.id));
  await room.press(await ask(stage, room, "Approve"), "Approve", "ada");
}

/** While the task waits for a person nothing of it moves by itself. */
async function changesNothing(stage: DaemonProcess, room: Room, asked: Seen): Promise<void> {
  const before = workOf(stage);
  const told = visits(stage);
  const shown = await card(stage, room, "Waits for you", "Cancel");
  await room.press(asked, "Approve", "mallory");
  await room.pressAndSay(asked, "Reject…", "No.", "mallory");
  await room.press(shown, "Cancel", "mallory");
  for (const line of [`/approve ${KEY}`, `/reject ${KEY} no`, `/raise ${KEY} 9 runs`, "/pause", "/stopall"])
    await room.command(line, "mallory");
  await room.command("/new shop A task of Mallory", "mallory");
  const count = room.hearsReplies ? 10 : 9;
  if (room.hearsReplies) await room.reply(shown, "Do it my way.", "mallory");
  await stage.until("the stranger was heard", () => visits(stage) >= told + count);
  const after = workOf(stage);
  for (const [table, rows] of Object.entries(before)) assert.deepEqual(after[table], rows, table);
  const strangers = rowsOf(stage, "select data from events where kind = 'chat.stranger'");
  assert.equal(strangers.length, 1, "they are written down, and told so, once");
}

function visits(stage: DaemonProcess): number {
  return rowsOf(stage, "select 1 from deliveries where status = 'ignored' and reason like '%is not one of%'")
    .length;
}

async function correct(stage: DaemonProcess, room: Room): Promise<void> {
  const held = await card(stage, room, "Held", "Raise…");
  if (room.hearsReplies) await room.reply(held, SAID.correction, "ada");
  else await room.command(`/say ${KEY} ${SAID.correction}`, "ada");
  await stage.until(
    "it is told",
    () =>
      rowsOf(stage, "select 1 from events where kind = 'chat.answered' and data like '%next run%'").length >
      0,
  );
  await room.press(held, "Pause", "ada");
  await room.press(await card(stage, room, "Paused", "Resume"), "Resume", "ada");
  await room.pressAndSay(await card(stage, room, "Held", "Raise…"), "Raise…", "9 runs", "ada");
}

async function untilDone(stage: DaemonProcess, room: Room): Promise<void> {
  interface Told {
    readonly status: string;
    readonly ci: readonly { readonly status: string; readonly commit: string | null }[];
  }
  await stage.until("it is done", async () => {
    const { body } = await stage.api<Told>(`/api/v1/tasks/${KEY}`);
    const waits = body.ci.find(({ status }) => status === "pending");
    if (waits?.commit)
      await stage.api(`/api/v1/tasks/${KEY}/ci`, "POST", {
        ...{ by: "ci", commit: waits.commit },
        checks: [{ name: "build", status: "success" }],
      });
    assert.notEqual(body.status, "failed");
    return body.status === "done";
  });
  const shown = await card(stage, room, "Done");
  assert.ok(shown.text.includes("Mend the spelling"), shown.text);
  const by = rowsOf(stage, "select data from events where kind in ('gate.approved', 'gate.rejected')");
  assert.ok(by.length >= 2 && by.every(({ data }) => String(data).includes("ada")), JSON.stringify(by));
}
