/**
 * One look at everything the reaper judges by: live rows, processes, clocks. It reads, and changes nothing.
 *
 * K1. A row that cannot be looked at is logged, and the others are looked at all the same.
 * K2. A process is ours only if its mark names a run of this store: several daemons may share a machine.
 * K3. All processes are looked through at most once, and not at all while nothing has run since the last two times:
 *     only a marked process can make another one.
 */

import { StoreFault } from "../store/engine/engine.ts";
import { stackOf } from "../system/stack.ts";
import { SILENCE_MS } from "../workflow/limits.ts";
import { RUN_MARK, type Run } from "../workflow/run.ts";
import { runMoves } from "../workflow/states.ts";
import type { ReaperPorts } from "./ports.ts";
import { type Moment, noteRun, type RunFacts, type RunNotes, type Sight, sightOf } from "./sight.ts";
import type { Stray, Verdict } from "./tiers.ts";

/** What one look leaves for the next. */
export interface Notes {
  readonly runs: ReadonlyMap<string, RunNotes>;
  /** How often in a row each stray was seen, by pid and start time. */
  readonly strays: ReadonlyMap<string, number>;
  /** Runs that will not change any more: their status, `null` for those of other stores. */
  readonly settled: ReadonlyMap<string, string | null>;
  /** How many looks found nothing that lives and nothing that strays. */
  readonly calm: number;
  /** When the last look was, on the clock that never jumps, and how long the reaper had then been awake. */
  readonly lookedAt: number | null;
  readonly awakeMs: number;
}

export const NO_NOTES: Notes = {
  runs: new Map(),
  strays: new Map(),
  settled: new Map(),
  calm: 0,
  lookedAt: null,
  awakeMs: 0,
};

/**
 * The most that time may advance between two looks. A daemon that was frozen for an hour wakes up together with its
 * supervisors, and they have had no hour to act.
 */
const AWAKE_MS_MAX = 15_000;

/** Looks through the processes in which nothing was found, before that is believed. */
const CALM_LOOKS = 2;

export interface Look {
  readonly sights: readonly Sight[];
  readonly strays: readonly Stray[];
  readonly notes: Notes;
}

/** @throws StoreFault when the rows cannot be read. */
export async function look(ports: ReaperPorts, before: Notes): Promise<Look> {
  const rows = await ports.runs.live((fault) =>
    ports.log.error({ event: "run.unreadable", reason: fault.message, hint: fault.hint }),
  );
  const lookedAt = ports.clock.monotonic();
  const sinceMs = lookedAt - (before.lookedAt ?? lookedAt);
  const awakeMs = before.awakeMs + Math.min(sinceMs, AWAKE_MS_MAX);
  const runs = await lookAtRuns(ports, rows, before, awakeMs);
  const isCalm = rows.length === 0 && before.calm >= CALM_LOOKS;
  const { strays, settled } = isCalm ? NOBODY : await lookForStrays(ports, rows, before);
  return {
    sights: runs.map(({ sight }) => sight),
    strays,
    notes: {
      runs: new Map(runs.map(({ sight, notes }) => [sight.run.id, notes])),
      strays: new Map(strays.map((stray) => [keyOf(stray), stray.looks])),
      settled,
      calm: rows.length > 0 || strays.length > 0 ? 0 : before.calm + 1,
      ...{ lookedAt, awakeMs },
    },
  };
}

const NOBODY: { readonly strays: readonly Stray[]; readonly settled: Notes["settled"] } = {
  strays: [],
  settled: new Map(),
};

/** What was done about a run, for the graces of the next looks. */
export function noteDone(before: Notes, verdict: Verdict): Notes {
  if (verdict.act === "kill" || verdict.act === "mark_exited") return before;
  const { id } = verdict.run;
  const notes = before.runs.get(id);
  if (notes === undefined) return before;
  const done = {
    adopt: { handed: before.awakeMs },
    take_over: { taken: before.awakeMs },
    conclude: { taken: before.awakeMs },
    stop: { signalled: before.awakeMs },
    end_launcher: { signalled: before.awakeMs },
  }[verdict.act];
  return { ...before, runs: new Map([...before.runs, [id, { ...notes, ...done }]]) };
}

