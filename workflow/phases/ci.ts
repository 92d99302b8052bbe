/**
 * CI: what others have found out about exactly one commit, and phases that wait for it.
 *
 * K1. Checks are of a commit. What is told of another one is written down, and opens and closes nothing.
 * K2. A phase is asked about once, when it is gated; the first answer stands, whatever is told of its commit later.
 * K3. Silence has an end: a time-out, and before it a rule for commits of which no check was ever heard.
 * K4. Our own marks at commits (`chargehand/PROJECT`) are no checks, whoever tells of them: a task that waits for CI is
 *     pending there, and would wait for itself.
 */

import { FEEDBACK_BYTES_MAX } from "../limits.ts";
import { defineMachine, type Machine, type StatusOf } from "../machine.ts";
import type { CiGate } from "../workflow.ts";

const ciTable = {
  pass: { pending: "passed" },
  fail: { pending: "failed" },
  expire: { pending: "expired" },
  abandon: { pending: "abandoned" },
} as const;
export const ciMoves: Machine<typeof ciTable> = defineMachine({
  name: "ci",
  initial: "pending",
  final: ["passed", "failed", "expired", "abandoned"],
  timed: ["pass", "fail", "expire"],
  meaning: {
    pending: "A phase waits for what CI says of exactly one commit. Time ends it, if nothing else does.",
    passed: "The checks that count have ended well, or there is none and the workflow takes that for a yes.",
    failed: "A check that counts has failed, or there was nothing to check; the reason says which.",
    expired: "CI has not said all of it in time. That is no failure of a check.",
    abandoned: "It matters no more: its task was ended or begun anew, or somebody else has settled the gate.",
  },
  moves: ciTable,
});
export type CiStatus = StatusOf<typeof ciTable>;
export type CiMove = keyof typeof ciTable;

/** What a check may be; all but `pending` are final, and only `failure` is a no. */
export const CHECK_STATUSES = ["pending", "success", "failure", "neutral", "skipped"] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];

/** A check as somebody tells of it: text from outside. */
export interface ReportedCheck {
  readonly name: string;
  readonly status: CheckStatus;
  readonly url: string | null;
  readonly summary: string | null;
}

export interface CiCheck extends ReportedCheck {
  readonly task: string;
  readonly commit: string;
  /** When it was last told of (ms). */
  readonly at: number;
}

/** K4. */
export function isOwnMark(name: string): boolean {
  return /^chargehand(\/|$)/.test(name);
}

/** What is written down of a report: the newest word on each check stands. */
export interface CiReport {
  readonly commit: string;
  readonly checks: readonly ReportedCheck[];
}

/** A phase that waits, or has waited, for CI. */
export interface CiWait {
  readonly task: string;
  /** Of its phase: the number in the task, and the key. */
  readonly seq: number;
  readonly phase: string;
  /** `null` when nothing was published, so that there was nothing to check. */
  readonly commit: string | null;
  readonly status: CiStatus;
  readonly askedAt: number;
  /** When its patience ends (ms). */
  readonly until: number;
  /** When time has a say in it next (ms): the end of the grace while no check is known, else `until`. */
  readonly dueAt: number;
  /** Why it ended as it did; `null` while it waits. */
  readonly reason: string | null;
  readonly finishedAt: number | null;
}

export type CiChange =
  | ({ readonly change: "ask" } & Pick<CiWait, "seq" | "phase" | "commit" | "until" | "dueAt">)
  /** A check of its commit is known: the grace is over. */
  | { readonly change: "hear"; readonly seq: number }
  | { readonly change: CiMove; readonly seq: number; readonly reason: string };

/** The commit that a report without one is about. */
export function awaitedCommit(
  { commit }: { readonly commit: string | null },
  ci: CiWait | null,
): string | null {
  return ci !== null && ciMoves.live.includes(ci.status) ? ci.commit : commit;
}

export type CiVerdict =
  | { readonly said: "open" | "yes" }
  | { readonly said: "no"; readonly failing: readonly ReportedCheck[] };

/** What all checks of a commit together say: nothing before all that count have ended. */
export function judgeChecks(checks: readonly ReportedCheck[], { required }: CiGate): CiVerdict {
  const counted =
    required.length === 0
      ? checks.filter(({ name }) => !isOwnMark(name))
      : required.map((wanted) => checks.find(({ name }) => name === wanted) ?? null);
  const ended = counted.filter((check) => check !== null && check.status !== "pending");
  if (ended.length === 0 || ended.length < counted.length) return { said: "open" };
  const failing = checks.filter((check) => check.status === "failure" && counted.includes(check));
  return failing.length === 0 ? { said: "yes" } : { said: "no", failing };
}

/** The checks with what is newly told of them. */
export function withReported(
  checks: readonly ReportedCheck[],
  reported: readonly ReportedCheck[],
): readonly ReportedCheck[] {
  return [...new Map([...checks, ...reported].map((check) => [check.name, check])).values()];
}

/** What its agent is told of checks that have failed: names and summaries, as they came. */
export function tellFailing(failing: readonly ReportedCheck[]): string {
  const told = failing.map(
    ({ name, summary, url }) =>
      [`Check ${name} has failed`, ...[url].flatMap((at) => at ?? [])].join(": ") +
      (summary === null ? "" : `\n${summary}`),
  );
  return told.join("\n\n").slice(0, FEEDBACK_BYTES_MAX);
}
