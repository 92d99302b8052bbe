/**
 * Simulated agents: gated, writing a transcript in Claude's format, obeying signals as Claude does, outliving their
 * daemons. The kernel (`SimKernel`) is shared by all daemons of a world; each daemon has its own view of it.
 */

import type {
  ExitRecord,
  LaunchResult,
  LaunchSpec,
  Processes,
  ProcessIdentity,
} from "../../system/process/processes.ts";
import type { MarkedProcess, ProcessTable } from "../../system/process/table.ts";
import { markOf, RUN_MARK } from "../../workflow/run.ts";
import type { SimDisk } from "./ports.ts";
import type { World } from "./world.ts";

const BOOT = "00000000-0000-4000-8000-000000000001";

export interface SimProcess {
  readonly identity: ProcessIdentity;
  readonly run: string;
  readonly task: string;
  readonly directory: string;
  readonly worktree: string;
  /** The gate was opened: from here on it is an agent, and there may be only one. */
  released: boolean;
  readonly spawnedAt: number;
  alive: boolean;
  /** Tokens that its transcript has reported: what the store must count, once. */
  tokens: number;
  /** Of these, the ones that a `result` line has summed up already. */
  summed: number;
  /** The account whose environment it was given. */
  readonly account: string;
  /** Its phase, and where that wants something left behind. */
  readonly phase: string;
  readonly artifactPath: string | null;
  /** What it has left there. */
  artifact: string | null;
  /** Where it may ask a person. */
  readonly askPath: string | null;
  /** It has done its work to the end, so that there is another commit. */
  hasWorked: boolean;
}

/** Somebody else's process, which got the pid of an agent that is gone. */
interface Innocent {
  readonly pid: number;
  readonly startTicks: number;
}

/** What one agent will do with its life, drawn when it starts. */
interface Script {
  readonly turns: number;
  readonly turnMs: number;
  readonly fails: boolean;
  readonly hangs: boolean;
  readonly lingers: boolean;
  readonly refused: boolean;
}

export class SimKernel {
  readonly processes: SimProcess[] = [];
  readonly innocents: Innocent[] = [];
  /** When the usage limit of an account resets. */
  readonly limits: Map<string, number> = new Map();
  /** Signals that reached somebody they were not meant for (I5). */
  hurt = 0;
  /** What an agent leaves behind at its end; `null` for nothing. */
  artifactOf: (process: SimProcess) => string | null = () => null;
  /** What it asks a person in place of ending its work; `null` for nothing. */
  asksOf: (process: SimProcess) => string | null = () => null;
  /** Whether new limits and refusals strike. */
  isUnlucky: () => boolean = () => true;
  readonly #world: World;
  readonly #disk: SimDisk;
  readonly #watchers: Set<() => void> = new Set();
  #nextPid = 1_000;

  constructor(world: World, disk: SimDisk) {
    this.#world = world;
    this.#disk = disk;
  }

  alive(): readonly SimProcess[] {
    return this.processes.filter((process) => process.alive);
  }

  /** The gate's end of file: every child of this daemon that was not released exits without having run. */
  daemonDied(gated: readonly SimProcess[]): void {
    for (const process of gated)
      if (process.alive && !process.released) this.#exit(process, { code: 75, signal: null, neverRan: true });
  }

  spawn(spec: LaunchSpec): SimProcess {
    const pid = this.#nextPid++;
    const identity = { pid, startTicks: pid * 7, pgid: pid - 1, leaderTicks: pid * 7 - 1, bootId: BOOT };
    const process: SimProcess = {
      identity,
      run: spec.env[RUN_MARK] ?? "",
      task: spec.env["CHARGEHAND_TASK"] ?? "",
      directory: spec.directory,
      worktree: spec.cwd,
      released: false,
      spawnedAt: this.#world.now,
      alive: true,
      tokens: 0,
      summed: 0,
      account: spec.env["SIM_ACCOUNT"] ?? "",
      phase: spec.env["CHARGEHAND_PHASE"] ?? "",
      artifactPath: spec.env["CHARGEHAND_ARTIFACT"] ?? null,
      artifact: null,
      askPath: spec.env["CHARGEHAND_ASK"] ?? null,
      hasWorked: false,
    };
    this.processes.push(process);
    return process;
  }

