/** What the tests of the reaper share: a run, a sight of it, and a small machine whose processes can be replaced. */

import { NO_NOTES, type Notes } from "../../reaper/look.ts";
import { reap } from "../../reaper/loop.ts";
import type { ReaperPorts } from "../../reaper/ports.ts";
import type { Sight } from "../../reaper/sight.ts";
import type { LogLine } from "../../system/log.ts";
import { nullLog } from "../../system/log.ts";
import type { ExitRecord, ProcessIdentity } from "../../system/process/processes.ts";
import type { MarkedProcess } from "../../system/process/table.ts";
import { createWake } from "../../system/wake.ts";
import type { Run, RunOutcome } from "../../workflow/run.ts";
import { runMoves } from "../../workflow/states.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const BOOT = "11111111-1111-4111-8111-111111111111";
const NOON = 1_795_262_400_000;

export function identity(pid: number, startTicks: number = pid * 7, bootId: string = BOOT): ProcessIdentity {
  return { pid, startTicks, pgid: pid + 100_000, leaderTicks: startTicks - 1, bootId };
}

export function run(more: Partial<Run> = {}): Run {
  return {
    id: "r1",
    job: 1,
    task: "SHOP-1",
    project: "shop",
    phase: "work",
    agent: "developer",
    account: null,
    backend: "claude",
    model: null,
    effort: null,
    timeoutMs: null,
    heard: 0,
    fence: 1,
    status: "running",
    identity: identity(4_711),
    session: null,
    logOffset: 0,
    transcript: null,
    exitCode: null,
    signal: null,
    failure: null,
    reason: null,
    summary: null,
    ...{ branch: null, commit: null, files: null },
    stop: null,
    usage: [],
    claimedAt: NOON,
    startedAt: NOON,
    activeAt: NOON,
    exitedAt: null,
    finishedAt: null,
    ...more,
  };
}

/** A run in hand that lives, has just spoken, and may run for 45 minutes. */
export function sight(more: Partial<Sight> = {}): Sight {
  return {
    run: run(),
    inHand: true,
    process: "alive",
    launcher: true,
    rebooted: false,
    exit: null,
    ranMs: 12 * MINUTE,
    timeoutMs: 45 * MINUTE,
    stopMs: 20 * SECOND,
    silentMs: 0,
    openTools: 0,
    gitIdleMs: Number.POSITIVE_INFINITY,
    apartMs: null,
    goneMs: null,
    handedMs: null,
    takenMs: null,
    signalledMs: null,
    ...more,
  };
}

/** A process of the machine; `run` is what its environment says. */
export interface FakeProcess {
  readonly identity: ProcessIdentity;
  readonly run: string | null;
}

/** Rows, processes and time, all moved by hand, and one reaper. */
export class ScriptedHost {
  now: number = NOON;
  monotonic = 0;
  readonly rows: Map<string, Run> = new Map();
  processes: FakeProcess[] = [];
  readonly exits: Map<string, ExitRecord> = new Map();
  readonly held: Set<string> = new Set();
  /** What was done, in order, such as `SIGTERM 4711` or `adopt r1`. */
  readonly history: string[] = [];
  readonly lines: LogLine[] = [];
  readonly outcomes: RunOutcome[] = [];
  /** Ids whose rows cannot be read again, as a damaged row. */
  readonly damaged: Set<string> = new Set();
  logSilentMs = Number.POSITIVE_INFINITY;
  /** `null`: the kernel cannot tell, and only the rows know. */
  processAgeMs: number | null = null;
  openTools = 0;
  gitIdleMs = Number.POSITIVE_INFINITY;
  /** How often all processes were looked through. */
  tables = 0;
  /** Called between look and act, whenever a row is read again, and just before a signal. */
  meanwhile: () => void = () => undefined;
  readonly ports: ReaperPorts;
  #notes: Notes = NO_NOTES;

  constructor(bootId: string = BOOT) {
    this.ports = ports(this, bootId);
  }

  put(more: Partial<Run> = {}, options: { readonly inHand?: boolean; readonly lives?: boolean } = {}): Run {
    const row = run({ claimedAt: this.now, startedAt: this.now, activeAt: this.now, ...more });
    this.rows.set(row.id, row);
    if (options.inHand !== false) this.held.add(row.id);
    if (options.lives !== false && row.identity !== null)
      this.processes.push({ identity: row.identity, run: row.id });
    return row;
  }

