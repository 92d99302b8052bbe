/**
 * How a run ended, from everything that is known once its process is gone. Pure.
 *
 * Evidence in this order (DESIGN §5): did we stop it; the program's own last word; the exit record; and if there is
 * none, it crashed. Usage is kept in every case: a stopped run has cost what it cost (I8).
 *
 * E1. Work that was finished stays finished: a program that has said so, in its last event or its result file, was
 *     stopped too late, whatever our reason. Only a person's `cancelled` that reached it counts for more.
 * E2. A stop that was asked for and never reached the program explains a failure, and takes nothing from a success, be
 *     that no more than an exit code.
 * E3. A program that we stopped for its silence may have said why it waited. Then that is why it ended.
 * E4. A run where something else lies in the place of its files has failed, whatever it says, and is told what lies
 *     there (I14). What its program itself has called a failure stays that failure.
 */

import ms from "ms";
import { FAULTS } from "../workflow/faults.ts";
import { REPEATS_MAX } from "../workflow/limits.ts";
import type { RunOutcome, StopReason, Usage } from "../workflow/run.ts";
import type { Backend, Ending, Transcript } from "./backend.ts";
import { judgeNeverRan } from "./exit.ts";
import type { Supervised } from "./supervision/supervise.ts";
import { tellVanished } from "./supervision/vanished.ts";
import { type Failure, failed, type Terminal } from "./terminal.ts";

type Ended = Extract<Supervised, { kind: "ended" }>;
export interface EndingConclusion {
  /** Final for the run; a branch and a commit are added by whoever publishes. */
  readonly outcome: RunOutcome;
  readonly usage: readonly Usage[];
  readonly session: string | null;
}

/** @param now calendar time (ms), to say how long a usage limit has still to go */
export function concludeEnding(
  backend: Backend,
  ended: Ended,
  ending: Ending,
  now: number,
): EndingConclusion {
  const { transcript, exit } = ended;
  const { terminal: said, usage, session } = backend.conclude(transcript, ending);
  const terminal = withViolation(said, transcript, ending);
  const stopped = whatStopped(ended, terminal, hasSaid(backend, transcript, ending));
  if (stopped === null && transcript.terminal === null && exit?.neverRan === true) {
    const { failure, reason } = ending.setup ?? judgeNeverRan(ending);
    const rest = { summary: null, session: null, retryAfterMs: 0 };
    const status = ending.setup === null ? "lost" : (FAULTS[failure].ends ?? "failed");
    return { outcome: { status, failure, reason, ...rest }, usage, session };
  }
  return { outcome: judgeOutcome({ ...ended, stopped }, terminal, session, now), usage, session };
}

/** E4. */
function withViolation(terminal: Terminal, { terminal: last }: Transcript, { violation }: Ending): Terminal {
  if (violation === null || (last !== null && !terminal.ok)) return terminal;
  return failed("agent_error", violation, terminal.summary);
}

/** E1, E2. */
function whatStopped({ stopped, asked }: Ended, terminal: Terminal, isSaid: boolean): StopReason | null {
  if (stopped === null) return terminal.ok ? null : asked;
  return stopped !== "cancelled" && terminal.ok && isSaid ? null : stopped;
}

/** Whether the program itself told how it ended, and not its exit code alone. */
function hasSaid(backend: Backend, transcript: Transcript, { outputs }: Ending): boolean {
  return backend.lastWord === "line"
    ? transcript.terminal !== null
    : backend.outputs.some((name) => outputs[name] !== undefined);
}

function judgeOutcome(ended: Ended, terminal: Terminal, session: string | null, now: number): RunOutcome {
  const { stopped, exit, transcript } = ended;
  const stop = stopped === null ? null : stopOutcome(stopped, ended);
  if (stop !== null && isWaiting(stopped, terminal)) {
    const { failure, summary } = terminal;
    const told = `${stop.reason}, while it waited because of this: ${tell(terminal)}`;
    return {
      status: "killed",
      failure,
      reason: told,
      summary,
      session,
      retryAfterMs: waitFor(terminal, now),
    };
  }
  if (stop !== null) return { ...stop, summary: terminal.summary, session, retryAfterMs: 0 };
  if (terminal.ok)
    return { status: "succeeded", summary: terminal.summary, session, branch: null, commit: null };
  const { failure, summary } = terminal;
  const isVanished = FAULTS[failure].isVanishing && exit === null && transcript.terminal === null;
  const reason = isVanished && ended.witness !== undefined ? tellVanished(ended.witness) : tell(terminal);
  const status = FAULTS[failure].ends ?? "failed";
  return { status, failure, reason, summary, session, retryAfterMs: waitFor(terminal, now) };
}

