/**
 * Failure classes of a run, and what each one costs: one table (DESIGN §5, *End of a run*).
 *
 * A class names whose fault it was. From that follow: whether the job is tried again, which counter pays for it,
 * how long it waits, and whether the agent's session may be continued. I9: what is nobody's fault costs no attempt.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * Which budget a retry is taken from. `attempts` is the job's own `max_attempts`, `repairs` are tries to mend what was
 * left behind, and `free` costs nothing (I9).
 */
export type RetryCounter = "attempts" | "transients" | "interruptions" | "repairs" | "free";

/**
 * What is closed so that a free retry is no loop: the account until its limit resets, the account or the agent profile
 * until a person has mended it, the agent profile until its program is there, or the job until its budget is raised.
 */
type Closes = "account_until_reset" | "account" | "agent" | "program" | "job";

export interface FaultRule {
  /** The counter that pays for another try; `null` means that the job is never tried again by itself. */
  readonly counter: RetryCounter | null;
  /** Fewer than the counter pays for, where more of the same would not help. */
  readonly triesMax?: number;
  /** First waiting time and its ceiling, in ms; doubled per try and drawn with full jitter. */
  readonly backoff: { readonly baseMs: number; readonly capMs: number };
  /** Whether the next try may continue the agent's session. */
  readonly session: "resume" | "fresh";
  readonly closes?: Closes;
  /** Nobody saw how it ended, so a run that nobody stopped is written down as `lost` and not as `failed`. */
  readonly ends?: "lost";
  /** It says no more than that the process is gone; what was seen of it last says more. */
  readonly isVanishing?: true;
  /** Agents wait for it to pass, some for hours without a word. So it is why one ended that was stopped for silence. */
  readonly isWaitedFor?: true;
  /** The service may say, in words only, how long to wait before the same request. */
  readonly namesWait?: true;
  /** No agent comes so far whose account refuses it, so an account in doubt is trusted again. */
  readonly provesAccount?: true;
  /** It counts towards the crash limit of a window (`workflow/windows/crashes.ts`). */
  readonly isCrash?: true;
  /** This machine may be short of something: nothing more is claimed for a while (`daemon/host.ts`). */
  readonly doubtsMachine?: true;
  /** Keys of the project that may be wrong where it does not pass by itself. */
  readonly suspects?: readonly string[];
  /** What an operator reads. */
  readonly meaning: string;
}

const AT_ONCE = { baseMs: 0, capMs: 0 };
const PATIENT = { baseMs: 5 * SECOND, capMs: 10 * MINUTE };
/** More of the same would cost money, and end the same. */
const NEVER = { counter: null, backoff: AT_ONCE, session: "fresh" } as const;
/** What it closes is opened by a person, or by whoever finds it mended. */
const CLOSING = { counter: "free", backoff: AT_ONCE, session: "resume" } as const;
/** Somebody wanted it to stop, for now. */
const ASKED = { counter: "free", backoff: AT_ONCE, session: "resume" } as const;
/** What may pass by itself. */
const SOON = { counter: "transients", backoff: PATIENT, session: "resume" } as const;
/** A fault of the model service that passes by itself. */
const SERVICE = { ...SOON, isWaitedFor: true } as const;

