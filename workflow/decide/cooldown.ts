/**
 * What a run that ended says about the account it used. Pure.
 *
 * A usage limit parks the account, not the job: other accounts go on, and no attempt is lost (I9). The first run after
 * the reset is a probe, alone; if it meets the limit again, the account is parked again.
 *
 * L1. What a run reports was printed by its program, and an agent can write where its program prints. So the word of
 *     one task alone parks an account for half an hour, doubling to five, however far away the reset it names (I16).
 * L2. Two tasks that say so one after the other are believed, as far as both go: until the earlier of their resets.
 * L3. A few times in a row, each time confirmed by another task, and a person is told, because then the resets that the
 *     service names are not true. One task alone never comes that far.
 * L4. Whatever one task alone has said is over as soon as another has worked.
 * L5. Refused credentials, no credit and the like would close an account until a person has mended it. That, too, one
 *     task alone may have forged: it parks the account as L1 has it, and only the next task that says so closes it.
 */

import { type Account, type AccountChange, howToOpen, NO_DOUBT } from "../account.ts";
import { FAULTS } from "../faults.ts";
import type { NewWideHold } from "../hold.ts";
import { LONE_LIMIT_MAX_MS, LONE_LIMIT_MS, REARMS_MAX } from "../limits.ts";
import type { RunOutcome } from "../run.ts";
import type { Snapshot } from "./decision.ts";

export interface Parked {
  readonly account: AccountChange;
  readonly hold: NewWideHold;
}

/** Whose word it is: the run's task, and when that run was claimed (ms). */
export interface Witness {
  readonly task: string;
  readonly claimedAt: number;
}

/**
 * The account after a run has met its usage limit. Several that were at work at once meet the same limit, once.
 *
 * @param waitMs until the reset, already clamped; 0 where none was named
 */
export function park(account: Account, witness: Witness, waitMs: number, now: number, why: string): Parked {
  const isSame = account.until !== null && witness.claimedAt < account.until;
  const isOther = isDoubted(account, witness) && !isRefusal(account);
  const rearms = isSame ? Math.max(1, account.rearms) : account.rearms + 1;
  const alone = now + loneWait(rearms);
  const namedReset = waitMs === 0 ? alone : now + waitMs;
  const agreed = isOther ? Math.min(namedReset, account.namedReset ?? 0) : 0;
  const until = Math.max(Math.min(namedReset, alone), agreed, isSame ? (account.until ?? 0) : 0);
  const confirmations = confirm(account.confirmations, isOther, isSame);
  const change = { believed: account, until, rearms, reporter: witness.task, namedReset, confirmations };
  const hold = { scope: "account", subject: account.name } as const;
  if (confirmations >= REARMS_MAX) {
    const reason = `${why}; it met its limit ${rearms} times in a row right after a reset, so a person has to look`;
    const remedy = howToOpen({ ...hold, until: null });
    return { account: change, hold: { ...hold, kind: "broken", reason, remedy, until: null } };
  }
  const reason = until < namedReset ? `${why} (${soSays(witness)} before that)` : why;
  return {
    account: change,
    hold: { ...hold, kind: "cooldown", reason, remedy: howToOpen({ ...hold, until }), until },
  };
}

/**
 * The account after a run was refused by the service, for its credentials or its credit, say (L5).
 *
 * A refusal names no reset, by which it is told from a limit: two tasks that say different things confirm nothing.
 */
export function suspect(account: Account, witness: Witness, now: number, why: string): Parked {
  const isSame = account.until !== null && witness.claimedAt < account.until;
  const rearms = isSame ? Math.max(1, account.rearms) : account.rearms + 1;
  const until = Math.max(now + loneWait(rearms), isSame ? (account.until ?? 0) : 0);
  const { confirmations } = account;
  const change = {
    believed: account,
    until,
    rearms,
    reporter: witness.task,
    namedReset: null,
    confirmations,
  };
  const hold = { scope: "account", subject: account.name } as const;
  const remedy = howToOpen({ ...hold, until: null });
  if (isDoubted(account, witness) && isRefusal(account))
    return { account: change, hold: { ...hold, kind: "broken", reason: why, remedy, until: null } };
  const reason = `${why} (${soSays(witness)})`;
  return { account: change, hold: { ...hold, kind: "cooldown", reason, remedy, until } };
}