/**
 * E3. Whether what we stopped only waited for its service, as some programs do for hours without a word. Then the
 * service's refusal is why it ended, and our patience was only when.
 */
function isWaiting(stopped: StopReason | null, terminal: Terminal): terminal is Failure {
  if (terminal.ok || (stopped !== "stalled" && stopped !== "timeout")) return false;
  return FAULTS[terminal.failure].isWaitedFor === true;
}

type Failed = Exclude<RunOutcome, { status: "succeeded" }>;
type Killed = Pick<Failed, "status" | "failure" | "reason">;

/** `null` where stopping it proves nothing: a process that only lingered had finished its work. */
function stopOutcome(reason: StopReason, { ranMs, transcript }: Ended): Killed | null {
  const ran = ms(Math.max(0, Math.round(ranMs / 1_000) * 1_000), { long: true });
  switch (reason) {
    case "cancelled":
      return { status: "killed", failure: "cancelled", reason: `it was cancelled after ${ran}` };
    case "paused":
      return { status: "killed", failure: "paused", reason: `it was paused after ${ran}` };
    case "timeout":
      return {
        status: "killed",
        failure: "timeout",
        reason: `it reached its time limit and was stopped after ${ran}`,
      };
    case "stalled":
      return {
        status: "killed",
        failure: "stalled",
        reason: `it was silent for too long and was stopped after ${ran}`,
      };
    case "runaway":
      return {
        status: "killed",
        failure: "runaway",
        reason: `it made ${circles(transcript)} without progress and was stopped after ${ran}`,
      };
    case "budget":
      return {
        status: "killed",
        failure: "budget_limit",
        reason: `it reached a budget and was stopped after ${ran}`,
      };
    case "shutdown":
      return {
        status: "killed",
        failure: "shutdown",
        reason: `it was stopped after ${ran} because the daemon shut down`,
      };
    case "window":
      return {
        status: "killed",
        failure: "window",
        reason: `it was stopped after ${ran} because the window of its project closed`,
      };
    case "lingering":
      return null;
    default:
      return reason satisfies never;
  }
}

function circles({ calls: { inRow } }: Transcript): string {
  return inRow < REPEATS_MAX
    ? "calls or output"
    : `the same tool calls with the same results ${inRow} times in a row`;
}

const MINUTE = 60_000;
/** Clocks differ, and a limit lifted a moment late costs less than a turn refused. */
const RESET_SKEW_MS = MINUTE;
/** The longest limits are weekly; a reset further away is not believed. */
const RESET_MAX_MS = 8 * 24 * 60 * MINUTE;
/** A reset that nobody named: how long to wait is decided by `workflow/decide/cooldown.ts`, which knows other tasks. */
const UNKNOWN_RESET_MS = 0;

function waitFor(terminal: Failure, now: number): number {
  if (!isLimit(terminal)) return terminal.retryAfterMs;
  if (isResetUnknown(terminal)) return UNKNOWN_RESET_MS;
  const untilReset = terminal.resetAt === null ? terminal.retryAfterMs : terminal.resetAt - now;
  return Math.min(RESET_MAX_MS, Math.max(RESET_SKEW_MS, untilReset + RESET_SKEW_MS));
}

/** A wait of seconds is that of a single request, and not of a limit. */
function isResetUnknown(terminal: Failure): boolean {
  return isLimit(terminal) && terminal.resetAt === null && terminal.retryAfterMs < MINUTE;
}

/** Whether the account is used up until a moment that the service names, or does not name. */
function isLimit({ failure }: Failure): boolean {
  return FAULTS[failure].closes === "account_until_reset";
}

/** A time that is ours and not the service's is called so. */
function tell(terminal: Failure): string {
  return isResetUnknown(terminal)
    ? `${terminal.reason} (no reset was named; it is tried again after a while)`
    : terminal.reason;
}