  release(process: SimProcess): void {
    if (!process.alive || process.released) return;
    process.released = true;
    this.#world.note(`agent ${process.task} run=${process.run.slice(0, 6)} starts`);
    const { prng } = this.#world;
    const isSpender = prng.chance(1, 8);
    const script: Script = {
      turns: isSpender ? 60 : 1 + prng.below(4),
      turnMs: isSpender ? 1_000 : 500 + prng.below(20_000),
      refused: this.isUnlucky() && prng.chance(1, 60),
      fails: prng.chance(1, 6),
      hangs: prng.chance(1, 12),
      lingers: prng.chance(1, 10),
    };
    this.#say(process, {
      type: "system",
      subtype: "init",
      session_id: `s-${process.run}`,
      model: "claude-sonnet-5-5",
    });
    this.#turn(process, script, 0);
  }

  signal(process: SimProcess, signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void {
    const { prng } = this.#world;
    const latency = prng.below(2_000);
    this.#world.at(latency, -1, () => {
      if (!process.alive) return;
      if (!process.released && signal !== "SIGKILL") return;
      if (signal === "SIGINT") {
        if (prng.chance(1, 3)) return;
        this.#result(process, {
          is_error: true,
          subtype: "error_during_execution",
          terminal_reason: "aborted_streaming",
        });
        this.#exit(process, { code: 0, signal: null, neverRan: false });
      } else {
        this.#exit(process, { code: null, signal, neverRan: false });
      }
    });
  }

  /** Somebody else's `kill -9`: of the agent, or of agent and launcher together, which leaves no exit record. */
  murder(process: SimProcess, withLauncher: boolean): void {
    if (!process.alive) return;
    this.#world.note(`murder run=${process.run.slice(0, 6)} launcher=${withLauncher}`);
    if (withLauncher) this.#gone(process);
    else this.#exit(process, { code: null, signal: "SIGKILL", neverRan: false });
  }

  /** Lets everybody who waits for an end look again. */
  look(): void {
    for (const look of [...this.#watchers]) look();
  }

  watch(look: () => void): () => void {
    this.#watchers.add(look);
    return () => this.#watchers.delete(look);
  }

  #turn(process: SimProcess, script: Script, turn: number): void {
    this.#world.at(script.turnMs, -1, () => {
      if (!process.alive) return;
      if (script.hangs && turn > 0) return;
      if (script.refused) return this.#refuse(process, 401, "authentication_failed");
      if (this.#meetsLimit(process)) return this.#refuse(process, 429, "usage_limit_reached");
      if (turn < script.turns) {
        process.tokens += 10;
        this.#say(process, {
          type: "assistant",
          message: {
            id: `m-${process.run}-${turn}`,
            model: "claude-sonnet-5-5",
            content: [],
            usage: { input_tokens: 10, output_tokens: 1 },
          },
        });
        this.#turn(process, script, turn + 1);
        return;
      }
      if (!script.fails) this.#leave(process);
      this.#result(
        process,
        script.fails
          ? { is_error: true, subtype: "error_during_execution" }
          : { is_error: false, subtype: "success" },
      );
      if (script.lingers) return;
      this.#exit(process, { code: script.fails ? 1 : 0, signal: null, neverRan: false });
    });
  }

  #leave(process: SimProcess): void {
    const asks = process.askPath === null ? null : this.asksOf(process);
    if (process.askPath !== null && asks !== null) {
      this.#disk.put(process.askPath, asks);
      return;
    }
    process.hasWorked = true;
    if (process.artifactPath === null) return;
    process.artifact = this.artifactOf(process);
    if (process.artifact !== null) this.#disk.put(process.artifactPath, process.artifact);
  }

  /** Limits are set while agents work, and hold for all that use the account. */
  #meetsLimit({ account }: SimProcess): boolean {
    const { prng, now } = this.#world;
    if (this.isUnlucky() && prng.chance(1, 25)) this.limits.set(account, now + prng.below(40 * 60_000));
    return (this.limits.get(account) ?? 0) > now;
  }

  #refuse(process: SimProcess, status: number, error: string): void {
    const resetsAt = Math.ceil((this.limits.get(process.account) ?? 0) / 1_000);
    if (status === 429)
      this.#say(process, { type: "rate_limit_event", rate_limit_info: { status: "rejected", resetsAt } });
    this.#result(process, {
      is_error: true,
      subtype: "success",
      terminal_reason: "api_error",
      api_error_status: status,
      api_error: error,
    });
    this.#exit(process, { code: 1, signal: null, neverRan: false });
  }

  #result(process: SimProcess, more: Record<string, unknown>): void {
    const tokens = process.tokens - process.summed;
    process.summed = process.tokens;
    const usage = {
      inputTokens: tokens,
      outputTokens: tokens,
      cacheReadInputTokens: 0,
      cacheCreationInputTokens: 0,
      costUSD: tokens / 1_000,
      costBasis: "list",
    };
    this.#say(process, {
      type: "result",
      session_id: `s-${process.run}`,
      result: "worked",
      model_usage_since_last_result: { "claude-sonnet-5-5": usage },
      ...more,
    });
  }

  #say(process: SimProcess, line: Record<string, unknown>): void {
    this.#disk.append(`${process.directory}/stdout.log`, `${JSON.stringify(line)}\n`);
  }

  #exit(process: SimProcess, record: ExitRecord): void {
    this.#disk.put(`${process.directory}/exit.json`, JSON.stringify(record));
    this.#gone(process);
  }

  #gone(process: SimProcess): void {
    process.alive = false;
    const { pid, startTicks } = process.identity;
    // Pids are few, and soon somebody else's.
    if (this.#world.prng.chance(1, 2)) this.innocents.push({ pid, startTicks: startTicks + 1 });
    this.#world.note(`exit run=${process.run.slice(0, 6)}`);
    this.look();
  }
}

