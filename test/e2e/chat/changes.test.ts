/** What befalls a chat in which a real daemon shows its tasks: it is closed and opened, moves, comes, goes, is away. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { change, migrate, say } from "../../../cli/stage/fake-telegram/people.ts";
import { FAKE_GROUP, FAKE_PERSON } from "../../../cli/stage/fake-telegram/start.ts";
import { DaemonProcess } from "../daemon-process.ts";
import { untilLogged } from "../scene.ts";
import { rowsOf } from "./records.ts";
import { telegramRoom } from "./telegram.ts";

type Telegram = Awaited<ReturnType<typeof telegramRoom>>;

const SMALL_GROUP = -5_001;
/** Of the whole way down, as systemd and people have patience. */
const END_MS = 10_000;

test("a chat that has thrown the bot out is closed, and open when it is let in again, also after a restart", () =>
  withChat({}, async (stage, room) => {
    await untilShown(stage, room, 1);
    change(room.server.world, FAKE_GROUP, "kicked", FAKE_PERSON);
    await untilStatus(stage, "closed");
    await make(stage);
    await stage.end("SIGTERM");
    await stage.start();
    assert.equal((await statusOf(stage)).status, "closed");
    change(room.server.world, FAKE_GROUP, "member", FAKE_PERSON);
    await untilShown(stage, room, 2);
    await untilStatus(stage, "well");
  }));

test("a closed chat that works when it is tried again is open, though the daemon was restarted and nobody says so", () =>
  withChat({}, async (stage, room) => {
    await untilShown(stage, room, 1);
    const chat = room.server.world.chats.get(FAKE_GROUP);
    assert.ok(chat);
    chat.standing = "restricted";
    await make(stage);
    await untilStatus(stage, "closed");
    await stage.end("SIGTERM");
    chat.standing = "member";
    const database = new Database(join(stage.dataDir, "chargehand.db"));
    database.exec("update chats set retry_at = 0");
    database.close();
    await stage.start();
    await untilShown(stage, room, 2);
    await untilStatus(stage, "well");
  }));

test("a group that becomes a supergroup has its cards there, and is heard there, also after a restart", () =>
  withChat({ chat: SMALL_GROUP }, async (stage, room) => {
    const { world } = room.server;
    const at = (id: number): number =>
      [...(world.chats.get(id)?.messages.values() ?? [])].filter(({ from }) => from.is_bot).length;
    const cardsOf = (key: string): readonly unknown[] =>
      [...(world.chats.get(to)?.messages.values() ?? [])].filter(
        ({ from, text, replyTo }) => from.is_bot && replyTo === null && text.includes(`${key} `),
      );
    let to = 0;
    await stage.until("the card is there", () => at(SMALL_GROUP) === 1);
    to = migrate(world, SMALL_GROUP).id;
    // What is finished by then stays where it was.
    await stage.label(2);
    await stage.until("a card is in the supergroup", () => at(to) >= 1);
    await stage.end("SIGKILL");
    await stage.start();
    say(world, { chat: to, text: "/new shop Said after the move", person: FAKE_PERSON });
    await stage.until("it is made, and shown there", () => tasks(stage) === 3 && at(to) >= 2);
    assert.equal(at(SMALL_GROUP), 1, "what was said before the move stays there");
    const written = readFileSync(stage.config, "utf8");
    await reload(stage, written.replace("name: ada }", "name: ada }, { id: 222, name: bob }"), 1);
    await stage.end("SIGTERM");
    await stage.start();
    say(world, { chat: to, text: "/new shop Said by another", person: 222 });
    await stage.until("it is made, and shown", () => cardsOf("SHOP-4").length === 1);
    for (const key of ["SHOP-2", "SHOP-3"]) assert.equal(cardsOf(key).length, 1, `${key} has one card`);
  }));

test("two chats of one bot show their own projects' tasks, and each hears its own people", () =>
  withChat(
    {
      more: (room) =>
        `  - ${room.entry.replace("name: team", "name: own").replace(String(FAKE_GROUP), String(FAKE_PERSON)).replace("id: 111, name: ada", "id: 222, name: bob")}\n`,
    },
    async (stage, room) => {
      const { world } = room.server;
      await untilShown(stage, room, 1);
      const own = (): readonly string[] =>
        [...(world.chats.get(FAKE_PERSON)?.messages.values() ?? [])].map(({ text }) => text);
      await stage.until("the other has the card, too", () => own().some((text) => text.includes("SHOP-1")));
      // Ada is among the people of the group, not of this chat.
      say(world, { chat: FAKE_PERSON, text: "/new shop Not here", person: FAKE_PERSON });
      await stage.until("she is told so", () => own().some((text) => text.includes("not among the people")));
      say(world, { chat: FAKE_GROUP, text: "/new shop There", person: FAKE_PERSON });
      await stage.until("it is made, and shown in both", () => own().some((text) => text.includes("SHOP-2")));
      await untilShown(stage, room, 2);
      assert.equal(tasks(stage), 2);
    },
  ));

