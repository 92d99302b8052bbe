/** What a service manager hears: of a real daemon through a program in place of systemd's own, and of single parts. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { notifyLoop, statusLine } from "../../daemon/watchdog.ts";
import type { Totals } from "../../store/counters.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import type { Clock } from "../../system/clock.ts";
import { type Log, type LogLine, nullLog } from "../../system/log.ts";
import { createPulses } from "../../system/pulse.ts";
import { type Notify, systemNotify } from "../../system/service-manager.ts";
import { createWake } from "../../system/wake.ts";
import { Stage } from "../e2e/stage.ts";

const MAIN = new URL("../../bin/chargehand.js", import.meta.url).pathname;
const PATIENCE_MS = 1_000;

const TOTALS: Totals = {
  deliveries: {},
  tasks: {},
  jobs: { queued: 5, held: 1, running: 2 },
  runs: { starting: 1, running: 1, succeeded: 9 },
  holds: {},
  spentTodayNanos: 0,
};

test("a daemon tells that it serves, lives, reloads and stops, in this order", async () => {
  const stage = new Stage({ argv: ["/bin/true"] });
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

test("without a service manager nothing is said, and none that watches somebody else is obeyed", async () => {
  const said: string[] = [];
  const quiet = notifyWith({}, said);
  await quiet.ready();
  await quiet.watchdog();
  assert.deepEqual([said, quiet.isHeard, quiet.watchdogMs], [[], false, null]);
  const env = { NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "30000000" };
  assert.equal(notifyWith(env, said).watchdogMs, 30_000);
  assert.equal(notifyWith({ ...env, WATCHDOG_PID: String(process.pid) }, said).watchdogMs, 30_000);
  assert.equal(notifyWith({ ...env, WATCHDOG_PID: "1" }, said).watchdogMs, null);
  assert.equal(notifyWith({ ...env, WATCHDOG_USEC: "0" }, said).watchdogMs, null);
});

test("what is said goes out one after the other, on one line, and a failure is logged once", async () => {
  const said: string[] = [];
  const lines: LogLine[] = [];
  const notify = notifyWith({ NOTIFY_SOCKET: "/run/x" }, said, lines);
  const all = [notify.reloading(), notify.ready(), notify.status("2 running\nREADY=1")];
  await Promise.all(all);
  assert.deepEqual(said, ["RELOADING=1", "READY=1", "STATUS=2 running READY=1"]);
  assert.deepEqual(
    lines.map(({ event, reason }) => [event, reason]),
    [["notify.failed", "nobody there"]],
  );
});

test("the status line tells what runs, what waits, and what is held", () => {
  assert.equal(statusLine(TOTALS), "2 running, 5 queued, 1 held");
  assert.equal(statusLine({ jobs: {}, runs: {} }), "0 running, 0 queued, 0 held");
});

test("a loop that sleeps is alive for as long as it said, one that works for its patience, one that ended for ever", async () => {
  const time = manualTime();
  const pulses = createPulses(time.clock, PATIENCE_MS);
  const end = new AbortController();
  const works = Promise.withResolvers<void>();
  const loop = pulses.keep("claim", async ({ bell, clock }) => {
    await clock.sleep(60_000, end.signal);
    await bell(createWake(time.clock)).wait(5_000, end.signal);
    await works.promise;
  });
  const at = async (ms: number): Promise<readonly string[]> => {
    await time.pass(ms);
    return pulses.late();
  };
  assert.deepEqual(await at(59_999), [], "it sleeps");
  assert.deepEqual(await at(1), [], "it waits for its bell");
  assert.deepEqual(await at(5_000), [], "it works");
  assert.deepEqual(await at(PATIENCE_MS), [], "to the end of its patience");
  assert.deepEqual(await at(1), ["claim"]);
  works.resolve();
  await loop;
  assert.deepEqual(await at(1_000_000), []);
});

test("a loop that is woken after a sleep that should have been longer is alive from then on only for its patience", async () => {
  const time = manualTime();
  const pulses = createPulses(time.clock, PATIENCE_MS);
  const wake = createWake(time.clock);
  void pulses.keep("inbox", async ({ bell, beat }) => {
    await bell(wake).wait(3_600_000, new AbortController().signal);
    await time.clock.sleep(900);
    beat();
    await new Promise(() => undefined);
  });
  wake.ring();
  await time.pass(900);
  await time.pass(1_000);
  assert.deepEqual(pulses.late(), [], "it has shown itself in between");
  await time.pass(1);
  assert.deepEqual(pulses.late(), ["inbox"]);
});

test("while a loop hangs, the watchdog hears nothing and the log hears its name, once", async () => {
  const time = manualTime();
  const pulses = createPulses(time.clock, PATIENCE_MS);
  const said: string[] = [];
  const lines: LogLine[] = [];
  const moves = Promise.withResolvers<void>();
  const end = new AbortController();
  void pulses.keep("claim", () => moves.promise);
  const notify = notifyWith({ NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "900000" }, said, []);
  const totals = async (): Promise<Totals> => {
    throw new StoreFault("full", "the disk is full", "make room");
  };
  const log = listening(lines);
  const loop = notifyLoop({ notify, pulses, totals, clock: time.clock, log }, end.signal);
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

/** Time that passes when it is told to. */
function manualTime(): { readonly clock: Clock; pass(ms: number): Promise<void> } {
  let now = 0;
  const sleepers = new Set<{ readonly until: number; readonly wakeUp: () => void }>();
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { until: now + ms, wakeUp: resolve };
        if (signal?.aborted !== true) sleepers.add(sleeper);
        else resolve();
        signal?.addEventListener("abort", () => resolve());
      }),
  };
  return {
    clock,
    async pass(ms): Promise<void> {
      await turn();
      now += ms;
      for (const sleeper of [...sleepers].filter(({ until }) => until <= now)) {
        sleepers.delete(sleeper);
        sleeper.wakeUp();
      }
      await turn();
    },
  };
}

/** A notifier whose program writes down what it was to say, and fails. */
function notifyWith(env: Readonly<Record<string, string>>, said: string[], lines: LogLine[] = []): Notify {
  let isBusy = false;
  const commands = {
    async run(_operation: string, { argv }: { readonly argv: readonly string[] }) {
      assert.equal(isBusy, false, "one after the other");
      isBusy = true;
      await Promise.resolve();
      isBusy = false;
      said.push(argv.slice(1).join(" "));
      return { kind: "exited", code: 1, stdout: "", stderr: "nobody there\n" } as const;
    },
  };
  return systemNotify({ env, commands, log: listening(lines) });
}

function listening(lines: LogLine[]): Log {
  const note = (line: LogLine): void => void lines.push(line);
  return { ...nullLog(), warn: note, error: note, info: note };
}
