/**
 * Failure classes of a run, and what each one costs: one table (DESIGN §5, *End of a run*).
 *
 * A class names whose fault it was. From that follow: whether the job is tried again, which counter pays for it,
 * how long it waits, and whether the agent's session may be continued. I9: what is nobody's fault costs no attempt.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Which budget a retry is taken from. `attempts` is the job's own `max_attempts`; `free` costs nothing (I9). */
export type RetryCounter = "attempts" | "transients" | "interruptions" | "free";

/**
 * What is closed so that a free retry is no loop: the account until its limit resets, the account or the agent profile
 * until a person has mended it, or the job until its budget is raised.
 */
type Closes = "account_until_reset" | "account" | "agent" | "job";

export interface FaultRule {
  /** The counter that pays for another try; `null` means that the job is never tried again by itself. */
  readonly counter: RetryCounter | null;
  /** First waiting time and its ceiling, in ms; doubled per try and drawn with full jitter. */
  readonly backoff: { readonly baseMs: number; readonly capMs: number };
  /** Whether the next try may continue the agent's session. */
  readonly session: "resume" | "fresh";
  readonly closes?: Closes;
  /** What an operator reads. */
  readonly meaning: string;
}

/** A service that asks for more patience than this is not believed. */
const RETRY_AFTER_CAP_MS = 24 * 60 * MINUTE;

const AT_ONCE = { baseMs: 0, capMs: 0 };
const PATIENT = { baseMs: 5 * SECOND, capMs: 10 * MINUTE };
/** A fault of the model service that passes by itself. */
const SERVICE = { counter: "transients", backoff: PATIENT, session: "resume" } as const;

export type FailureClass =
  | "usage_limit"
  | "rate_limit"
  | "overloaded"
  | "server_error"
  | "network"
  | "workspace"
  | "host"
  | "unpublished"
  | "billing"
  | "auth"
  | "forbidden"
  | "model_unavailable"
  | "program_missing"
  | "policy"
  | "cancelled"
  | "turn_limit"
  | "budget_limit"
  | "context_overflow"
  | "invalid_session"
  | "timeout"
  | "stalled"
  | "runaway"
  | "crashed"
  | "interrupted"
  | "shutdown"
  | "agent_error";

