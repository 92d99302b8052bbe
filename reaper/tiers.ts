/**
 * What is to be done about a run that nobody has brought to its end (DESIGN §5, *Reaper*). Pure: sights in, verdicts
 * out.
 *
 * The supervisor of a run (`agents/supervision/supervise.ts`) ends it within milliseconds; these tiers are the net
 * below it.
 *
 * J1. A run that nobody has in hand is handed to the runner, whatever is the matter with it: there is one way to end
 *     a run, and it keeps output, usage and work. It must have been seen so twice, because between a claim and its
 *     runner there is a moment.
 * J2. A run in hand is left to its supervisor until a grace is over in which that should have acted. So is one that
 *     was handed to the runner and given back.
 * J3. A process is signalled only for a run that is overdue, and killed only after it was asked (10 s).
 * J4. A run is taken from its supervisor only when its process is gone and its row says so. Whatever the supervisor
 *     writes afterwards meets the store's fences and is refused (I3).
 * J5. Nor is it taken while git moves for its repository: a sweep would end a push that another one waits for. Git
 *     commands on one repository are serialized and each has its limit, so one that hangs for good ends the moving.
 *
 * Tier 5 (a node's heartbeat is gone) comes with many nodes: a verdict over rows of nodes, beside these.
 */

import ms from "ms";
import { type Lateness, latenessOf } from "../agents/supervision/lateness.ts";
import type { ProcessIdentity } from "../system/process/processes.ts";
import { GIT_COMMAND_MS, PUBLISH_PAUSES_MS, STOP_GRACE_MS } from "../workflow/limits.ts";
import type { Run, RunOutcome, StopReason } from "../workflow/run.ts";
import type { Sight } from "./sight.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Longer than any moment between a claim and its runner; shorter than the time between two looks. */
export const APART_GRACE_MS: number = 4 * SECOND;
/** A run that fails in the runner at once is not handed back to it at every look. */
export const HAND_AGAIN_MS: number = MINUTE;
/** What a supervisor has beyond the limit and the stop sequence: it looks every second. */
export const ACT_GRACE_MS: number = MINUTE;
/** A launcher writes the exit record within milliseconds; one that was stopped never does. */
export const LAUNCHER_GRACE_MS: number = MINUTE;
/** Noticing an end takes milliseconds, reading a log of gigabytes to its end takes minutes. */
export const NOTICE_GRACE_MS: number = 5 * MINUTE;
/**
 * Publishing waits for a forge, for hours if every command hangs and others are before it; what it does not do is
 * nothing: git begins or ends something at least this often (J5).
 */
export const FINALIZE_GRACE_MS: number = GIT_COMMAND_MS + Math.max(...PUBLISH_PAUSES_MS);
/** Preparing may clone a large repository first. */
export const PREPARE_GRACE_MS: number = 120 * MINUTE;
/** A launcher that outlived even KILL (uninterruptible sleep) is killed again now and then. */
export const KILL_AGAIN_MS: number = MINUTE;

interface AboutRun {
  readonly tier: 1 | 2 | 3 | 4 | null;
  readonly run: Run;
  /** One sentence for the log. */
  readonly because: string;
}

export type Verdict =
  /** Tier `null`: a living run that nobody looks after, and that is not overdue. */
  | (AboutRun & { readonly act: "adopt" | "take_over" | "end_launcher" | "mark_exited" })
  | (AboutRun & {
      readonly act: "stop";
      readonly reason: StopReason;
      readonly signal: "SIGTERM" | "SIGKILL";
    })
  | (AboutRun & { readonly act: "conclude"; readonly outcome: RunOutcome })
  | {
      readonly tier: 6;
      readonly act: "kill";
      readonly run: string;
      readonly identity: ProcessIdentity;
      readonly because: string;
    };

/** The first verdict about a live run, or `null`: nothing is the matter. */
export function judge(sight: Sight): Verdict | null {
  return unheld(sight) ?? vanished(sight) ?? unfinished(sight) ?? overdue(sight) ?? silent(sight);
}

/** J1. */
export function unheld(sight: Sight): Verdict | null {
  const { run, inHand, apartMs, handedMs, rebooted, exit } = sight;
  if (inHand || (handedMs !== null && handedMs < HAND_AGAIN_MS)) return null;
  if (!rebooted && (apartMs ?? 0) < APART_GRACE_MS) return null;
  const tier = sight.process !== "alive" ? (exit === null ? 1 : 2) : (lateness(sight)?.tier ?? null);
  const state = { unrecorded: "was never recorded", alive: "lives", gone: "is gone" }[sight.process];
  const because = `nobody in this daemon looks after the run, and its ${name(run)} ${state}`;
  return { tier, act: "adopt", run, because };
}