interface Looked {
  readonly sight: Sight;
  readonly notes: RunNotes;
}

async function lookAtRuns(
  ports: ReaperPorts,
  rows: readonly Run[],
  before: Notes,
  awakeMs: number,
): Promise<readonly Looked[]> {
  const { clock, log } = ports;
  const looked: Looked[] = [];
  for (const run of rows) {
    try {
      const facts = await factsOf(ports, run);
      const at: Moment = { now: clock.now(), awakeMs };
      const notes = noteRun(run, facts, before.runs.get(run.id), at);
      looked.push({ notes, sight: sightOf(run, facts, notes, at) });
    } catch (error) {
      log.error({ event: "reaper.faulted", run: run.id, task: run.task, reason: stackOf(error) });
    }
  }
  return looked;
}

async function factsOf(ports: ReaperPorts, run: Run): Promise<RunFacts> {
  const { processes, hands, knowledge, clock } = ports;
  const { identity } = run;
  const isAlive = identity !== null && processes.isAlive(identity);
  // Only of a run whose row says nothing new there is more to ask.
  const isSilent = isAlive && clock.now() - (run.activeAt ?? run.claimedAt) >= SILENCE_MS;
  return {
    inHand: hands.holds(run.id),
    process: identity === null ? "unrecorded" : isAlive ? "alive" : "gone",
    processAgeMs: isAlive ? processes.ageMs(identity) : null,
    // While the agent lives nobody asks for its launcher: it may be killed, and the agent is still the run's process.
    launcher: identity !== null && !isAlive && processes.isLauncherAlive(identity),
    rebooted: identity !== null && processes.bootId !== undefined && identity.bootId !== processes.bootId,
    exit: isAlive ? null : await processes.exitRecord(knowledge.directory(run)),
    timeoutMs: knowledge.timeoutMs(run),
    stopMs: isAlive ? knowledge.stopMs(run) : 0,
    logSilentMs: isSilent ? knowledge.logSilentMs(run) : 0,
    openTools: isSilent ? knowledge.openTools(run) : 0,
    gitIdleMs: isAlive ? Number.POSITIVE_INFINITY : knowledge.gitIdleMs(run),
  };
}

async function lookForStrays(
  ports: ReaperPorts,
  rows: readonly Run[],
  before: Notes,
): Promise<typeof NOBODY> {
  const live = new Set(rows.map(({ id }) => id));
  const met = new Set<string>();
  // Of the living nothing is to be known here, nor of what belongs to other daemons.
  const isWanted = (run: string): boolean => {
    met.add(run);
    return !live.has(run) && before.settled.get(run) !== null;
  };
  const marked = await ports.table.marked("reap", RUN_MARK, isWanted);
  const settled = new Map([...before.settled].filter(([run]) => met.has(run)));
  const strays: Stray[] = [];
  for (const { identity, value: run } of marked) {
    const status = settled.get(run) ?? (await statusOf(ports, run));
    if (status === undefined) continue;
    const isOver = status !== null && runMoves.final.some((final) => final === status);
    if (status === null || isOver) settled.set(run, status);
    if (!isOver) continue;
    const looks = (before.strays.get(keyOf({ identity })) ?? 0) + 1;
    strays.push({ run, status, identity, looks });
  }
  return { strays, settled };
}

/** `null` for a run of another store; `undefined` if its row cannot be read (K1). */
async function statusOf({ runs, log }: ReaperPorts, run: string): Promise<string | null | undefined> {
  try {
    return (await runs.get(run))?.status ?? null;
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    log.error({ event: "reaper.faulted", run, reason: stackOf(error) });
    return undefined;
  }
}

function keyOf({ identity }: Pick<Stray, "identity">): string {
  return `${identity.pid}/${identity.startTicks}`;
}
