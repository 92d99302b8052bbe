/** Finalization as a whole daemon does it: real agents, real deaths, and what an operator then reads. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import Driver from "better-sqlite3";
import { readStat } from "../../system/process/proc.ts";
import { DaemonProcess } from "../e2e/daemon-process.ts";

interface Run {
  readonly id: string;
  readonly status: string;
  readonly pid: number | null;
  readonly exit_code: number | null;
  readonly failure_class: string | null;
  readonly reason: string | null;
}

/** A daemon with an agent that has been started and waits for the file `go`, then exits with 3. */
async function staged(
  timeout: string,
  work: (stage: DaemonProcess, run: Run) => Promise<void>,
): Promise<void> {
  const stage = new DaemonProcess({ argv: [] });
  const script = `while [ ! -e ${stage.folder}/go ]; do echo tick; sleep 0.05; done; exit 3`;
  const argv = JSON.stringify(["/bin/sh", "-c", script]);
  const agent = `{ backend: command, argv: ${argv}, timeout: ${timeout}, max_attempts: 1 }`;
  stage.configure({ argv: [], agent, publish: "none" });
  try {
    await stage.start();
    await stage.label(1);
    await stage.until("the agent runs", async () => (await latest(stage))?.status === "running");
    const run = await latest(stage);
    assert.ok(run !== undefined);
    await work(stage, run);
  } finally {
    writeFileSync(join(stage.folder, "go"), "");
    await stage.close();
  }
}

async function all(stage: DaemonProcess): Promise<readonly Run[]> {
  return (await stage.api<{ runs: readonly Run[] }>("/api/v1/runs")).body.runs;
}

async function latest(stage: DaemonProcess): Promise<Run | undefined> {
  return (await all(stage))[0];
}

async function over(stage: DaemonProcess, id: string): Promise<Run> {
  const find = async (): Promise<Run | undefined> => (await all(stage)).find((run) => run.id === id);
  await stage.until(
    "the run is over",
    async () => (await find())?.exit_code !== undefined && isOver(await find()),
  );
  const run = await find();
  assert.ok(run !== undefined);
  return run;
}

function isOver(run: Run | undefined): boolean {
  return run !== undefined && ["succeeded", "failed", "lost", "killed"].includes(run.status);
}

function isRunning(pid: number | null): boolean {
  return readStat(pid ?? 0)?.running === true;
}

function read(stage: DaemonProcess, sql: string): unknown {
  const database = new Driver(join(stage.dataDir, "chargehand.db"), { readonly: true });
  const value = database.prepare(sql).pluck().get();
  database.close();
  return value;
}

function change(stage: DaemonProcess, sql: string): void {
  const database = new Driver(join(stage.dataDir, "chargehand.db"));
  database.prepare(sql).run();
  database.close();
}

test("An agent whose launcher was killed goes on; when it ends, the run says that its exit code is unknown", () =>
  staged("10m", async (stage, before) => {
    const launcher = readStat(before.pid ?? 0)?.parent ?? 0;
    process.kill(launcher, "SIGKILL");
    const seen = new Set<unknown>();
    await stage.until("its supervisor has looked a few times since", () => {
      seen.add(read(stage, "select log_offset from runs"));
      return seen.size > 4;
    });
    assert.equal((await latest(stage))?.status, "running");
    assert.ok(isRunning(before.pid));
    writeFileSync(join(stage.folder, "go"), "");
    const run = await over(stage, before.id);
    assert.deepEqual([run.status, run.failure_class, run.exit_code], ["lost", "crashed", null]);
    assert.match(
      run.reason ?? "",
      new RegExp(`^process ${before.pid} ended after .*, and its exit code is unknown because its launcher`),
    );
  }));

test("A14: what ended by itself while no daemon was there is told as it ended, however long ago its time was over", () =>
  staged("2s", async (stage, before) => {
    await stage.end("SIGKILL");
    writeFileSync(join(stage.folder, "go"), "");
    await stage.until("its exit is recorded", () =>
      existsSync(join(stage.dataDir, "runs", before.id, "exit.json")),
    );
    // As if the daemon had been away for a day.
    change(stage, "update runs set started_at = started_at - 86400000, active_at = active_at - 86400000");
    await stage.start();
    const run = await over(stage, before.id);
    assert.deepEqual([run.status, run.failure_class, run.exit_code], ["failed", "agent_error", 3]);
    assert.equal(read(stage, "select stop from runs"), null, "and nobody wanted to stop it");
  }));

test("I5, A14: a run of an earlier boot is lost at once, and the sentence says so", () =>
  staged("10m", async (stage, before) => {
    await stage.end("SIGKILL");
    process.kill(-(readStat(before.pid ?? 0)?.group ?? 0), "SIGKILL");
    change(stage, "update runs set boot_id = '22222222-2222-4222-8222-222222222222'");
    await stage.start();
    const run = await over(stage, before.id);
    assert.deepEqual([run.status, run.failure_class], ["lost", "crashed"]);
    assert.match(run.reason ?? "", /^the machine was restarted while process \d+ ran; it was last heard of/);
  }));

test("A15: tier 6, a daemon kills what carries the mark of a finished run, and nothing that carries another", () =>
  staged("10m", async (stage, before) => {
    writeFileSync(join(stage.folder, "go"), "");
    const run = await over(stage, before.id);
    const sleeper = (id: string): number =>
      spawn("sleep", ["300"], {
        cwd: "/",
        stdio: "ignore",
        env: { PATH: "/usr/bin:/bin", CHARGEHAND_RUN: id },
      }).pid ?? 0;
    const [stray, stranger] = [sleeper(run.id), sleeper(`${run.id}x`)];
    try {
      await stage.until("the stray is killed", () => !isRunning(stray));
      assert.ok(isRunning(stranger));
      const told = new RegExp(`"act":"kill".*process ${stray} outlived its run, which is failed`);
      await stage.until("the log says why", () => told.test(stage.log));
    } finally {
      process.kill(stranger, "SIGKILL");
    }
  }));