  change(id: string, more: Partial<Run>): void {
    const row = this.rows.get(id);
    if (row !== undefined) this.rows.set(id, { ...row, ...more });
  }

  find({ pid, startTicks, bootId }: ProcessIdentity): FakeProcess | undefined {
    return this.processes.find(
      (one) => one.identity.pid === pid && one.identity.startTicks === startTicks && bootId === this.boot,
    );
  }

  get boot(): string {
    return this.ports.processes.bootId ?? "";
  }

  pass(ms: number): void {
    this.now += ms;
    this.monotonic += ms;
  }

  /** One round of the reaper; what it did since the last one. */
  async round(): Promise<readonly string[]> {
    const before = this.history.length;
    this.#notes = await reap(this.ports, this.#notes, new AbortController().signal);
    return this.history.slice(before);
  }

  /** Rounds every five seconds for so long. */
  async rounds(ms: number): Promise<readonly string[]> {
    const before = this.history.length;
    for (let left = ms; left > 0; left -= 5 * SECOND) {
      this.pass(5 * SECOND);
      await this.round();
    }
    return this.history.slice(before);
  }
}

function ports(host: ScriptedHost, bootId: string): ReaperPorts {
  const note = (text: string): void => void host.history.push(text);
  const clock = {
    now: () => host.now,
    monotonic: () => host.monotonic,
    sleep: () => Promise.resolve(),
  };
  const kill = (target: ProcessIdentity): void => {
    host.processes = host.processes.filter((one) => one !== host.find(target));
  };
  return {
    clock,
    wake: createWake(clock),
    log: {
      ...nullLog(),
      debug: (line) => void host.lines.push(line),
      info: (line) => void host.lines.push(line),
      warn: (line) => void host.lines.push(line),
      error: (line) => void host.lines.push(line),
    },
    runs: {
      live: async () => [...host.rows.values()].filter(({ status }) => runMoves.live.includes(status)),
      get: async (id) => {
        host.meanwhile();
        if (host.damaged.has(id)) throw new Error(`row ${id} is damaged`);
        return host.rows.get(id) ?? null;
      },
      askToStop: async (id, reason) => {
        note(`ask ${id} ${reason}`);
        return true;
      },
      exited: async (id, code, signal) => {
        note(`exited ${id} ${code ?? signal}`);
        host.change(id, { status: "exited" });
        return true;
      },
    },
    processes: {
      bootId,
      isAlive: (target) => host.find(target) !== undefined,
      ageMs: () => host.processAgeMs,
      isLauncherAlive: ({ pgid, leaderTicks, bootId: boot }) =>
        host.processes.some(
          (one) => one.identity.pid === pgid && one.identity.startTicks === leaderTicks && boot === host.boot,
        ),
      exitRecord: async (directory) => host.exits.get(directory.split("/").at(-1) ?? "") ?? null,
      signal: (_operation, target, signal) => {
        host.meanwhile();
        const found = host.find(target);
        if (found === undefined) return false;
        note(`${signal} ${target.pid}`);
        if (signal === "SIGKILL") kill(target);
        return true;
      },
      sweep: async (_operation, mark, directory) => {
        note(`sweep ${mark} ${directory}`);
        return 0;
      },
    },
    table: {
      marked: async (_operation, _name, isWanted): Promise<readonly MarkedProcess[]> => {
        host.tables += 1;
        return host.processes.flatMap(({ identity, run }) =>
          run === null || !isWanted(run) ? [] : [{ identity, value: run }],
        );
      },
    },
    hands: {
      holds: (id) => host.held.has(id),
      adopt: (row) => {
        note(`adopt ${row.id}`);
        host.held.add(row.id);
      },
      takeOver: (row) => note(`take over ${row.id}`),
      conclude: (row, outcome) => {
        note(`conclude ${row.id} ${outcome.status}`);
        host.outcomes.push(outcome);
      },
    },
    knowledge: {
      timeoutMs: () => 45 * MINUTE,
      stopMs: () => 20 * SECOND,
      directory: (row) => `/runs/${row.id}`,
      worktree: (row) => `/worktrees/${row.task}`,
      logSilentMs: () => host.logSilentMs,
      openTools: () => host.openTools,
      gitIdleMs: () => host.gitIdleMs,
    },
  };
}
