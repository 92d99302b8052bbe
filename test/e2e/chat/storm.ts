/**
 * Many tasks in a chat that has bad days, and a daemon that is killed in between: at the end every card shows how its
 * task stands, there is one for each, no limit was broken, and the ledger says what the chat shows.
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { DaemonProcess } from "../daemon-process.ts";
import { linesOf } from "../scene.ts";
import { rowsOf } from "./records.ts";
import type { Room } from "./room.ts";

export interface Storm {
  readonly tasks: number;
  readonly kills: number;
  readonly seed: number;
}

/** What it took, for people. */
export interface Weathered {
  readonly seconds: number;
  readonly calls: number;
  /** Calls that did not end well. */
  readonly faults: number;
}

/** One agent of five fails: its card says so. */
const AGENT = 'echo "$CHARGEHAND_TASK" >> work.txt; case "$CHARGEHAND_TASK" in *[05]) exit 3;; esac';
const CONCURRENCY = 3;

/** What is right to do after an answer that was lost: nobody knows that the edit was done. */
const REPEATED = "an edit that changes nothing";

/** @throws AssertionError with what is wrong in the end */
export async function weather(room: Room, { tasks, kills, seed }: Storm): Promise<Weathered> {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const began = performance.now();
  try {
    setUp(stage, room);
    await stage.start();
    room.storm(seed);
    for (let part = 0; part <= kills; part++) {
      if (part > 0) await kill(stage);
      room.hearAt(stage.urls.webhooks);
      const [from, to] = [part, part + 1].map((at) => Math.floor((at * tasks) / (kills + 1)));
      for (let n = from ?? 0; n < (to ?? 0); n++) await make(stage, n);
      // Somewhere in what follows from them, and never at the same place.
      const calls = room.calls();
      await stage.until(
        "the chat was called some more",
        () => room.calls() >= calls + 4 + ((seed + part) % 5),
      );
    }
    for (let left = unfinished(stage); left > 0; left = unfinished(stage))
      await stage.until("another task is over", () => unfinished(stage) < left);
    room.storm(null);
    await stage
      .until("all cards are as they should be", () => wrongIn(stage, room).length === 0)
      .catch((error: unknown) => {
        assert.deepEqual(wrongIn(stage, room), [], String(error));
      });
    assert.deepEqual(
      room.violations().filter((one) => one !== REPEATED),
      [],
    );
    const faults = linesOf(stage, "chat.failed").length + linesOf(stage, "chat.limited").length;
    return { seconds: Math.round((performance.now() - began) / 1_000), calls: room.calls(), faults };
  } finally {
    await stage.close();
    await room.close();
  }
}

function setUp(stage: DaemonProcess, room: Room): void {
  stage.configure({
    argv: [],
    concurrency: CONCURRENCY,
    publish: "none",
    agent: `{ backend: command, argv: ${JSON.stringify(["/bin/sh", "-c", AGENT])}, prompt: stdin, max_attempts: 1 }`,
  });
  const text = readFileSync(stage.config, "utf8");
  writeFileSync(stage.config, `${text}notify:\n  - ${room.entry}\n`);
}

async function kill(stage: DaemonProcess): Promise<void> {
  await stage.end("SIGKILL");
  await stage.start();
}

async function make(stage: DaemonProcess, n: number): Promise<void> {
  const { status } = await stage.api("/api/v1/tasks", "POST", {
    project: "shop",
    title: `Number ${n + 1} of the storm`,
  });
  assert.equal(status, 201);
}

function unfinished(stage: DaemonProcess): number {
  return rowsOf(stage, "select 1 from tasks where finished_at is null").length;
}

const WORDS: Readonly<Record<string, string>> = { done: "Done", failed: "Failed" };

/** What is not as it should be, in sentences. */
function wrongIn(stage: DaemonProcess, room: Room): readonly string[] {
  const ledger = rowsOf(
    stage,
    "select task, purpose, remote, status, error from messages where chat = ? and status <> 'gone'",
    room.key,
  );
  const seen = new Map(room.seen().map((message) => [message.id, message]));
  const unknown = [...seen.values()].filter(({ id }) => !ledger.some(({ remote }) => remote === id));
  const absent = ledger.filter(({ remote, status }) => status !== "shown" || !seen.has(String(remote)));
  const tasks = rowsOf(stage, "select key, status from tasks");
  const owed = rowsOf(
    stage,
    "select kind, error from outbox where finished_at is null and target = ?",
    room.key,
  );
  return [
    ...unknown.map(({ id, text }) => `the ledger does not know ${id}: ${text}`),
    ...absent.map((row) => `the chat does not show ${JSON.stringify(row)}`),
    ...owed.map((call) => `still to be said: ${JSON.stringify(call)}`),
    ...tasks.flatMap(({ key, status }) => {
      const own = ledger.filter(({ task, purpose }) => purpose === "card" && task === key);
      const text = own.map(({ remote }) => seen.get(String(remote))?.text ?? "").join();
      const isRight =
        own.length === 1 && text.includes(String(key)) && text.includes(WORDS[String(status)] ?? "?");
      return isRight ? [] : [`${String(key)} is ${String(status)}, and has ${own.length} cards: ${text}`];
    }),
  ];
}
