/**
 * `npm run screenshots [FOLDER]`: the pictures of cards, and of an issue and its pull request, in docs/images/: of the
 * real daemon with scripted agents, as the pages of the stand-ins for Telegram and GitHub show them in a real Chromium.
 * By hand, where what they show or the pages have changed; needs chromium, pngquant, and the fonts Roboto and Noto
 * Color Emoji.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { FakeTelegram } from "../cli/stage/fake-telegram/start.ts";
import { startFakeTelegram } from "../cli/stage/fake-telegram/start.ts";
import { leavePlace, makePlace } from "../cli/stage/place.ts";
import { type Stage, startStage } from "../cli/stage/stage.ts";
import { openBrowser, type Tab } from "./screenshots/chromium.ts";
import { forgePictures } from "./screenshots/forge.ts";
import { chatFor, PROJECTS, type Project, setUp, taskFor } from "./screenshots/scene.ts";

const OUT = resolve(process.argv[2] ?? join(import.meta.dirname, "../docs/images"));
const LIMIT = join(import.meta.dirname, "../test/fixtures/claude/usage-limit-oauth.stdout");
/** When the recorded limit is lifted; a moment two hours ahead takes its place. */
const RECORDED_RESET = "1795245063";
const WIDTH = 440;
/** Pixels of the picture to one of the page: text is sharp on any screen. */
const SCALE = 2;
const COLORS = 48;
const PATIENCE_MS = 90_000;
const BYTES_MAX = 60_000;

const READY = `new Promise((ready) => {
  const look = () => document.querySelector("#messages li") ? ready() : setTimeout(look, 20);
  look();
})`;
/** As high as what is in it, with the head of the chat. */
const HEIGHT = `(() => {
  const [first, last] = [document.querySelector("#messages li"), document.querySelector("#messages li:last-child")];
  return Math.ceil(last.getBoundingClientRect().bottom - first.getBoundingClientRect().top) + 40 +
    document.querySelector("main > header").offsetHeight;
})()`;

const chats = PROJECTS.map(
  (project) => ({ id: chatFor(project), type: "supergroup", title: "Workshop" }) as const,
);
const server = await startFakeTelegram({ chats });
const place = await makePlace("screenshots", { "README.md": "# Shop\n" });
const limit = join(mkdtempSync(join(place.folder, "limit-")), "limit");
/** On the hour. */
const reset = Math.ceil(Date.now() / 3_600_000 + 1) * 3_600;
const hour = new Date(reset * 1_000).getUTCHours();
writeFileSync(
  limit,
  readFileSync(LIMIT, "utf8").replaceAll(RECORDED_RESET, String(reset)).replaceAll("7:11am", `${hour}:00`),
);
const stage = await startStage(setUp(place, server.url, server.token, limit));
const browser = await openBrowser();
const keys: string[] = [];
try {
  await play(stage, server, browser.tab);
  await forgePictures(browser.tab, ({ name, png, width, height }) => {
    const picture = small(png);
    writeFileSync(join(OUT, `${name}.png`), picture);
    process.stdout.write(`${name}.png  ${width}×${height}  ${picture.length} bytes\n`);
  });
} finally {
  await endAll(stage);
  await stage.daemon.stop();
  await browser.close();
  await server.close();
  await leavePlace(place);
}

async function play(on: Stage, telegram: FakeTelegram, tab: Tab): Promise<void> {
  for (const project of PROJECTS) {
    // Another one is at work already.
    if (project === "queued") await begin(on, project, "Say what a release note is");
    await begin(on, project);
  }
  await seen(telegram, "failed", "Failed");
  await take(tab, "failed", "failed");
  await seen(telegram, "limited", "Usage limit");
  await take(tab, "limited", "limited");
  await seen(telegram, "queued", "Queued");
  await take(tab, "queued", "queued");
  await seen(telegram, "working", "› Edit");
  await take(tab, "working", "working");
  await press(telegram, "waiting", "Charge again", () => take(tab, "waiting", "question"));
  await press(telegram, "waiting", "Approve", async () => {
    await take(tab, "waiting", "waiting");
    await take(tab, "waiting", "waiting-dark", "dark");
  });
  // What was asked goes after the card has changed.
  for (let at = 0; !/^✅[^✋]*$/.test(shown(telegram, "waiting")); at += 1) {
    const [key] = keys;
    const { ci } = await on.get<{ ci: { status: string; commit: string }[] }>(`/tasks/${key}`);
    for (const { status, commit } of ci)
      if (status === "pending" && commit)
        await on.post(`/tasks/${key}/ci`, {
          by: "ci",
          commit,
          checks: [{ name: "build", status: "success" }],
        });
    if (at * 300 > PATIENCE_MS) throw new Error(`it was never done:\n${shown(telegram, "waiting")}`);
    await telegram.world.wait(300, new AbortController().signal);
  }
  await take(tab, "waiting", "done");
}