/** Tier 1: identity gone, no exit record. */
export function vanished(sight: Sight): Verdict | null {
  const { run, process, exit, inHand, launcher } = sight;
  if (!inHand || process === "alive" || exit !== null) return null;
  if (process === "unrecorded") return unprepared(sight);
  if (launcher && (sight.goneMs ?? 0) >= LAUNCHER_GRACE_MS && isDue(sight.signalledMs, KILL_AGAIN_MS)) {
    const because = `${name(run)} ended ${span(sight.goneMs)} ago, and its launcher has not written down how`;
    return { tier: 1, act: "end_launcher", run, because };
  }
  return launcher ? null : afterEnd(sight, 1);
}

/** Tier 2: exit known, not finalized within the grace. */
export function unfinished(sight: Sight): Verdict | null {
  const { process, exit, inHand } = sight;
  return !inHand || process !== "gone" || exit === null ? null : afterEnd(sight, 2);
}

/** Tier 3: past its time limit. */
export function overdue(sight: Sight): Verdict | null {
  const late = lateness(sight);
  return isMinded(sight) && late?.tier === 3 ? stopLate(sight, late) : null;
}

/** Tier 4: silent for too long. */
export function silent(sight: Sight): Verdict | null {
  const late = lateness(sight);
  return isMinded(sight) && late?.tier === 4 ? stopLate(sight, late) : null;
}

/** A process that carries the mark of a run of ours that is over, and at how many looks in a row it was seen. */
export interface Stray {
  readonly run: string;
  readonly status: string;
  readonly identity: ProcessIdentity;
  readonly looks: number;
}

/** Tier 6: seen at the last look already, so that the run's own sweep has had its time. */
export function strayed({ run, identity, status, looks }: Stray): Verdict | null {
  if (looks < 2) return null;
  const because = `process ${identity.pid} outlived its run, which is ${status}`;
  return { tier: 6, act: "kill", run, identity, because };
}

/** In hand, or handed to a runner that could not keep it, as one that cannot read its log: nobody else stops it. */
function isMinded({ inHand, handedMs }: Sight): boolean {
  return inHand || handedMs !== null;
}

interface Late extends Lateness {
  readonly tier: 3 | 4;
  readonly told: string;
}

function lateness(sight: Sight): Late | null {
  const late = sight.process === "alive" ? latenessOf(sight) : null;
  if (late === null) return null;
  const { ranMs, timeoutMs, silentMs } = sight;
  return late.reason === "timeout"
    ? { ...late, tier: 3, told: `has run for ${span(ranMs)}, over its limit of ${span(timeoutMs)}` }
    : { ...late, tier: 4, told: `has been silent for ${span(silentMs)}` };
}

/** J2, J3. */
function stopLate(sight: Sight, late: Late): Verdict | null {
  const { run, stopMs, signalledMs } = sight;
  if (late.byMs < stopMs + ACT_GRACE_MS) return null;
  const because = `${name(run)} ${late.told}, and its supervisor has not stopped it`;
  const verdict = { tier: late.tier, act: "stop", run, reason: late.reason, because } as const;
  if (signalledMs === null) return { ...verdict, signal: "SIGTERM" };
  return signalledMs < STOP_GRACE_MS ? null : { ...verdict, signal: "SIGKILL" };
}

/** Its process is gone; its supervisor has not noticed, or has not finished. */
function afterEnd(sight: Sight, tier: 1 | 2): Verdict | null {
  const { run, goneMs, gitIdleMs } = sight;
  const ended = `${name(run)} ended ${span(goneMs)} ago`;
  if (run.status !== "exited") {
    if ((goneMs ?? 0) < NOTICE_GRACE_MS) return null;
    return { tier, act: "mark_exited", run, because: `${ended}, and its supervisor has not noticed` };
  }
  if (Math.min(goneMs ?? 0, gitIdleMs) < FINALIZE_GRACE_MS) return null;
  return take(sight, tier, `${ended}, and nobody has concluded the run`);
}

function unprepared(sight: Sight): Verdict | null {
  if (sight.ranMs < PREPARE_GRACE_MS || sight.gitIdleMs < FINALIZE_GRACE_MS) return null;
  return take(sight, 1, `the run was claimed ${span(sight.ranMs)} ago, and its agent has not been started`);
}

/** J4. Once more by the runner, and if that hangs as well, without it. */
function take(sight: Sight, tier: 1 | 2, because: string): Verdict | null {
  const { run, takenMs } = sight;
  if (takenMs === null) return { tier, act: "take_over", run, because };
  if (Math.min(takenMs, sight.gitIdleMs) < FINALIZE_GRACE_MS) return null;
  const failure = tier === 1 && run.identity !== null ? "crashed" : "interrupted";
  const reason = `${because}; the daemon has tried twice to bring it to its end`;
  const outcome = { status: "lost", failure, reason, summary: null, session: null, retryAfterMs: 0 } as const;
  return { tier, act: "conclude", run, because: reason, outcome };
}

function isDue(sinceMs: number | null, everyMs: number): boolean {
  return sinceMs === null || sinceMs >= everyMs;
}

function name(run: Run): string {
  return run.identity === null ? "process" : `process ${run.identity.pid}`;
}

function span(spanMs: number | null): string {
  return ms(Math.round((spanMs ?? 0) / SECOND) * SECOND, { long: true });
}
