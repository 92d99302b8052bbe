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
  /** How often in a row it met its limit. While it is above 0, one run at a time is its probe. */
  readonly rearms: number;
}

/**
 * `cooling`: parked until its usage limit resets. `probing`: after that, tried with one run at a time until one has got
 * an answer. `broken`: closed until a person has mended it.
 */
export type AccountStatus = "open" | "cooling" | "probing" | "broken";

export interface AccountState {
  readonly status: AccountStatus;
  /** When time alone opens it (ms). */
  readonly until: number | null;
  readonly since: number | null;
  readonly reason: string | null;
}

/** @param wide all wide holds; those of others are passed over */
export function stateOf(account: Account, wide: readonly WideHold[]): AccountState {
  const holds = wide.filter(({ scope, subject }) => scope === "account" && subject === account.name);
  const hold = holds.find(({ until }) => until === null) ?? holds[0];
  if (hold !== undefined) {
    const { until, since, reason } = hold;
    return { status: until === null ? "broken" : "cooling", until, since, reason };
  }
  if (account.rearms === 0) return { status: "open", until: null, since: null, reason: null };
  const times = account.rearms === 1 ? "once" : `${account.rearms} times in a row`;
  const reason = `it met its usage limit ${times}, and is tried with one run at a time`;
  return { status: "probing", until: null, since: account.until, reason };
}
