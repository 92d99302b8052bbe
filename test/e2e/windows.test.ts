/** Windows with a real daemon: closing while an agent runs, both ways, an override over a restart, a crash limit. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { DaemonProcess } from "./daemon-process.ts";
import {
  go,
  jobOf,
  journal,
  linesOf,
  runsOf,
  untilDone,
  untilLogged,
  untilRunning,
  withScene,
} from "./scene.ts";

/** Open all day, every day, so that a test opens and closes it by hand. */
const always = (onClose: string): string =>
  `schedules: [{ name: always, start: "00:00", duration: 24h, timezone: UTC, on_close: ${onClose} }]\n`;

interface Line {
  readonly open: boolean;
  readonly reason: string | null;
}

async function override(stage: DaemonProcess, verdict: string): Promise<void> {
  const path = "/api/v1/schedules/always/override";
  const { status } = await stage.api(path, "POST", { verdict, for: "3h", by: "ann" });
  assert.equal(status, 200);
}

async function clear(stage: DaemonProcess): Promise<void> {
  assert.equal((await stage.api("/api/v1/schedules/always/override", "DELETE")).status, 200);
}

async function lineOf(stage: DaemonProcess): Promise<Line | undefined> {
  const { body } = await stage.api<{ projects: readonly Line[] }>("/api/v1/status");
  return body.projects[0];
}

async function explained(stage: DaemonProcess, key: string): Promise<string> {
  const { body } = await stage.api<{ reasons: readonly { sentence: string }[] }>(
    `/api/v1/tasks/${key}/explain`,
  );
  return body.reasons.map(({ sentence }) => sentence).join(" | ");
}

test("a window that closes lets what runs finish, starts nothing, and stays closed over a restart", () =>
  withScene({ concurrency: 2, more: always("drain") }, async (stage) => {
    await stage.start();
    await stage.label(1);
    await untilRunning(stage, "SHOP-1");
    assert.deepEqual(await lineOf(stage).then((line) => line?.open), true);
    await override(stage, "closed");
    await stage.label(2);
    await stage.until("it is understood", async () => (await jobOf(stage, "SHOP-2"))?.status === "queued");
    await stage.end("SIGTERM");
    await stage.start();
    const line = await lineOf(stage);
    assert.equal(line?.open, false);
    assert.match(line?.reason ?? "", /^window always was closed by ann; window always opens /);
    assert.match(await explained(stage, "SHOP-2"), /window always was closed by ann/);
    go(stage);
    await untilDone(stage, "SHOP-1");
    assert.deepEqual(journal(stage), ["began SHOP-1", "ended SHOP-1"]);
    await clear(stage);
    await untilDone(stage, "SHOP-2");
  }));

test("I9: where the window says stop, the agent is stopped at no cost and goes on when it opens", () =>
  withScene({ more: always("stop") }, async (stage) => {
    await stage.start();
    await stage.label(1);
    await untilRunning(stage, "SHOP-1");
    await override(stage, "closed");
    await stage.until("it waits again", async () => (await jobOf(stage, "SHOP-1"))?.status === "queued");
    const job = await jobOf(stage, "SHOP-1");
    assert.deepEqual([job?.attempts, job?.interruptions], [0, 0]);
    const [run] = await runsOf(stage);
    assert.deepEqual([run?.failure_class, run?.stop_reason], ["window", "window"]);
    assert.match(await explained(stage, "SHOP-1"), /window always was closed by ann/);
    await clear(stage);
    go(stage);
    await untilDone(stage, "SHOP-1");
  }));

/** The profile that is there, once more by another name. */
function addAgent(stage: DaemonProcess, name: string): void {
  const text = readFileSync(stage.config, "utf8");
  const [, profile = ""] = /^ {2}scripted: (.*)$/m.exec(text) ?? [];
  writeFileSync(stage.config, text.replace("projects:\n", `  ${name}: ${profile}\nprojects:\n`));
}

test("the agent of a window plays what begins in it, and goes on with that when the window has another", () =>
  withScene({ concurrency: 2 }, async (stage) => {
    addAgent(stage, "night");
    await stage.start();
    const always = { name: "always", start: "00:00", duration: "24h", timezone: "UTC", on_close: "stop" };
    const { status } = await stage.api("/api/v1/schedules", "POST", { ...always, agent: "night" });
    assert.equal(status, 200);
    await stage.label(1);
    assert.equal((await untilRunning(stage, "SHOP-1")).agent, "night");
    await override(stage, "closed");
    await stage.until("it waits again", async () => (await jobOf(stage, "SHOP-1"))?.status === "queued");
    assert.equal((await stage.api("/api/v1/schedules/always", "PATCH", { agent: null })).status, 200);
    await clear(stage);
    await stage.label(2);
    assert.equal((await untilRunning(stage, "SHOP-2")).agent, "scripted");
    go(stage);
    await untilDone(stage, "SHOP-1");
    await untilDone(stage, "SHOP-2");
    const players = (await runsOf(stage)).map(({ task, agent }) => `${task} ${agent}`);
    assert.deepEqual(players.toSorted(), ["SHOP-1 night", "SHOP-1 night", "SHOP-2 scripted"]);
  }));

test("at the crash limit the window closes and a person is told; lifted, it is open again", () =>
  withScene({ more: always("drain").replace("on_close", "crash_limit: 1, on_close") }, async (stage) => {
    await stage.start();
    await stage.label(1);
    const { pid } = await untilRunning(stage, "SHOP-1");
    process.kill(pid ?? assert.fail("it has no process"), "SIGKILL");
    await untilLogged(stage, "window.crash_limit");
    await untilLogged(stage, "notice.told");
    const [told] = linesOf(stage, "notice.told");
    assert.match(JSON.stringify(told), /schedule always is closed/);
    const line = await lineOf(stage);
    assert.equal(line?.open, false);
    assert.match(line?.reason ?? "", /^1 run crashed in window always, which stays closed until /);
    assert.match(await explained(stage, "SHOP-1"), /1 run crashed in window always/);
    await clear(stage);
    assert.equal((await lineOf(stage))?.open, true);
    assert.equal(linesOf(stage, "notice.told").length, 1);
  }));
