/** What a service manager hears: of a real daemon through a program in place of systemd's own, and of single parts. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { statusLine, watchdogLoop } from "../../daemon/watchdog.ts";
import type { Totals } from "../../store/counters.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import type { LogLine } from "../../system/log.ts";
import { createPulses } from "../../system/pulse.ts";
import { DaemonProcess } from "../e2e/daemon-process.ts";
import { listening, managerWith } from "../system/heard-manager.ts";
import { manualTime } from "../system/manual-time.ts";

const PATIENCE_MS = 1_000;

const MAIN = new URL("../../bin/chargehand.js", import.meta.url).pathname;

const TOTALS: Totals = {
  deliveries: {},
  tasks: {},
  jobs: { queued: 5, held: 1, running: 2 },
  runs: { starting: 1, running: 1, succeeded: 9 },
  holds: {},
  spentTodayNanos: 0,
};

test("a daemon tells that it serves, lives, reloads and stops, in this order", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const heard = (): readonly string[] =>
    existsSync(join(stage.folder, "heard"))
      ? readFileSync(join(stage.folder, "heard"), "utf8").trim().split("\n")
      : [];
  const programs = join(stage.folder, "bin");
  mkdirSync(programs);
  const script = `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >>${stage.folder}/heard\n`;
  writeFileSync(join(programs, "systemd-notify"), script, { mode: 0o755 });
  const daemon = spawn(process.execPath, [MAIN, "serve", "--config", stage.config], {
    stdio: "ignore",
    env: {
      PATH: `${programs}:${process.env["PATH"]}`,
      NOTIFY_SOCKET: "/run/nobody",
      WATCHDOG_USEC: "900000",
    },
  });
  const exited = new Promise<number | null>((resolve) => daemon.once("exit", resolve));
  try {
    const count = (word: string): number => heard().filter((line) => line === `/run/nobody ${word}`).length;
    await stage.until("it is ready", () => count("READY=1") === 1);
    await stage.until("it lives", () => count("WATCHDOG=1") >= 3);
    assert.equal(count("STATUS=0 running, 0 queued, 0 held"), 1, "a status that stays is told once");
    daemon.kill("SIGHUP");
    await stage.until("it is ready again", () => count("READY=1") === 2);
    daemon.kill("SIGTERM");
    assert.equal(await exited, 0);
    await stage.until("it stops", () => count("STOPPING=1") === 1);
    const moves = heard().filter((line) => /READY|RELOADING|STOPPING/.test(line));
    assert.deepEqual(
      moves.map((line) => line.split(" ")[1]),
      ["READY=1", "RELOADING=1", "READY=1", "STOPPING=1"],
    );
  } finally {
    daemon.kill("SIGKILL");
    await exited;
    await stage.close();
  }
});

test("the status line tells what runs, what waits, and what is held", () => {
  assert.equal(statusLine(TOTALS), "2 running, 5 queued, 1 held");
  assert.equal(statusLine({ jobs: {}, runs: {} }), "0 running, 0 queued, 0 held");
});

test("while a loop hangs, the watchdog hears nothing and the log hears its name, once", async () => {
  const time = manualTime();
  const pulses = createPulses(time.clock, PATIENCE_MS);
  const said: string[] = [];
  const lines: LogLine[] = [];
  const moves = Promise.withResolvers<void>();
  const end = new AbortController();
  void pulses.keep("claim", () => moves.promise);
  const manager = managerWith({ NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "900000" }, said, []);
  const totals = async (): Promise<Totals> => {
    throw new StoreFault("full", "the disk is full", "make room");
  };
  const log = listening(lines);
  const loop = watchdogLoop({ serviceManager: manager, pulses, totals, clock: time.clock, log }, end.signal);
  const beats = (): number => said.filter((word) => word === "WATCHDOG=1").length;
  for (let round = 0; round < 3; round++) await time.pass(300);
  assert.equal(
    beats(),
    4,
    "at once, and every third of the span; a store that fails is no reason to be silent",
  );
  for (let round = 0; round < 5; round++) await time.pass(300);
  assert.equal(beats(), 4);
  assert.deepEqual(
    lines.map(({ event, loops }) => [event, loops]),
    [["loop.hangs", "claim"]],
  );
  moves.resolve();
  await time.pass(300);
  assert.equal(beats(), 5);
  assert.equal(lines.at(-1)?.event, "loop.moves_again");
  end.abort();
  await loop;
});
