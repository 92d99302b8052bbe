/**
 * The pace of an account: how what its subscription allows in a period is spread, and how that stands now. Pure.
 *
 * A1. Of a period `reserve` is kept back for others, and of the rest Chargehand may use `share`, spread evenly
 *     (`judge.ts`): 60% and 20% make 48%.
 * A2. What counts as used is what the program last reported, of everybody's use of the account. Where nothing true of
 *     now was reported, it is what our own runs have used of a stated capacity. Where there is none, nothing is known,
 *     something may start, and its report is the first.
 * A3. A report was printed by a program, and an agent can write where its program prints (I16). So the word of one
 *     task alone keeps an account from starting for half an hour, and for that long no other task's word takes it back;
 *     what two tasks have said of the same period is believed as far as the lower of them goes.
 */

import type { BudgetUnit } from "../budget.ts";
import { LONE_LIMIT_MS } from "../limits.ts";
import { judgePace, type PaceVerdict, type Spread } from "./judge.ts";
import { calendarPeriod, type Period, periodUntil } from "./period.ts";

export interface PaceSetting {
  readonly account: string;
  readonly per: Period;
  /** Parts of one. */
  readonly share: number;
  readonly reserve: number;
  /** What a whole period allows; `null` where the program reports it. */
  readonly capacity: { readonly unit: BudgetUnit; readonly amount: number } | null;
}

/** What one task's run has reported. */
export interface PaceReport {
  readonly task: string;
  readonly used: number;
  readonly resetsAt: number;
  /** When (ms). */
  readonly at: number;
}

/** The last of an account and a period, and the last of another task before it. */
export interface PaceReports {
  readonly account: string;
  readonly per: Period;
  readonly latest: PaceReport;
  readonly other: PaceReport | null;
}

/** What our own runs of an account have used since its period began. */
export type Counted = Readonly<Record<BudgetUnit, number>>;

export interface PaceStanding extends PaceVerdict, Spread {
  readonly setting: PaceSetting;
  readonly source: "reported" | "counted" | "unknown";
  /** A part of one; 0 where nothing is known. */
  readonly used: number;
  /** What keeps it waiting is the word of one task alone. */
  readonly isLone: boolean;
}

/** Services and we may have different clocks. */
const SLACK_MS = 600_000;

/** @param counted in the calendar's period; `null` where there is no capacity to compare it with */
export function paceOf(
  setting: PaceSetting,
  reports: PaceReports | undefined,
  counted: Counted | null,
  now: number,
): PaceStanding {
  const { per, capacity } = setting;
  const ceiling = ceilingOf(setting);
  const [told, other] = wordsOf(per, reports, now);
  if (told !== undefined) {
    const spread = { ...periodUntil(per, told.resetsAt), ceiling };
    return { setting, source: "reported", ...spread, used: told.used, ...believe(spread, told, other, now) };
  }
  const spread = { ...calendarPeriod(per, now), ceiling };
  const isKnown = capacity !== null && counted !== null;
  const used = isKnown ? counted[capacity.unit] / capacity.amount : 0;
  const source = isKnown ? "counted" : "unknown";
  return { setting, source, ...spread, used, isLone: false, ...judgePace(spread, used, now) };
}

/** A1. */
export function ceilingOf({ share, reserve }: Pick<PaceSetting, "share" | "reserve">): number {
  return share * (1 - reserve);
}

/** Whether the period that a report tells of goes on, and can be one at all. */
function isOfNow(per: Period, { resetsAt }: PaceReport, now: number): boolean {
  return now < resetsAt && periodUntil(per, resetsAt).from <= now + SLACK_MS;
}

/** What is told of now: the last word, or the higher one of another task while that counts alone; then the other. */
function wordsOf(per: Period, reports: PaceReports | undefined, now: number): readonly PaceReport[] {
  const words = [reports?.latest ?? null, reports?.other ?? null].flatMap((word) =>
    word !== null && isOfNow(per, word, now) ? [word] : [],
  );
  const [latest, other] = words;
  const isHigher = latest !== undefined && other !== undefined && other.used > latest.used;
  return isHigher && now < other.at + LONE_LIMIT_MS ? [other, latest] : words;
}

/** A3. */
function believe(
  spread: Spread,
  told: PaceReport,
  other: PaceReport | undefined,
  now: number,
): PaceVerdict & { readonly isLone: boolean } {
  const verdict = judgePace(spread, told.used, now);
  if (verdict.opensAt === null) return { ...verdict, isLone: false };
  const isBoth = other !== undefined && Math.abs(other.resetsAt - told.resetsAt) <= SLACK_MS;
  const agreed = isBoth ? judgePace(spread, Math.min(told.used, other.used), now).opensAt : null;
  const alone = Math.min(verdict.opensAt, told.at + LONE_LIMIT_MS);
  const opensAt = Math.max(alone, agreed ?? 0);
  const isOpen = opensAt <= now;
  return {
    ...verdict,
    mayStart: isOpen,
    opensAt: isOpen ? null : opensAt,
    isLone: opensAt < verdict.opensAt,
  };
}