/** Ways in which the door to processes can be wrong, for the simulator's test of itself. */
export interface BrokenDoor {
  /** The agent is let go before its row is written. */
  readonly noGate?: boolean;
  /** A pid is believed without its start time. */
  readonly noIdentity?: boolean;
  /** A process that was signalled counts as gone. */
  readonly signalIsEnd?: boolean;
}

/** One daemon's view of the kernel. */
export function simProcesses(
  world: World,
  owner: number,
  kernel: SimKernel,
  disk: SimDisk,
  gated: SimProcess[],
  broken: BrokenDoor = {},
): Processes {
  const find = (identity: ProcessIdentity): SimProcess | undefined =>
    kernel.processes.find(
      (p) => p.identity.pid === identity.pid && p.identity.startTicks === identity.startTicks,
    );
  const believed = new Set<number>();
  const isAlive = (identity: ProcessIdentity): boolean =>
    find(identity)?.alive === true && !believed.has(identity.pid);
  return {
    async launch(_operation, spec): Promise<LaunchResult> {
      await world.delay(world.prng.below(5), owner);
      if (world.prng.chance(1, 60)) return { kind: "failed", reason: "no more processes" };
      const process = kernel.spawn(spec);
      gated.push(process);
      if (broken.noGate) kernel.release(process);
      await world.delay(world.prng.below(5), owner);
      const launched = {
        identity: process.identity,
        release: () => kernel.release(process),
        abandon: () => kernel.daemonDied([process]),
      };
      return { kind: "launched", launched };
    },
    isAlive,
    ageMs: (identity) => {
      const process = find(identity);
      return process?.alive === true ? world.now - process.spawnedAt : null;
    },
    isLauncherAlive: isAlive,
    signal(_operation, identity, signal): boolean {
      const process = find(identity);
      if (process === undefined || !process.alive) {
        const stranger = kernel.innocents.some(({ pid }) => pid === identity.pid);
        if (broken.noIdentity && stranger) kernel.hurt += 1;
        return false;
      }
      if (broken.signalIsEnd) {
        believed.add(identity.pid);
        kernel.look();
      }
      kernel.signal(process, signal);
      return true;
    },
    ended: (identity, _directory, signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          stopWatching();
          world.at(world.prng.below(50), owner, resolve);
        };
        const stopWatching = kernel.watch(() => (isAlive(identity) ? undefined : end()));
        signal.addEventListener("abort", end, { once: true });
        if (signal.aborted || !isAlive(identity)) end();
      }),
    async exitRecord(directory): Promise<ExitRecord | null> {
      await world.delay(world.prng.below(3), owner);
      const text = disk.files.get(`${directory}/exit.json`);
      return text === undefined ? null : (JSON.parse(text) as ExitRecord);
    },
    async strays(_operation, mark, directory): Promise<number> {
      if (broken.signalIsEnd) return 0;
      await world.delay(world.prng.below(20), owner);
      return kernel.alive().filter((p) => mark === markOf(p.run) || p.worktree === directory).length;
    },
    async sweep(_operation, mark, directory): Promise<number> {
      if (broken.signalIsEnd) return 0;
      await world.delay(world.prng.below(20), owner);
      const strays = kernel.alive().filter((p) => mark === markOf(p.run) || p.worktree === directory);
      for (const stray of strays) kernel.murder(stray, true);
      return strays.length;
    },
  };
}

/** Which processes carry the mark of a run, as the reaper sees them. */
export function simTable(world: World, owner: number, kernel: SimKernel): ProcessTable {
  return {
    async marked(_operation, _name, isWanted): Promise<readonly MarkedProcess[]> {
      await world.delay(world.prng.below(20), owner);
      return kernel
        .alive()
        .filter(({ run }) => isWanted(run))
        .map(({ identity, run }) => ({ identity, value: run }));
    },
  };
}