const table = {
  usage_limit: {
    counter: "free",
    backoff: AT_ONCE,
    session: "resume",
    closes: "account_until_reset",
    isWaitedFor: true,
    meaning: "the account's usage limit is reached",
  },
  rate_limit: { ...SERVICE, namesWait: true, meaning: "the model service limits the request rate" },
  overloaded: { ...SERVICE, namesWait: true, meaning: "the model service is overloaded" },
  server_error: { ...SERVICE, meaning: "the model service failed" },
  network: { ...SERVICE, meaning: "the model service could not be reached" },
  workspace: {
    counter: "transients",
    backoff: PATIENT,
    session: "fresh",
    suspects: ["clone_url", "base_branch"],
    meaning: "the git workspace could not be prepared",
  },
  // Most often a registry that is down for a moment; what is wrong in the project itself is not mended by waiting.
  setup: {
    ...SOON,
    triesMax: 3,
    suspects: ["setup"],
    meaning: "the project's set-up failed, so that no agent was started",
  },
  // Asked before an agent is started; somebody may mend it meanwhile.
  forge: { ...SOON, suspects: ["publish", "repo"], meaning: "the forge would not take the work" },
  host: {
    ...SOON,
    doubtsMachine: true,
    meaning: "this machine could not start the agent",
  },
  // Publishing was tried for an hour. Another run of the agent would cost money and meet the same remote.
  unpublished: {
    ...NEVER,
    meaning:
      "the work is done and could not be published; it is kept, in its worktree or on its branch in the mirror",
  },
  no_change: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "fresh",
    provesAccount: true,
    meaning: "the agent said it was done and has changed nothing, and its project requires a change",
  },
  // One repair: the agent is told what was wrong, in the same conversation where its program can go on with it.
  artifact: {
    counter: "repairs",
    backoff: AT_ONCE,
    session: "resume",
    provesAccount: true,
    meaning: "what the phase has to leave behind is missing, or is not as it should be",
  },
  check: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "resume",
    provesAccount: true,
    meaning: "a check of the phase failed",
  },
  billing: {
    ...CLOSING,
    closes: "account",
    isWaitedFor: true,
    meaning: "the account has no credit",
  },
  auth: {
    ...CLOSING,
    closes: "account",
    meaning: "the credentials were refused",
  },
  forbidden: {
    ...CLOSING,
    closes: "account",
    meaning: "the account may not do this",
  },
  model_unavailable: {
    ...CLOSING,
    closes: "agent",
    meaning: "the model does not exist or is not open to this account",
  },
  // Only an exit code says so, and any agent may end by it.
  program_missing: { ...NEVER, meaning: "the agent program could not be started" },
  // So says the daemon, which has looked for it before it started anything.
  program_absent: {
    ...CLOSING,
    closes: "program",
    meaning: "the agent program is missing",
  },
  // The same request would be refused again, and a session in which it stands, too.
  refused: {
    ...NEVER,
    provesAccount: true,
    meaning: "the model refused the work, so a person has to look at what it was asked",
  },
  policy: { ...NEVER, meaning: "the configuration forbids it" },
  cancelled: { ...NEVER, meaning: "a person cancelled it" },
  turn_limit: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "resume",
    provesAccount: true,
    meaning: "the agent reached its turn limit",
  },
  budget_limit: {
    counter: "free",
    backoff: AT_ONCE,
    session: "resume",
    closes: "job",
    provesAccount: true,
    meaning: "a budget was reached",
  },
  context_overflow: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "fresh",
    provesAccount: true,
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
    provesAccount: true,
    meaning: "the run took longer than its time limit",
  },
  stalled: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "fresh",
    isCrash: true,
    meaning: "the agent was silent for too long",
  },
  runaway: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "fresh",
    isCrash: true,
    meaning: "the agent produced events without progress",
  },
  crashed: {
    counter: "interruptions",
    backoff: PATIENT,
    session: "resume",
    ends: "lost",
    isVanishing: true,
    isCrash: true,
    meaning: "the agent process vanished without an exit record",
  },
  interrupted: {
    counter: "interruptions",
    backoff: AT_ONCE,
    session: "resume",
    ends: "lost",
    meaning: "the run never began, or was ended by the daemon itself",
  },
  // A person stops a daemon now and then; a loop of that is theirs.
  shutdown: { ...ASKED, meaning: "the daemon was stopped" },
  // So is this, and what it is tried again behind is the pause.
  paused: { ...ASKED, meaning: "a person paused it" },
  // So it goes on when the next window opens.
  window: { ...ASKED, meaning: "the window of its project closed" },
  agent_error: {
    counter: "attempts",
    backoff: AT_ONCE,
    session: "fresh",
    isCrash: true,
    meaning: "the agent failed",
  },
} as const satisfies Readonly<Record<string, FaultRule>>;

export type FailureClass = keyof typeof table;

/** A class is a line here, said by whoever sees such an ending; nothing else in the house knows it by its name. */
export const FAULTS: Readonly<Record<FailureClass, FaultRule>> = table;
