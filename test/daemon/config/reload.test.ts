/** SIGHUP: a good file takes effect at once, a bad one not at all, and no agent notices. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { LoadedConfig } from "../../../daemon/config/load.ts";
import { createReload, type ReloadPorts } from "../../../daemon/config/reload.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
import { systemClock } from "../../../system/clock.ts";
import { nullLog } from "../../../system/log.ts";
import { type DaemonProcess, SECRET } from "../../e2e/daemon-process.ts";
import {
  go,
  isAlive,
  jobOf,
  journal,
  linesOf,
  runsOf,
  signal,
  untilDone,
  untilLogged,
  untilRunning,
  withScene,
} from "../../e2e/scene.ts";
import { PLAIN_CONFIG as CONFIG } from "./plain-config.ts";

interface Health {
  readonly file: string;
  readonly loaded_at: string;
  readonly error: string | null;
  readonly restart_needed: readonly string[];
}

async function health(stage: DaemonProcess): Promise<Health> {
  return (await stage.api<{ config: Health }>("/api/v1/status")).body.config;
}

function edit(stage: DaemonProcess, from: string | RegExp, to: string): void {
  const text = readFileSync(stage.config, "utf8");
  const edited = text.replace(from, to);
  assert.notEqual(edited, text, `${from} is in the file`);
  writeFileSync(stage.config, edited);
}

/** Sends SIGHUP and waits until the file is in force. */
async function reload(stage: DaemonProcess): Promise<Health> {
  const before = await health(stage);
  signal(stage, "SIGHUP");
  let after = before;
  await stage.until("the file is in force", async () => {
    after = await health(stage);
    return after.loaded_at !== before.loaded_at;
  });
  return after;
}

/** Sends SIGHUP and waits until the file was refused. */
async function reloadInVain(stage: DaemonProcess): Promise<Health> {
  const before = linesOf(stage, "config.kept").length;
  signal(stage, "SIGHUP");
  await untilLogged(stage, "config.kept", before + 1);
  return health(stage);
}

const BOOKS = (stage: DaemonProcess): string =>
  `  - { name: books, prefix: BOOK, repo: acme/books, clone_url: ${stage.remote}, agent: scripted, publish: none }\n`;

test("a good file takes effect: secrets, projects, triggers and the log level, while an agent runs on", () =>
  withScene({}, async (stage) => {
    await stage.start();
    await stage.label(1);
    const before = await untilRunning(stage, "SHOP-1");
    const first = await health(stage);
    assert.deepEqual([first.file, first.error, first.restart_needed], [stage.config, null, []]);
    assert.equal((await stage.api("/api/v1/tasks", "POST", { project: "books", title: "T" })).status, 404);
    edit(stage, `secret: ${SECRET}`, "secret: another-secret-42");
    edit(stage, "labels: [agent]", "labels: [robot]");
    appendFileSync(stage.config, BOOKS(stage));
    await reload(stage);
    assert.equal((await stage.label(2)).status, 401, "the old secret is not in force any more");
    assert.equal((await stage.api("/api/v1/tasks", "POST", { project: "books", title: "T" })).status, 201);
    await untilRunning(stage, "BOOK-1");
    edit(stage, "secret: another-secret-42", `secret: [another-secret-42, ${SECRET}]`);
    appendFileSync(stage.config, "log_level: warn\n");
    await reload(stage);
    const third = await stage.label(3);
    assert.equal(third.status, 202);
    // Issue 3 has the label that is no trigger any more.
    const path = `/api/v1/deliveries/${third.body.delivery}`;
    await stage.until("it is understood", async () => {
      return (await stage.api<{ status: string }>(path)).body.status === "ignored";
    });
    const [run] = await runsOf(stage);
    assert.deepEqual([run?.id, run?.pid, run?.status], [before.id, before.pid, "running"]);
    go(stage);
    await untilDone(stage, "SHOP-1");
    await untilDone(stage, "BOOK-1");
    assert.deepEqual(linesOf(stage, "delivery.ignored"), [], "that would be a line of level info");
    assert.ok(!stage.log.includes("another-secret-42"));
  }));

test("a bad file changes nothing: every problem is told, the last good one stays in force, and the next good one mends it", () =>
  withScene({}, async (stage) => {
    await stage.start();
    const good = readFileSync(stage.config, "utf8");
    const before = await health(stage);
    writeFileSync(
      stage.config,
      good.replace("agent: scripted", "agent: nobody").replace("prefix: SHOP", "prefix: shop"),
    );
    const refused = await reloadInVain(stage);
    assert.equal(refused.loaded_at, before.loaded_at);
    assert.match(
      refused.error ?? "",
      /chargehand\.yaml:\d+:\d+: projects\[0\]\.agent: there is no agent "nobody"/,
    );
    assert.match(refused.error ?? "", /projects\[0\]\.prefix: must be 1 to 10 capital letters/);
    assert.equal(linesOf(stage, "config.problem").length, 2);
    go(stage);
    await stage.label(1);
    await untilDone(stage, "SHOP-1");
    writeFileSync(stage.config, "}{ no yaml");
    await reloadInVain(stage);
    rmSync(stage.config);
    assert.match((await reloadInVain(stage)).error ?? "", /there is no such file/);
    mkdirSync(stage.config);
    assert.match((await reloadInVain(stage)).error ?? "", /cannot be read/);
    rmSync(stage.config, { recursive: true });
    writeFileSync(stage.config, good);
    assert.equal((await reload(stage)).error, null);
    assert.equal(await stage.end("SIGTERM"), 0);
  }));

