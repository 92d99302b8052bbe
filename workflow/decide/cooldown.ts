/**
 * What a run that ended says about the account it used. Pure.
 *
 * A usage limit parks the account, not the job: other accounts go on, and no attempt is lost (I9). The first run after
 * the reset is a probe, alone; if it meets the limit again, the account is parked again, and after a few times in a
 * row a person is told, because then the resets that the service names are not true.
 */

import { type Account, type AccountChange, howToOpen } from "../account.ts";
import type { NewWideHold } from "../hold.ts";
import { REARMS_MAX } from "../limits.ts";

export interface Parked {
  readonly account: AccountChange;
  readonly hold: NewWideHold;
}

/**
 * The account after a run has met its usage limit.
 *
 * @param waitMs until the reset, already clamped
 * @param claimedAt when that run was claimed (ms): several that were at work at once meet the same limit, once
 */
export function park(account: Account, claimedAt: number, waitMs: number, now: number, why: string): Parked {
  const isSame = account.until !== null && claimedAt < account.until;
  const rearms = isSame ? Math.max(1, account.rearms) : account.rearms + 1;
  const until = isSame ? Math.max(account.until ?? 0, now + waitMs) : now + waitMs;
  const hold = { scope: "account", subject: account.name } as const;
  if (rearms > REARMS_MAX) {
    const reason = `${why}; it met its limit ${rearms} times in a row right after a reset, so a person has to look`;
    return {
      account: { believed: account, until, rearms },
      hold: { ...hold, kind: "broken", reason, remedy: howToOpen({ ...hold, until: null }), until: null },
    };
  }
  return {
    account: { believed: account, until, rearms },
    hold: { ...hold, kind: "cooldown", reason: why, remedy: howToOpen({ ...hold, until }), until },
  };
}

/**
 * The account after a run that worked: whatever doubt there was is over. `null` when there was none, and when the run
 * was claimed (ms) before the reset: that says nothing about the limit it has reached since.
 */
export function trust(account: Account, claimedAt: number): AccountChange | null {
  const proves = claimedAt >= (account.until ?? 0);
  return account.rearms > 0 && proves ? { believed: account, until: null, rearms: 0 } : null;
}
