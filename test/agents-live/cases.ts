/**
 * What is tried with each program, and what has to come of it.
 *
 * L1. A case names the class that every program's run must end with. A program that differs stands in `DIFFERS` with
 *     the reason; the table is the list of what nobody could make better, and it is checked like everything else.
 * L2. Where a program would try again for minutes, our own time limit is what the case ends with.
 */

import type { FailureClass } from "../../workflow/faults.ts";
import type { StopReason } from "../../workflow/run.ts";
import type { ProgramName } from "./install.ts";
import type { PlotName } from "./plot.ts";

/** How long a limit still lasts that the scripted services tell of. */
export const RESET_SECONDS = 7_200;

export interface Case {
  readonly name: CaseName;
  /** `refused`: nobody listens at that address. */
  readonly plot: PlotName | "refused";
  /** What the service asks to wait, in seconds. */
  readonly waitSeconds: number;
  readonly deed: { readonly when: "tool_runs" | "answer_trickles"; readonly what: Deed } | null;
  readonly expected: Expectation;
}

/** What the stage hand does. */
export type Deed =
  | { readonly kind: "signal"; readonly signal: "SIGINT" | "SIGTERM" | "SIGKILL" }
  | { readonly kind: "stop"; readonly reason: StopReason };

export interface Expectation {
  /** `null` for success. */
  readonly failure: FailureClass | null;
  /** What must be known of the tokens: all of both calls, the first one, more than that, or that there were none. */
  readonly usage: "both" | "first" | "first_or_more" | "none";
  /** Whether the moment of the reset must be known. */
  readonly reset: boolean;
  /** Our own time limit. */
  readonly limitMs: number;
}

export type CaseName =
  | "success"
  | "resume"
  | "workflow"
  | "auth"
  | "rate-limit"
  | "overloaded"
  | "usage-limit"
  | "quota"
  | "refused"
  | "silence"
  | "sigint"
  | "sigterm"
  | "sigkill"
  | "stop-in-tool"
  | "stop-in-answer";

const PATIENCE_MS = 150_000;
/** For what would go on for minutes. */
const SHORT_MS = 30_000;

const GOOD: Expectation = { failure: null, usage: "both", reset: false, limitMs: PATIENCE_MS };
const BAD: Expectation = { ...GOOD, failure: "agent_error", usage: "none" };
const CUT: Expectation = { ...GOOD, failure: "interrupted", usage: "first" };

const PLAIN = { plot: "work", waitSeconds: 0, deed: null } as const;

function from(signal: "SIGINT" | "SIGTERM" | "SIGKILL", failure: FailureClass): Omit<Case, "name"> {
  const what: Deed = { kind: "signal", signal };
  return { ...PLAIN, deed: { when: "tool_runs", what }, expected: { ...CUT, failure } };
}

const STOP: Deed = { kind: "stop", reason: "cancelled" };
const CANCELLED: Expectation = { ...CUT, failure: "cancelled" };

export const CASES: readonly Case[] = [
  { ...PLAIN, name: "success", expected: GOOD },
  { ...PLAIN, name: "resume", expected: GOOD },
  { ...PLAIN, name: "workflow", plot: "walk", expected: GOOD },
  { ...PLAIN, name: "auth", plot: "auth", expected: { ...BAD, failure: "auth" } },
  {
    ...PLAIN,
    ...{ name: "rate-limit", plot: "rate_limit", waitSeconds: 2 },
    expected: { ...BAD, failure: "rate_limit" },
  },
  { ...PLAIN, name: "overloaded", plot: "overloaded", expected: { ...BAD, failure: "overloaded" } },
  {
    ...PLAIN,
    ...{ name: "usage-limit", plot: "usage_limit", waitSeconds: RESET_SECONDS },
    expected: { ...BAD, failure: "usage_limit", reset: true },
  },
  { ...PLAIN, name: "quota", plot: "quota", expected: { ...BAD, failure: "billing" } },
  { ...PLAIN, name: "refused", plot: "refused", expected: { ...BAD, failure: "network" } },
  {
    ...PLAIN,
    ...{ name: "silence", plot: "silence" },
    expected: { ...BAD, failure: "timeout", limitMs: 25_000 },
  },
  { name: "sigint", ...from("SIGINT", "interrupted") },
  { name: "sigterm", ...from("SIGTERM", "interrupted") },
  { name: "sigkill", ...from("SIGKILL", "crashed") },
  { ...PLAIN, name: "stop-in-tool", deed: { when: "tool_runs", what: STOP }, expected: CANCELLED },
  {
    ...PLAIN,
    ...{ name: "stop-in-answer", plot: "trickle", deed: { when: "answer_trickles", what: STOP } },
    expected: { ...CANCELLED, usage: "first_or_more" },
  },
];

interface Difference extends Partial<Expectation> {
  readonly because: string;
}

/** Programs that try again until somebody stops them: all that is left to check is that we do. */
function endless(because: string): Difference {
  return { failure: "timeout", reset: false, limitMs: SHORT_MS, because };
}

const UNTOLD: Difference = { usage: "none", because: "it tells the usage of a call when its tool has ended" };

const UNWRITTEN: Difference = { usage: "none", because: "it dies before the call is in its record" };

export const DIFFERS: Readonly<Partial<Record<ProgramName, Partial<Record<CaseName, Difference>>>>> = {
  opencode: {
    sigint: UNTOLD,
    sigterm: UNTOLD,
    sigkill: UNTOLD,
    "stop-in-tool": UNTOLD,
    "usage-limit": {
      ...endless("it sleeps through any `retry-after`, and says only that its rate is limited"),
      failure: "rate_limit",
    },
  },
  codex: {
    sigterm: UNWRITTEN,
    sigkill: UNWRITTEN,
    refused: { limitMs: SHORT_MS, because: "it waits for a network to come back; what for is why it ended" },
  },
  qwen: {
    "usage-limit": { reset: false, because: "it tells that the limit is reached, and not until when" },
  },
  gemini: {
    quota: {
      failure: "usage_limit",
      because: "its vendor's quota is one per day, which comes back by itself",
    },
  },
};

/** What must come of this case with this program. */
export function expectedOf(program: ProgramName, { name, expected }: Case): Expectation {
  return { ...expected, ...DIFFERS[program]?.[name] };
}
