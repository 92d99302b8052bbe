/**
 * `bench notify`: what chats cost. How long a change takes to be seen in its card; what cards cost of which nothing
 * changes; and whether a chat that is away keeps any work waiting. Real daemons; the chat is the proof server of
 * Telegram, in this process, with limits that nobody reaches.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { FAKE_PERSON, type FakeTelegram, startFakeTelegram } from "../cli/stage/fake-telegram/start.ts";
import { cpuPercent, endDaemon, residentMegabytes } from "./daemon.ts";
import { type Figure, quantile } from "./figures.ts";
import { eventually, open, type Place, reopen } from "./notify-place.ts";

const FULL = { changes: 200, cards: 500, claims: 40, settleMs: 3_000, watchMs: 20_000 };
const QUICK = { changes: 10, cards: 20, claims: 3, settleMs: 300, watchMs: 1_000 };
type Load = typeof FULL;

/** Far beyond what anybody calls. */
const SPEED = 1_000;
/** Before each change, at most: so that none of them falls into step with a poll. */
const BETWEEN_MS = 100;
const PAUSED = "⏸️";
const PATIENCE_MS = 10_000;

export async function notifyBench(isQuick: boolean): Promise<readonly Figure[]> {
  const load = isQuick ? QUICK : FULL;
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  const chat = await startFakeTelegram({ speed: SPEED });
  try {
    return [...(await cardFigures(join(folder, "cards"), chat, load)), ...(await claimFigures(folder, load))];
  } finally {
    await chat.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function cardFigures(folder: string, chat: FakeTelegram, load: Load): Promise<readonly Figure[]> {
  let place = await open(folder, chat.url);
  try {
    // Nothing is begun, so a card changes by what is asked for here alone.
    await place.ask("POST", "/pause", {});
    const { key } = await place.ask<{ key: string }>("POST", "/tasks", { project: "shop", title: "One" });
    await eventually("the card is there", () => cardOf(chat, key) !== undefined);
    const { seen, bare } = await changes(place, chat, key, load.changes);
    for (let n = 1; n < load.cards; n++)
      await place.ask("POST", "/tasks", { project: "shop", title: `Number ${n}` });
    await eventually("all cards are there", () => messagesOf(chat).length >= load.cards);
    place = await reopen(place, chat.url);
    await pause(load.settleMs);
    const before = callsOf(chat);
    const withCards = await costOf(place, load);
    const requests = callsOf(chat) - before;
    place = await reopen(place, chat.url, "none");
    await pause(load.settleMs);
    const empty = await costOf(place, load);
    place = await reopen(place, null);
    await pause(load.settleMs);
    const without = await costOf(place, load);
    const p50 = quantile(seen, 0.5);
    return [
      { what: "asked for a change until its card is edited, p50", value: p50, unit: "ms" },
      { what: "the same, p99", value: quantile(seen, 0.99), unit: "ms", atMost: 300 },
      { what: "a bare request to the same daemon, p50", value: quantile(bare, 0.5), unit: "ms" },
      { what: "edited / bare request, p50", value: p50 / quantile(bare, 0.5), unit: "ratio" },
      { what: "idle cards", value: load.cards, unit: "cards" },
      { what: `requests to their chat in ${load.watchMs / 1_000} s`, value: requests, unit: "", atMost: 0 },
      {
        what: "resident memory with them, less in a chat without cards",
        value: withCards.megabytes - empty.megabytes,
        unit: "MB",
        atMost: 5,
      },
      {
        what: "resident memory of a chat without cards, less without",
        value: empty.megabytes - without.megabytes,
        unit: "MB",
      },
      {
        what: "processor with them, less in a chat without cards, of one core",
        value: withCards.percent - empty.percent,
        unit: "%",
        atMost: 0.5,
      },
      { what: "processor in a chat without cards, of one core", value: empty.percent, unit: "%" },
      { what: "processor without chats, of one core", value: without.percent, unit: "%" },
    ];
  } finally {
    await endDaemon(place.daemon, "SIGTERM");
  }
}

/** From before the request that changes a task until the chat shows it, so that what the request takes is in it. */
async function changes(
  { ask }: Place,
  chat: FakeTelegram,
  key: string,
  rounds: number,
): Promise<{ readonly seen: readonly number[]; readonly bare: readonly number[] }> {
  const seen: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [verb, isPaused] of [
      ["pause", true],
      ["resume", false],
    ] as const) {
      await pause(BETWEEN_MS + ((round * 37) % BETWEEN_MS));
      const began = performance.now();
      await ask("POST", `/tasks/${key}/${verb}`, {});
      while (cardOf(chat, key)?.text.startsWith(PAUSED) !== isPaused)
        await chat.world.wait(PATIENCE_MS, AbortSignal.timeout(PATIENCE_MS));
      seen.push(performance.now() - began);
    }
    await pause(BETWEEN_MS);
    const began = performance.now();
    await ask("GET", "/status");
    bare.push(performance.now() - began);
  }
  return { seen, bare };
}