export const FAULTS: Readonly<Record<FailureClass, FaultRule>> = {
  usage_limit: {
    counter: "free",
    backoff: AT_ONCE,
    session: "resume",
    closes: "account_until_reset",
    meaning: "the account's usage limit is reached",
  },
  rate_limit: { ...SERVICE, meaning: "the model service limits the request rate" },
  overloaded: { ...SERVICE, meaning: "the model service is overloaded" },
  server_error: { ...SERVICE, meaning: "the model service failed" },
  network: { ...SERVICE, meaning: "the model service could not be reached" },
  workspace: {
    counter: "transients",
    backoff: PATIENT,
    session: "fresh",
    meaning: "the git workspace could not be prepared",
  },
  host: {
    counter: "transients",
    backoff: PATIENT,
    session: "resume",
    meaning: "this machine could not start the agent",
  },
  // Publishing was tried for an hour. Another run of the agent would cost money and meet the same remote.
  unpublished: {
    counter: null,
    backoff: AT_ONCE,
    session: "fresh",
    meaning:
      "the work is done and could not be published; it is kept, in its worktree or on its branch in the mirror",
  },
  billing: {
    counter: "free",
    backoff: AT_ONCE,
    session: "resume",
    closes: "account",
    meaning: "the account has no credit",
  },
  auth: {
    counter: "free",
    backoff: AT_ONCE,
    session: "resume",
    closes: "account",
    meaning: "the credentials were refused",
  },
  forbidden: {
    counter: "free",
    backoff: AT_ONCE,
    session: "resume",
    closes: "account",
    meaning: "the account may not do this",
  },
  model_unavailable: {
    counter: "free",
    backoff: AT_ONCE,
    session: "resume",
    closes: "agent",
    meaning: "the model does not exist or is not open to this account",
  },
  program_missing: {
    counter: null,
    backoff: AT_ONCE,
    session: "fresh",
    meaning: "the agent program could not be started",
  },
  policy: { counter: null, backoff: AT_ONCE, session: "fresh", meaning: "the configuration forbids it" },
  cancelled: { counter: null, backoff: AT_ONCE, session: "fresh", meaning: "a person cancelled it" },
  turn_limit: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "resume",
    meaning: "the agent reached its turn limit",
  },
  budget_limit: {
    counter: "free",
    backoff: AT_ONCE,
    session: "resume",
    closes: "job",
    meaning: "a budget was reached",
  },
  context_overflow: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "fresh",
    meaning: "the conversation became too long for the model",
  },
  // The disk's fault or ours; the next try begins a session of its own.
  invalid_session: {
    counter: "interruptions",
    backoff: AT_ONCE,
    session: "fresh",
    meaning: "the session to resume does not exist",
  },
  timeout: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "fresh",
    meaning: "the run took longer than its time limit",
  },
  stalled: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "fresh",
    meaning: "the agent was silent for too long",
  },
  runaway: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "fresh",
    meaning: "the agent produced events without progress",
  },
  crashed: {
    counter: "interruptions",
    backoff: PATIENT,
    session: "resume",
    meaning: "the agent process vanished without an exit record",
  },
  interrupted: {
    counter: "interruptions",
    backoff: AT_ONCE,
    session: "resume",
    meaning: "the run never began, or was ended by the daemon itself",
  },
  // A person stops a daemon now and then; a loop of that is theirs.
  shutdown: { counter: "free", backoff: AT_ONCE, session: "resume", meaning: "the daemon was stopped" },
  agent_error: { counter: "attempts", backoff: AT_ONCE, session: "fresh", meaning: "the agent failed" },
};

/** The counters a job carries from run to run. */
export interface RetryCounters {
  readonly attempts: number;
  readonly transients: number;
  readonly interruptions: number;
}

/** How many retries each counter pays for; `attempts` comes from the agent profile. */
export interface RetryBudget {
  readonly attempts: number;
  readonly transients: number;
  readonly interruptions: number;
}

export type RetryJudgement =
  | {
      readonly retry: true;
      readonly delayMs: number;
      readonly session: "resume" | "fresh";
      readonly counters: RetryCounters;
    }
  | { readonly retry: false; readonly because: string; readonly counters: RetryCounters };

/**
 * Decides whether a failed run is followed by another.
 *
 * @param jitter a fraction in [0, 1) drawn by the caller; the delay is full jitter over the exponential back-off,
 *   with `retryAfterMs` (what the service asked for, in ms) as its floor.
 */
export function judgeRetry(
  failure: FailureClass,
  counters: RetryCounters,
  budget: RetryBudget,
  jitter: number,
  retryAfterMs = 0,
): RetryJudgement {
  const rule = FAULTS[failure];
  if (rule.counter === "free") return { retry: true, delayMs: 0, session: rule.session, counters };
  if (rule.counter === null) return { retry: false, because: rule.meaning, counters };
  const used = counters[rule.counter] + 1;
  const spent = { ...counters, [rule.counter]: used };
  if (used >= budget[rule.counter]) {
    return {
      retry: false,
      because: `${rule.meaning} (${used} of ${budget[rule.counter]} ${rule.counter} used)`,
      counters: spent,
    };
  }
  const ceiling = Math.min(rule.backoff.capMs, rule.backoff.baseMs * 2 ** (used - 1));
  const delayMs = Math.max(Math.min(retryAfterMs, RETRY_AFTER_CAP_MS), Math.floor(jitter * ceiling));
  return { retry: true, delayMs, session: rule.session, counters: spent };
}
