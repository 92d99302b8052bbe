/**
 * What the reaper sees of one live run: its row, what there is of its process, and for how long it has been so.
 *
 * The spans come from notes that the reaper takes between two looks, in its own waking time: neither a calendar that is
 * set forward by a day nor a night in which the machine slept makes a run overdue. The notes are memory only. A reaper
 * that has just begun has none: it asks the kernel how old a process is, and for all other graces is as patient as if
 * everything had happened just now.
 */

import { spansOf } from "../agents/supervision/spans.ts";
import type { ExitRecord } from "../system/process/processes.ts";
import type { Run } from "../workflow/run.ts";

/** What one look finds out about a live run. */
export interface RunFacts {
  /** The runner of this daemon has it: prepares, supervises or concludes it. */
  readonly inHand: boolean;
  /** `unrecorded`: no process was written down, so none may have run (start gate). */
  readonly process: "unrecorded" | "alive" | "gone";
  /** How old the process is by the kernel's clock, ms; `null` where there is none, or the kernel cannot tell. */
  readonly processAgeMs: number | null;
  /** The launcher lives: an exit record may yet come. */
  readonly launcher: boolean;
  /** Its process belongs to an earlier boot of the machine. */
  readonly rebooted: boolean;
  readonly exit: ExitRecord | null;
  /** Of its profile, ms. */
  readonly timeoutMs: number;
  /** How long the stop sequence of its backend may take, ms. */
  readonly stopMs: number;
  /** How long ago its log was written to, ms; 0 where that was not asked because the row says enough. */
  readonly logSilentMs: number;
  readonly openTools: number;
  /** How long git has done nothing for its repository, ms: while its work is published that moves. */
  readonly gitIdleMs: number;
}

/** Moments of the reaper's waking time; `null`: not so, or not yet. */
export interface RunNotes {
  readonly started: number;
  /** The row's `startedAt` that belongs to `started`: an agent begins when its set-up is over. */
  readonly startedAt: number | null;
  readonly active: number;
  /** The row's `activeAt` that belongs to `active`. */
  readonly activeAt: number | null;
  /** Since when nobody has it in hand, and its process is gone. */
  readonly apart: number | null;
  readonly gone: number | null;
  /** When the reaper handed it to the runner, took it from a supervisor that hangs, and signalled its process. */
  readonly handed: number | null;
  readonly taken: number | null;
  readonly signalled: number | null;
}

/** A live run as the tiers judge it; spans in ms, `null` where there is none. */
export interface Sight extends Omit<RunFacts, "logSilentMs" | "processAgeMs"> {
  readonly run: Run;
  readonly ranMs: number;
  readonly silentMs: number;
  readonly apartMs: number | null;
  readonly goneMs: number | null;
  readonly handedMs: number | null;
  readonly takenMs: number | null;
  readonly signalledMs: number | null;
}

/** Two clocks read at the same moment, ms. */
export interface Moment {
  /** The calendar, for what a row says. */
  readonly now: number;
  /** How long the reaper has been awake. */
  readonly awakeMs: number;
}

/** Notes for a run that was just looked at. */
export function noteRun(
  run: Run,
  facts: Pick<RunFacts, "inHand" | "process" | "processAgeMs">,
  before: RunNotes | undefined,
  at: Moment,
): RunNotes {
  const activeAt = run.activeAt ?? run.startedAt;
  const startedAt = run.startedAt ?? run.claimedAt;
  const { processAgeMs } = facts;
  const first = spansOf({ now: at.now, startedAt, activeAt: activeAt ?? startedAt, processAgeMs });
  const isSame = before !== undefined && before.activeAt === activeAt;
  return {
    started: before?.startedAt === run.startedAt ? before.started : at.awakeMs - first.ranMs,
    startedAt: run.startedAt,
    // News since the last look happened after it, whatever the calendar says.
    active: isSame ? before.active : before === undefined ? at.awakeMs - first.silentMs : at.awakeMs,
    activeAt,
    apart: facts.inHand ? null : (before?.apart ?? at.awakeMs),
    gone: facts.process === "gone" ? (before?.gone ?? at.awakeMs) : null,
    handed: before?.handed ?? null,
    taken: before?.taken ?? null,
    signalled: before?.signalled ?? null,
  };
}

/** Pure: the same row, facts, notes and moment make the same sight. */
export function sightOf(run: Run, facts: RunFacts, notes: RunNotes, at: Moment): Sight {
  const { logSilentMs, processAgeMs: _, ...seen } = facts;
  const span = (since: number | null): number | null => (since === null ? null : at.awakeMs - since);
  return {
    ...seen,
    run,
    ranMs: at.awakeMs - notes.started,
    // A supervisor that hangs writes no activity down; the log itself knows better.
    silentMs: Math.min(at.awakeMs - notes.active, logSilentMs),
    apartMs: span(notes.apart),
    goneMs: span(notes.gone),
    handedMs: span(notes.handed),
    takenMs: span(notes.taken),
    signalledMs: span(notes.signalled),
  };
}