test("what needs a restart is named and left as it was; the rest of the file takes effect", () =>
  withScene({}, async (stage) => {
    await stage.start();
    const { webhooks } = stage.urls;
    edit(stage, "webhooks: { host: 127.0.0.1, port: 0 }", "webhooks: { host: 127.0.0.1, port: 1 }");
    edit(stage, `data_dir: ${stage.dataDir}`, `data_dir: ${stage.dataDir}-other`);
    appendFileSync(stage.config, BOOKS(stage));
    const after = await reload(stage);
    assert.deepEqual(after.restart_needed, ["data_dir", "server.webhooks"]);
    const [line, ...others] = linesOf(stage, "config.restart_needed");
    assert.deepEqual([line?.["level"], line?.["keys"], others], [40, ["data_dir", "server.webhooks"], []]);
    assert.equal((await fetch(`${webhooks}/healthz`)).status, 200);
    assert.equal((await stage.api("/api/v1/tasks", "POST", { project: "books", title: "T" })).status, 201);
    assert.equal(existsSync(`${stage.dataDir}-other`), false);
    edit(stage, "port: 1 }", "port: 0 }");
    edit(stage, `data_dir: ${stage.dataDir}-other`, `data_dir: ${stage.dataDir}`);
    assert.deepEqual((await reload(stage)).restart_needed, []);
  }));

test("I7: jobs of a project that is taken out are held, its run is still published, and both go on when it comes back", () =>
  withScene({ concurrency: 1 }, async (stage) => {
    await stage.start();
    await stage.label(1);
    await stage.label(2);
    await untilRunning(stage, "SHOP-1");
    const whole = readFileSync(stage.config, "utf8");
    writeFileSync(stage.config, `${whole.slice(0, whole.indexOf("projects:"))}projects: []\n`);
    await reload(stage);
    assert.equal((await jobOf(stage, "SHOP-2"))?.status, "held");
    go(stage);
    await untilDone(stage, "SHOP-1");
    const pushed = stage.git(stage.remote, "log", "--format=%s", "-1", "chargehand/SHOP-1-issue-1").trim();
    assert.equal(pushed, "SHOP-1: Issue 1");
    assert.equal((await jobOf(stage, "SHOP-2"))?.status, "held");
    assert.equal(journal(stage).includes("began SHOP-2"), false);
    writeFileSync(stage.config, whole);
    await reload(stage);
    await untilDone(stage, "SHOP-2");
  }));

test("SIGHUP to the daemon's whole process group, as of a closed terminal, ends neither the daemon nor an agent", () =>
  withScene({}, async (stage) => {
    const main = new URL("../../../cli/main.ts", import.meta.url).pathname;
    const daemon = spawn(process.execPath, [main, "serve", "--config", stage.config], {
      detached: true,
      stdio: "ignore",
      env: { ...process.env, CHARGEHAND_CONFIG: "" },
    });
    const ended = new Promise<number | null>((resolve) => daemon.once("exit", (code) => resolve(code)));
    const group = -(daemon.pid ?? 0);
    try {
      await stage.until("the daemon listens", () => existsSync(join(stage.dataDir, "daemon.json")));
      await stage.label(1);
      const run = await untilRunning(stage, "SHOP-1");
      const before = await health(stage);
      process.kill(group, "SIGHUP");
      await stage.until(
        "it has read its file",
        async () => (await health(stage)).loaded_at !== before.loaded_at,
      );
      assert.equal(isAlive(run.pid), true);
      go(stage);
      await untilDone(stage, "SHOP-1");
      process.kill(group, "SIGTERM");
      assert.equal(await ended, 0);
    } finally {
      if (isAlive(daemon.pid)) process.kill(group, "SIGKILL");
    }
  }));

/** A reload without files: what is loaded and how it is applied are up to the test. */
function bench(over: Partial<ReloadPorts> = {}): ReloadPorts & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    load: async (): Promise<LoadedConfig> => ({ kind: "ok", config: CONFIG, secrets: [] }),
    inForce: () => CONFIG,
    apply: async () => void told.push("applied"),
    health: { value: { file: CONFIG.file, loadedAt: 0, error: null, restartNeeded: [] } },
    log: { ...nullLog(), adjust: () => undefined },
    clock: systemClock(),
    onReloading: () => void told.push("reloading"),
    onReloaded: () => void told.push("reloaded"),
    ...over,
  };
}

test("L3: many requests while one is on its way are one more reload, begun after the last of them", async () => {
  let release = (): void => undefined;
  let loads = 0;
  const ports = bench({
    load: () => {
      loads += 1;
      return new Promise((resolve) => {
        release = () => resolve({ kind: "ok", config: CONFIG, secrets: [] });
      });
    },
  });
  const { ask, settled } = createReload(ports);
  for (let times = 0; times < 5; times++) ask();
  assert.equal(loads, 1);
  release();
  while (loads < 2) await pause(1);
  release();
  await settled();
  assert.equal(loads, 2);
  assert.deepEqual(ports.told, ["reloading", "applied", "applied", "reloaded"]);
});

test("L4: a store that does not take it, or a defect, keeps the last configuration and does not throw", async () => {
  for (const fault of [new StoreFault("full", "the disk is full", "make room"), new TypeError("a defect")]) {
    const ports = bench({ apply: () => Promise.reject(fault) });
    const reload = createReload(ports);
    reload.ask();
    await reload.settled();
    assert.match(
      ports.health.value.error ?? "",
      fault instanceof StoreFault ? /disk is full: make room/ : /a defect/,
    );
    assert.equal(ports.told.at(-1), "reloaded");
  }
});
