/**
 * How much may be asked: calls per hour (the primary limit), and points and things that are made per minute (the
 * secondary ones). What is answered 304 costs none of the first.
 */

export interface Limits {
  /** Calls per hour of a token, and of nobody. */
  readonly core: number;
  readonly nobody: number;
  readonly graphql: number;
  /** A read is one point, a write five. */
  readonly pointsPerMinute: number;
  readonly madePerMinute: number;
  readonly madePerHour: number;
}

export const LIMITS: Limits = {
  ...{ core: 5_000, nobody: 60, graphql: 5_000, pointsPerMinute: 900, madePerMinute: 80, madePerHour: 500 },
};

export type Resource = "core" | "graphql";

export interface Standing {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Seconds since the epoch. */
  readonly reset: number;
}

export interface Budget {
  /** What is left, before or after a call. */
  standing(who: string, resource: Resource, isKnown: boolean): Standing;
  /** @returns false where nothing is left */
  spend(who: string, resource: Resource, isKnown: boolean): boolean;
  /** Gives back what a call has cost. */
  refund(who: string, resource: Resource): void;
  /** Seconds to wait; `null` where the call may pass. */
  pace(who: string, points: number, makes: boolean): number | null;
  /** How often somebody called though told to wait, or beyond a limit. */
  readonly broken: { primary: number; secondary: number };
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const CALLERS_MAX = 1_000;

interface Account {
  used: Record<Resource, number>;
  resetAt: number;
  /** When, and for how many points. */
  points: [number, number][];
  made: number[];
}

/** @param now the calendar (ms) */
export function createBudget(now: () => number, limits: Limits): Budget {
  const accounts = new Map<string, Account>();
  const of = (who: string): Account => {
    const known = accounts.get(who);
    if (known !== undefined && known.resetAt > now()) return known;
    const fresh = { used: { core: 0, graphql: 0 }, resetAt: now() + HOUR_MS };
    const account: Account = { points: [], made: [], ...known, ...fresh };
    accounts.set(who, account);
    const [oldest] = accounts.keys();
    if (accounts.size > CALLERS_MAX && oldest !== undefined) accounts.delete(oldest);
    return account;
  };
  const limitOf = (resource: Resource, isKnown: boolean): number =>
    resource === "graphql" ? limits.graphql : isKnown ? limits.core : limits.nobody;
  const broken = { primary: 0, secondary: 0 };
  return {
    broken,
    standing(who, resource, isKnown) {
      const { used, resetAt } = of(who);
      const limit = limitOf(resource, isKnown);
      const reset = Math.ceil(resetAt / 1_000);
      return { limit, used: used[resource], remaining: Math.max(0, limit - used[resource]), reset };
    },
    spend(who, resource, isKnown) {
      const account = of(who);
      if (account.used[resource] >= limitOf(resource, isKnown)) {
        broken.primary += 1;
        return false;
      }
      account.used[resource] += 1;
      return true;
    },
    refund(who, resource) {
      of(who).used[resource] -= 1;
    },
    pace(who, points, makes) {
      const account = of(who);
      const at = now();
      account.points = account.points.filter(([when]) => when > at - MINUTE_MS);
      account.made = account.made.filter((when) => when > at - HOUR_MS);
      const wait = waitOf(account, { at, points, makes, limits });
      if (wait !== null) {
        broken.secondary += 1;
        return wait;
      }
      account.points.push([at, points]);
      if (makes) account.made.push(at);
      return null;
    },
  };
}

function waitOf(
  { points, made }: Account,
  asked: { readonly at: number; readonly points: number; readonly makes: boolean; readonly limits: Limits },
): number | null {
  const { at, limits } = asked;
  const until = (first: number | undefined, span: number): number =>
    Math.max(1, Math.ceil(((first ?? at) + span - at) / 1_000));
  const sum = points.reduce((total, [, one]) => total + one, 0);
  if (sum + asked.points > limits.pointsPerMinute) return until(points[0]?.[0], MINUTE_MS);
  if (!asked.makes) return null;
  const minute = made.filter((when) => when > at - MINUTE_MS);
  if (minute.length >= limits.madePerMinute) return until(minute[0], MINUTE_MS);
  return made.length >= limits.madePerHour ? until(made[0], HOUR_MS) : null;
}
