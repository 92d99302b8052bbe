/** A clock that is moved by hand, one process, and its log: enough of the world for one supervisor. */

import type { Backend } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import type { Checkpoint } from "../../../agents/supervision/checkpoint.ts";
import { type Supervised, type SupervisedRun, supervise } from "../../../agents/supervision/supervise.ts";
import type { Clock } from "../../../system/clock.ts";
import type { Look } from "../../../system/files/door.ts";
import type { Files } from "../../../system/files.ts";
import type { ExitRecord, Processes } from "../../../system/process/processes.ts";
import { createWake, type Wake } from "../../../system/wake.ts";
import type { StopReason } from "../../../workflow/run.ts";
import { NEW_RUN } from "../profile.ts";

const NOON = 1_795_262_400_000;

export interface ScriptedProcess {
  readonly clock: Clock;
  readonly wake: Wake;
  /** What happened: signals, sweeps, checkpoints and stops, each with the seconds since the beginning. */
  readonly history: readonly string[];
  readonly checkpoints: readonly Checkpoint[];
  readonly listeners: () => number;
  start(more?: Partial<SupervisedRun>): Promise<Supervised>;
  say(text: string): void;
  /** So many bytes are written that nobody reads in a test: only the size of the log shows them. */
  flood(bytes: number): void;
  /** The agent ends by itself, and its launcher has not written that down yet. */
  depart(): void;
  /** So many processes of the run are left once its own has ended, until they are swept. */
  leave(strays: number): void;
  /** The process ends by itself. */
  die(exit: ExitRecord | null): void;
  /** Somebody asks it to stop. */
  ask(reason: StopReason): void;
  shutDown(): void;
  /** Moves the clock, and lets everything that is due happen in order. */
  pass(ms: number): Promise<void>;
}

interface Script {
  /** How old the process is at the start, in ms; left out, the kernel cannot tell. */
  readonly age?: number;
  /** The signal at which the process dies, and after how long; it ignores the others. */
  readonly diesAt?: "SIGINT" | "SIGTERM" | "SIGKILL";
  /** What it says when it dies of a signal. */
  readonly lastWord?: string;
  readonly backend?: Backend;
  readonly onProgress?: (n: number) => boolean;
  readonly onStop?: () => boolean;
}

export function scripted(script: Script = {}): ScriptedProcess {
  let now = 0;
  let log = "";
  let flood = 0;
  let exit: ExitRecord | null = null;
  let alive = true;
  let departed = false;
  let strays = 0;
  let asked: StopReason | null = null;
  const sleepers = new Set<{ readonly due: number; readonly wake: () => void }>();
  const watchers = new Set<() => void>();
  const history: string[] = [];
  const checkpoints: Checkpoint[] = [];
  const daemon = new AbortController();
  const note = (text: string): unknown => history.push(`${now / 1_000} ${text}`);
  let listening = 0;

  const clock: Clock = {
    now: () => NOON + now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { due: now + ms, wake: end };
        function end(): void {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", end);
          resolve();
        }
        if (signal?.aborted) return resolve();
        sleepers.add(sleeper);
        signal?.addEventListener("abort", end);
      }),
  };
  const die = (record: ExitRecord | null): void => {
    alive = false;
    exit = record;
    for (const watcher of [...watchers]) watcher();
  };
  const processes: Processes = {
    launch: () => Promise.reject(new Error("the supervisor launches nothing")),
    isAlive: () => alive && !departed,
    ageMs: () => script.age ?? null,
    isLauncherAlive: () => alive,
    signal: (_operation, _identity, signal, scope) => {
      note(`${signal} to the ${scope}`);
      if (signal !== script.diesAt) return alive;
      log += script.lastWord ?? "";
      die(signal === "SIGINT" ? { code: 0, signal: null, neverRan: false } : null);
      return true;
    },
    ended: (_identity, _directory, signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          watchers.delete(end);
          resolve();
        };
        watchers.add(end);
        signal.addEventListener("abort", end);
        if (!alive || signal.aborted) end();
      }),
    exitRecord: () => Promise.resolve(exit),
    strays: () => Promise.resolve(strays),
    sweep: (_operation, mark, directory) => {
      strays = 0;
      note(`sweep ${mark} ${directory}`);
      return Promise.resolve(0);
    },
  };
  const none = (): Promise<never> => Promise.reject(new Error("the supervisor only reads on"));
  const seen = (): Look => ({ size: Buffer.byteLength(log) + flood, modifiedAt: 0 });
  const files: Pick<Files, "door"> = {
    door: {
      look: (_operation, { below }) =>
        Promise.resolve(below.endsWith("/stdout.log") ? { kind: "seen", ...seen() } : { kind: "missing" }),
      read: (_operation, _place, offset, max) =>
        Promise.resolve({ kind: "read", bytes: Buffer.from(log).subarray(offset, offset + max), ...seen() }),
      ...{ readEnd: none, list: none },
    },
  };
  const wake = createWake(clock);
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 5; n += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const count = (by: number) => (): void => {
    listening += by;
  };
  daemon.signal.addEventListener = wrap(daemon.signal.addEventListener.bind(daemon.signal), count(1));
  daemon.signal.removeEventListener = wrap(daemon.signal.removeEventListener.bind(daemon.signal), count(-1));

  return {
    clock,
    wake,
    history,
    checkpoints,
    listeners: () => listening,
    die,
    leave: (left) => {
      strays = left;
    },
    depart: () => {
      departed = true;
    },
    say: (text) => {
      log += text;
    },
    flood: (bytes) => {
      flood += bytes;
    },
    ask: (reason) => {
      asked = reason;
    },
    shutDown: () => daemon.abort(),
    start: (more) =>
      supervise(
        {
          run: "r1",
          identity: { pid: 2, startTicks: 20, pgid: 1, leaderTicks: 10, bootId: "boot" },
          directory: "/runs/r1",
          worktree: "/worktrees/SHOP-1",
          backend: script.backend ?? claude,
          beginning: NEW_RUN,
          transcript: null,
          logOffset: 0,
          startedAt: NOON + now,
          activeAt: NOON + now,
          timeoutMs: 45 * 60_000,
          ...more,
        },
        { clock, processes, files, wake },
        {
          onProgress: (report) =>
            Promise.resolve(checkpoints.push(report)).then((n) => script.onProgress?.(n) ?? true),
          stopAsked: () => asked,
          onStop: (reason) => {
            note(`stop: ${reason}`);
            return Promise.resolve(script.onStop?.() ?? true);
          },
        },
        daemon.signal,
      ),
    async pass(ms): Promise<void> {
      const until = now + ms;
      await settle();
      for (;;) {
        const next = [...sleepers].sort((a, b) => a.due - b.due)[0];
        if (next === undefined || next.due > until) break;
        now = Math.max(now, next.due);
        next.wake();
        await settle();
      }
      now = until;
    },
  };
}

/** The same function, counted. */
function wrap<A extends unknown[]>(inner: (...args: A) => void, counted: () => void): (...args: A) => void {
  return (...args) => {
    counted();
    inner(...args);
  };
}