/** A hold on an agent profile whose model was refused: for a while, because one task alone may have forged it (L5). */
export function suspectAgent(agent: string, witness: Witness, now: number, why: string): NewWideHold {
  const hold = { scope: "agent", subject: agent, kind: "broken" } as const;
  const remedy = howToOpen({ ...hold, until: null });
  return { ...hold, reason: `${why} (${soSays(witness)})`, remedy, until: now + LONE_LIMIT_MS };
}

/** The hold on an agent profile whose program is missing, until it is there; `null` where it is not. */
function withoutProgram(agent: string, outcome: RunOutcome): NewWideHold | null {
  if (outcome.status === "succeeded" || FAULTS[outcome.failure].closes !== "program") return null;
  const { reason, remedy = null } = outcome;
  return { scope: "agent", subject: agent, kind: "program", reason, remedy, until: null };
}

function soSays({ task }: Witness): string {
  return `so says ${task} alone, so it is tried again`;
}

/** Whether another task has said before that something is the matter with it, and none has worked since. */
function isDoubted({ rearms, reporter }: Account, { task }: Witness): boolean {
  return rearms > 0 && reporter !== null && reporter !== task;
}

/** Whether what is the matter with it is no limit. */
function isRefusal({ rearms, reporter, namedReset }: Account): boolean {
  return rearms > 0 && reporter !== null && namedReset === null;
}

/** L1. */
function loneWait(rearms: number): number {
  return Math.min(LONE_LIMIT_MAX_MS, LONE_LIMIT_MS * 2 ** Math.min(16, rearms - 1));
}

/** L3: however many runs met one limit at once, it was confirmed once. */
function confirm(confirmations: number, isOther: boolean, isSame: boolean): number {
  if (!isOther) return confirmations;
  return isSame ? Math.max(1, confirmations) : confirmations + 1;
}

export interface Trusted {
  readonly account: AccountChange | null;
  /** The end of a cooldown that had still to go on. */
  readonly hold: NewWideHold | null;
}

const NOTHING: Trusted = { account: null, hold: null };

/**
 * The account after a run that got answers: whatever doubt there was is over. Nothing when there was none, and when the
 * run was claimed before the reset: that says nothing about the limit it has reached since, unless it was only one task
 * that said so, and this is another that has done its work (L4).
 */
export function trust(account: Account, witness: Witness, hasWorked: boolean, now: number): Trusted {
  if (account.rearms === 0) return NOTHING;
  const change = { believed: account, ...NO_DOUBT };
  if (witness.claimedAt >= (account.until ?? 0)) return { account: change, hold: null };
  const isLone = account.reporter !== null && account.confirmations === 0;
  if (!isLone || !hasWorked || account.reporter === witness.task) return NOTHING;
  const reason = `${witness.task} has worked with it since`;
  const hold = { scope: "account", subject: account.name, kind: "cooldown" } as const;
  return { account: change, hold: { ...hold, reason, remedy: null, until: now } };
}

/** What the run's end says about its account and its agent profile; true also of a run whose job has moved on. */
export function judgeAccount(
  snapshot: Snapshot,
  outcome: RunOutcome,
): { readonly account: AccountChange | null; readonly wideHolds: readonly NewWideHold[] } {
  const { task, run, now } = snapshot;
  const account = run?.account ?? null;
  const absent = run === null ? null : withoutProgram(run.agent, outcome);
  if (absent !== null) return { account: null, wideHolds: [absent] };
  if (task === null || run === null || account === null) return { account: null, wideHolds: [] };
  const witness = { task: task.key, claimedAt: run.claimedAt };
  if (outcome.status === "succeeded" || FAULTS[outcome.failure].provesAccount) {
    const trusted = trust(account, witness, outcome.status === "succeeded", now);
    return { account: trusted.account, wideHolds: trusted.hold === null ? [] : [trusted.hold] };
  }
  const { failure, reason, retryAfterMs } = outcome;
  switch (FAULTS[failure].closes) {
    case "account_until_reset": {
      const parked = park(account, witness, retryAfterMs, now, reason);
      return { account: parked.account, wideHolds: [parked.hold] };
    }
    case "account": {
      const parked = suspect(account, witness, now, reason);
      return { account: parked.account, wideHolds: [parked.hold] };
    }
    case "agent":
      return { account: null, wideHolds: [suspectAgent(run.agent, witness, now, reason)] };
    default:
      return { account: null, wideHolds: [] };
  }
}