async function begin(on: Stage, project: Project, title?: string): Promise<void> {
  keys.push((await on.post<{ key: string }>("/tasks", { ...taskFor(project), ...(title && { title }) })).key);
}

/** An agent outlives the daemon otherwise. */
async function endAll(on: Stage): Promise<void> {
  for (const key of keys) await on.post(`/tasks/${key}/cancel`, {}).catch(() => null);
  const isLive = async (): Promise<boolean> => {
    const { runs } = await on.get<{ runs: { finished_at: string | null }[] }>("/runs");
    return runs.some(({ finished_at: end }) => end === null);
  };
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS && (await isLive()); )
    await server.world.wait(300, new AbortController().signal);
}

function shown({ world }: FakeTelegram, project: Project): string {
  const all = [...(world.chats.get(chatFor(project))?.messages.values() ?? [])];
  return all
    .map(
      ({ text, keyboard }) =>
        `${text}\n${keyboard
          .flat()
          .map(({ text: label }) => `[${label}]`)
          .join(" ")}`,
    )
    .join("\n\n");
}

/** Waits until the chat of a project has this text. */
async function seen(telegram: FakeTelegram, project: Project, text: string): Promise<void> {
  for (const began = Date.now(); !shown(telegram, project).includes(text); ) {
    if (Date.now() - began > PATIENCE_MS) throw new Error(`no “${text}” in:\n${shown(telegram, project)}`);
    await telegram.world.wait(500, new AbortController().signal);
  }
}

/** Waits for a button on a card and beside it, does what is to be done before, and presses it. */
async function press(
  telegram: FakeTelegram,
  project: Project,
  label: string,
  before: () => Promise<void>,
): Promise<void> {
  await seen(telegram, project, `[${label}]`);
  // The other message with the same button comes with the next call that the chat allows.
  for (const began = Date.now(); Date.now() - began < 8_000; )
    await telegram.world.wait(1_000, new AbortController().signal);
  await before();
  const chat = chatFor(project);
  for (const { id: message, keyboard } of telegram.world.chats.get(chat)?.messages.values() ?? [])
    for (const { text, callback_data: data } of keyboard.flat())
      if (text === label) {
        const body = JSON.stringify({ chat, message, data, person: 111 });
        await fetch(`${telegram.url}/_/press`, { method: "POST", body });
        return;
      }
}

async function take(
  tab: Tab,
  project: Project,
  name: string,
  scheme: "light" | "dark" = "light",
): Promise<void> {
  await tab.look({ width: WIDTH, height: 1_400, scale: SCALE, scheme });
  await tab.open(`${server.url}/?chat=${chatFor(project)}`);
  await tab.evaluate(READY);
  const height = Number(await tab.evaluate(HEIGHT));
  const form = Number(await tab.evaluate(`document.querySelector("form").offsetHeight`));
  await tab.look({ width: WIDTH, height: height + form, scale: SCALE, scheme });
  const picture = small(await tab.picture({ x: 0, y: 0, width: WIDTH, height }));
  writeFileSync(join(OUT, `card-${name}.png`), picture);
  if (picture.length > BYTES_MAX) throw new Error(`card-${name}.png has ${picture.length} bytes`);
  process.stdout.write(`card-${name}.png  ${WIDTH}×${height}  ${picture.length} bytes\n`);
}

/** With few colours, which is all that text needs. */
function small(picture: Buffer): Buffer {
  const { status, stdout, stderr } = spawnSync("pngquant", ["--speed", "1", "--nofs", String(COLORS), "-"], {
    input: picture,
  });
  if (status !== 0) throw new Error(`pngquant: ${stderr ?? "is not installed"}`);
  return stdout;
}