test("a reload brings people, a chat, and takes the chat away", () =>
  withChat({}, async (stage, room) => {
    await untilShown(stage, room, 1);
    const { world } = room.server;
    const before = readFileSync(stage.config, "utf8");
    const command = (title: string): void =>
      void say(world, { chat: FAKE_GROUP, text: `/new shop ${title}`, person: 222 });
    command("Too early");
    await stage.until("bob is told that he may not", () => strangers(stage) === 1);
    await reload(stage, before.replace("name: ada }", "name: ada }, { id: 222, name: bob }"), 1);
    command("In time");
    await stage.until("bob may", () => tasks(stage) === 2);
    await untilShown(stage, room, 2);
    await reload(stage, before.slice(0, before.indexOf("notify:")), 2);
    const { getUpdates: asked = 0 } = Object.fromEntries(world.calls);
    await make(stage);
    await stage.until("the task without a chat is done", () => finished(stage) === 3);
    const { getUpdates: then = 0 } = Object.fromEntries(world.calls);
    assert.equal(then, asked, "nobody listens any more");
    assert.ok(!room.seen().some(({ text }) => text.includes("SHOP-3")));
    await reload(stage, before, 3);
    await make(stage);
    await stage.until("it is shown again", () => room.seen().some(({ text }) => text.includes("SHOP-4")));
  }));

test("a wrong token closes the chat, and status says what to do", () =>
  withChat({ token: "123456:AAF-another_token" }, async (stage) => {
    await untilStatus(stage, "closed");
    const { reason, remedy } = await statusOf(stage);
    assert.match(`${reason}: ${remedy}`, /401.*token/);
    await stage.until("the queue does not care", () => finished(stage) === 1);
  }));

test("the daemon ends in time while it listens, and while a chat does not answer what it was sent", async () => {
  await withChat({}, async (stage, room) => {
    await untilShown(stage, room, 1);
    await endsInTime(stage);
  });
  const hole = createServer((socket) => socket.on("error", () => undefined).resume());
  await new Promise<void>((resolve) => hole.listen(0, "127.0.0.1", resolve));
  const address = hole.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    await withChat({ api: `http://127.0.0.1:${port}` }, async (stage) => {
      await stage.until("a card is being sent", () => {
        return rowsOf(stage, "select 1 from messages where status = 'sending'").length > 0;
      });
      await endsInTime(stage);
      await stage.start();
      await stage.until("nobody knows what became of it, and it is looked for", () => {
        return rowsOf(stage, "select 1 from messages where status = 'unknown'").length > 0;
      });
    });
  } finally {
    hole.close();
  }
});

async function endsInTime(stage: DaemonProcess): Promise<void> {
  const began = performance.now();
  assert.equal(await stage.end("SIGTERM"), 0);
  assert.ok(performance.now() - began < END_MS, `it took ${Math.round(performance.now() - began)} ms`);
}

interface Choice {
  readonly chat?: number;
  readonly token?: string;
  readonly api?: string;
  readonly more?: (room: Telegram) => string;
}

/** A daemon with a chat and one task. */
async function withChat(
  { chat = FAKE_GROUP, token, api, more = () => "" }: Choice,
  work: (stage: DaemonProcess, room: Telegram) => Promise<void>,
): Promise<void> {
  const room = await telegramRoom({ chat });
  const stage = new DaemonProcess({ argv: ["/bin/sh", "-c", "echo worked >> work.txt"], publish: "none" });
  const entry = room.entry
    .replace(room.server.token, token ?? room.server.token)
    .replace(room.server.url, api ?? room.server.url);
  const text = readFileSync(stage.config, "utf8");
  writeFileSync(stage.config, `${text}notify:\n  - ${entry}\n${more(room)}`);
  try {
    await stage.start();
    await make(stage);
    await work(stage, room);
  } finally {
    await stage.close();
    await room.close();
  }
}

async function make(stage: DaemonProcess): Promise<void> {
  const { status } = await stage.api("/api/v1/tasks", "POST", { project: "shop", title: "Something" });
  assert.equal(status, 201);
}

async function reload(stage: DaemonProcess, config: string, times: number): Promise<void> {
  writeFileSync(stage.config, config);
  process.kill(stage.pid, "SIGHUP");
  await untilLogged(stage, "config.reloaded", times);
}

/** Until this task's card is there. */
async function untilShown(stage: DaemonProcess, room: Telegram, task: number): Promise<void> {
  await stage.until(`the card of task ${task} is there`, () =>
    room.seen().some(({ text }) => text.includes(`SHOP-${task} `)),
  );
}

interface ChatStatus {
  readonly status: string;
  readonly reason: string | null;
  readonly remedy: string | null;
}

async function statusOf(stage: DaemonProcess): Promise<ChatStatus> {
  const { body } = await stage.api<{ chats: readonly ChatStatus[] }>("/api/v1/status");
  const [chat] = body.chats;
  if (chat === undefined) throw new Error("there is no chat");
  return chat;
}

async function untilStatus(stage: DaemonProcess, wanted: string): Promise<void> {
  await stage.until(`the chat is ${wanted}`, async () => (await statusOf(stage)).status === wanted);
}

function tasks(stage: DaemonProcess): number {
  return rowsOf(stage, "select 1 from tasks").length;
}

function finished(stage: DaemonProcess): number {
  return rowsOf(stage, "select 1 from tasks where finished_at is not null").length;
}

function strangers(stage: DaemonProcess): number {
  return rowsOf(stage, "select 1 from events where kind = 'chat.stranger'").length;
}
