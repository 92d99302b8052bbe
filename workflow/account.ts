/** How an account stands: what its row, the holds on it and its live runs say together, as one word. Pure. */

import type { WideHold } from "./hold.ts";

/**
 * A way to the model service that is limited and paid by itself: an environment set of the configuration, or the one
 * that a backend has by default. Jobs are claimed for the first account of their agent that is open.
 */
export interface Account {
  readonly name: string;
  /** How many runs may use it at once; `null` for no limit of its own. */
  readonly concurrency: number | null;
  /** When its last cooldown ends or ended (ms); `null` when it is in no doubt. */
  readonly until: number | null;
  /** How often in a row it met its limit or was refused. While it is above 0, one run at a time is its probe. */
  readonly rearms: number;
  /** The task that has reported its limit, or a refusal, last; `null` while it is in no doubt. */
  readonly reporter: string | null;
  /** The reset that it named then (ms); `null` for a refusal, which has none. */
  readonly namedReset: number | null;
  /** How often in a row another task than before said so, too. 0: all that is known of it comes from one task alone. */
  readonly confirmations: number;
}

/**
 * `cooling`: parked until its usage limit resets. `probing`: after that, tried with one run at a time until one has got
 * an answer. `broken`: closed until a person has mended it. `paced`: it has used by now what its pace allows.
 */
export type AccountStatus = "open" | "cooling" | "probing" | "broken" | "paced";

export interface AccountState {
  readonly status: AccountStatus;
  /** When time alone opens it (ms). */
  readonly until: number | null;
  readonly since: number | null;
  readonly reason: string | null;
  readonly remedy: string | null;
}

const OPEN: AccountState = { status: "open", until: null, since: null, reason: null, remedy: null };

/** What a run that ended says about the account it used; a compare-and-set on what was believed of it. */
export interface AccountChange extends Doubt {
  readonly believed: Account;
}

type Doubt = Pick<Account, "until" | "rearms" | "reporter" | "namedReset" | "confirmations">;

/** Of an account that is in no doubt. */
export const NO_DOUBT: Doubt = { until: null, rearms: 0, reporter: null, namedReset: null, confirmations: 0 };

/** @param wide all wide holds; those of others are passed over */
export function stateOf(account: Account, wide: readonly WideHold[]): AccountState {
  const holds = wide.filter(({ scope, subject }) => scope === "account" && subject === account.name);
  // Several that end by themselves are told by the one that lasts longest.
  const [longest] = holds.toSorted((one, other) => (other.until ?? 0) - (one.until ?? 0));
  const hold = holds.find(({ until }) => until === null) ?? longest;
  if (hold !== undefined) {
    const { until, since, reason, remedy } = hold;
    const waits = hold.kind === "pace" ? "paced" : "cooling";
    return { status: until === null ? "broken" : waits, until, since, reason, remedy };
  }
  if (account.rearms === 0) return OPEN;
  const times = account.rearms === 1 ? "once" : `${account.rearms} times in a row`;
  const met =
    account.reporter !== null && account.namedReset === null ? "was refused" : "met its usage limit";
  const reason = `it ${met} ${times}, and is tried with one run at a time`;
  const remedy = `trust it at once with: ${clearing("account", account.name)}`;
  return { status: "probing", until: null, since: account.until, reason, remedy };
}

/** What a person can do about a hold on an account or on an agent profile. */
export function howToOpen({ scope, subject, until }: Pick<WideHold, "scope" | "subject" | "until">): string {
  const clear = clearing(scope, subject);
  return until === null ? `mend it, then: ${clear}` : `it opens by itself; earlier with: ${clear}`;
}

function clearing(scope: WideHold["scope"], subject: string): string {
  return `chargehand cooldown clear ${scope === "agent" ? `agent:${subject}` : subject}`;
}
