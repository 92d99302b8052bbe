/** A daemon that cannot isolate its agents as it was told says so, and what to do. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { Config } from "../../daemon/config/config.ts";
import { loadConfig } from "../../daemon/config/load.ts";
import { createIsolation } from "../../daemon/isolation.ts";
import { startDaemon } from "../../daemon/main.ts";
import type { CommandResult } from "../../system/commands.ts";
import { nullLog } from "../../system/log.ts";
import { heardLog } from "../handlers/hand-moved.ts";
import { settle } from "../system/settle.ts";
import { PLAIN_CONFIG } from "./config/plain-config.ts";

test("B6: isolation: scope without a service manager refuses to start, and leaves the data directory free", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-isolation-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "chargehand.yaml");
  const start = async (isolation: string): ReturnType<typeof startDaemon> => {
    writeFileSync(
      path,
      `data_dir: data\nserver: { webhooks: { port: 0 }, admin: { port: 0 } }\n${isolation}\n`,
    );
    const env = { PATH: folder };
    const loaded = await loadConfig({ path, env });
    assert.ok(loaded.kind === "ok");
    return startDaemon({ config: loaded.config, version: "test", env }, nullLog());
  };
  writeFileSync(join(folder, "systemd-run"), "#!/bin/sh\necho 'Failed to connect to bus' >&2\nexit 1\n", {
    mode: 0o755,
  });
  const refused = await start("isolation: scope");
  assert.ok(refused.kind === "failed");
  assert.match(
    refused.reason,
    /^isolation: scope needs a service manager .*Failed to connect to bus; `loginctl enable-linger`/,
  );
  const started = await start("isolation: none");
  assert.ok(started.kind === "running", started.kind === "failed" ? started.reason : "");
  await started.daemon.stop();
  const limits = "limits: { run: { memory: 1GiB } }";
  const limited = await start(limits);
  assert.ok(limited.kind === "failed");
  assert.match(limited.reason, /^limits\.run needs a service manager /);
});

async function isolationOf(asked: Config["isolation"], answers: readonly CommandResult[]) {
  const log = heardLog();
  let asks = 0;
  let now = 0;
  const commands = { run: async () => answers[Math.min(asks++, answers.length - 1)] ?? WORKS };
  const isolation = await createIsolation({
    config: { ...PLAIN_CONFIG, isolation: asked },
    env: { PATH: "/usr/bin:/bin", HOME: "/home/op" },
    ...{ clock: { monotonic: () => now }, files: { read: async () => null }, log, commands },
  });
  isolation.tell();
  const pass = (ms: number): void => {
    now += ms;
  };
  const heard = (): readonly unknown[] => log.lines.map(({ event }) => event);
  return { isolation, heard, asks: () => asks, pass };
}

const WORKS = { kind: "exited", code: 0, stdout: "", stderr: "" } as const;
const MISSING = { kind: "exited", code: 127, stdout: "", stderr: "sh: 1: exec: bwrap: not found" } as const;

test("auto takes the sandbox where there is one, and says so", async () => {
  const { isolation, heard } = await isolationOf("auto", [WORKS]);
  assert.deepEqual(
    [isolation.walls.level, isolation.trouble(), isolation.refusal()],
    ["sandbox", null, null],
  );
  assert.deepEqual(heard(), ["isolation.sandbox"]);
});

test("auto goes without where there is none, says why, and holds nothing back", async () => {
  const { isolation, heard } = await isolationOf("auto", [MISSING]);
  assert.deepEqual([isolation.walls.level, isolation.refusal()], ["none", null]);
  assert.match(isolation.trouble()?.remedy ?? "", /install the package bubblewrap/);
  assert.deepEqual(heard(), ["isolation.none"]);
});

test("I14: a sandbox that is required and missing holds all work back, with the remedy, until it can be had", async () => {
  const { isolation, asks, pass } = await isolationOf("sandbox", [MISSING, MISSING, WORKS]);
  assert.equal(isolation.walls.level, "sandbox", "nobody runs without it");
  assert.match(isolation.refusal()?.reason ?? "", /^isolation: sandbox is asked for, and bubblewrap cannot/);
  assert.match(isolation.refusal()?.remedy ?? "", /install the package bubblewrap/);
  assert.equal(asks(), 1, "it is not tried at every look");
  for (const tries of [2, 3]) {
    pass(30_000);
    isolation.refusal();
    await settle();
    assert.equal(asks(), tries);
  }
  assert.deepEqual([isolation.refusal(), isolation.trouble()], [null, null]);
});

test("none asks nobody; scope counts as none, and a warning says what to write", async () => {
  const none = await isolationOf("none", [MISSING]);
  assert.deepEqual([none.isolation.walls.level, none.asks(), none.heard()], ["none", 0, ["isolation.none"]]);
  const scope = await isolationOf("scope", [MISSING]);
  assert.deepEqual([scope.isolation.walls.level, scope.isolation.trouble()], ["none", null]);
  assert.deepEqual(scope.heard(), ["isolation.renamed", "isolation.none"]);
});