interface Cost {
  readonly percent: number;
  readonly megabytes: number;
}

async function costOf({ daemon }: Place, { watchMs }: Load): Promise<Cost> {
  return { percent: await cpuPercent(daemon, watchMs), megabytes: residentMegabytes(daemon) };
}

/** The daemons take turns, so that what the machine does to one it does to all of them alike. */
async function claimFigures(folder: string, { claims }: Load): Promise<readonly Figure[]> {
  const hole = await blackHole();
  const places = new Map<string, Place>();
  const apis = { none: null, refused: await closedPort(), silent: hole.url } as const;
  const times = new Map<string, number[]>();
  try {
    for (const [name, api] of Object.entries(apis)) places.set(name, await open(join(folder, name), api));
    for (let n = 0; n <= claims; n++)
      for (const [name, place] of places) {
        const waited = await claimMs(place, n);
        // The first of each makes its folder.
        if (n > 0) times.set(name, [...(times.get(name) ?? []), waited]);
      }
  } finally {
    for (const { daemon } of places.values()) await endDaemon(daemon, "SIGTERM");
    hole.close();
  }
  const median = (name: string): number => quantile(times.get(name) ?? [], 0.5);
  return [
    { what: "made until claimed, no chat, p50", value: median("none"), unit: "ms" },
    { what: "made until claimed, its chat refuses connections, p50", value: median("refused"), unit: "ms" },
    { what: "made until claimed, its chat never answers, p50", value: median("silent"), unit: "ms" },
    { what: "refused / no chat", value: median("refused") / median("none"), unit: "ratio", atMost: 1.5 },
    { what: "never answers / no chat", value: median("silent") / median("none"), unit: "ratio", atMost: 1.5 },
  ];
}

/** Of one task, from its row to the row of its run, by the daemon's own clock. */
async function claimMs({ ask }: Place, n: number): Promise<number> {
  const task = await ask<{ key: string; created_at: string }>("POST", "/tasks", {
    project: "shop",
    title: `Claim ${n}`,
  });
  let claimedAt = "";
  await eventually(`${task.key} is done`, async () => {
    const { status, runs } = await ask<{ status: string; runs: readonly { claimed_at: string }[] }>(
      "GET",
      `/tasks/${task.key}`,
    );
    claimedAt = runs[0]?.claimed_at ?? "";
    return status === "done";
  });
  return Date.parse(claimedAt) - Date.parse(task.created_at);
}

/** Takes connections, reads, and never says a word. */
async function blackHole(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((socket) => socket.on("error", () => undefined).resume());
  const url = `http://127.0.0.1:${await portOf(server)}`;
  return { url, close: () => void server.close() };
}

async function closedPort(): Promise<string> {
  const server = createServer();
  const port = await portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    }),
  );
}

type Shown = ReturnType<typeof messagesOf>[number];

function messagesOf({ world }: FakeTelegram) {
  return [...(world.chats.get(FAKE_PERSON)?.messages.values() ?? [])];
}

function cardOf(chat: FakeTelegram, key: string): Shown | undefined {
  return messagesOf(chat).find(({ text }) => text.includes(`${key} `));
}

/** But those by which it listens: they wait there until somebody says something. */
function callsOf({ world }: FakeTelegram): number {
  const { getUpdates: _, getMe: __, ...others } = Object.fromEntries(world.calls);
  return Object.values(others).reduce((sum, count) => sum + count, 0);
}
