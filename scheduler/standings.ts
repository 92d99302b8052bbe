/** How projects stand, as it comes into rows: with what their openings have used, and only where it has changed. */

import type { HoldKind } from "../workflow/hold.ts";
import { type LimitedOpening, openingHold } from "../workflow/windows/budget.ts";
import type { OpenStretch, Standing } from "../workflow/windows/hold.ts";
import type { Verdict } from "../workflow/windows/judge.ts";
import type { OpeningLimit } from "../workflow/windows/schedule.ts";
import type { SchedulerPorts } from "./ports.ts";

/** The kinds that the scheduler puts on projects. */
const OWN_KINDS: readonly HoldKind[] = ["window", "crash_limit", "pace"];

/** What an opening has used is known of the one that stands in the project's row; a new one has used nothing. */
export async function withinBudget(
  { store }: SchedulerPorts,
  standing: Standing,
  verdict: Verdict,
  before: OpenStretch | null,
  now: number,
): Promise<Standing> {
  const { project, stretch, hold } = standing;
  const key = stretch?.opening?.key;
  if (verdict.kind !== "open" || hold !== null || key === undefined || before?.opening?.key !== key)
    return standing;
  const used = await store.budgets.standings({ project, task: null, phase: null }, now);
  return { ...standing, hold: openingHold(project, verdict.stretch, used, now) };
}

/** Rows that stand as before are not written: S3 of `windows.ts`. False when something was said meanwhile. */
export async function writeStandings(
  { store, log }: SchedulerPorts,
  standings: readonly Standing[],
  before: ReadonlyMap<string, OpenStretch | null>,
  now: number,
  asOf: number,
): Promise<boolean> {
  const holds = await store.holds.wide();
  const ours = Map.groupBy(
    holds.filter(({ scope, kind }) => scope === "project" && OWN_KINDS.includes(kind)),
    ({ subject }) => subject,
  );
  const changed = standings.filter(({ project, stretch, hold }) => {
    const own = ours.get(project) ?? [];
    const [held] = own;
    const isHeldSo =
      own.length === (hold === null ? 0 : 1) &&
      (hold === null ||
        (held?.kind === hold.kind && held.reason === hold.reason && held.until === hold.until));
    return !isHeldSo || !isSame(before.get(project) ?? null, stretch);
  });
  if (!(await store.windows.stand(changed, now, asOf))) return false;
  for (const { project, stretch, hold } of changed) {
    if (hold === null) log.info({ event: "window.opened", project, until: stretch?.until ?? null });
    else log.info({ event: "window.closed", project, until: hold.until, reason: hold.reason });
  }
  return true;
}

function isSame(one: OpenStretch | null, other: OpenStretch | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.from === other.from &&
    one.until === other.until &&
    one.slots === other.slots &&
    one.agent === other.agent &&
    isSameOpening(one.opening, other.opening)
  );
}

function isSameOpening(one: LimitedOpening | null, other: LimitedOpening | null): boolean {
  if (one === null || other === null) return one === other;
  const isIn = (limit: OpeningLimit, limits: readonly OpeningLimit[]): boolean =>
    limits.some(({ unit, amount }) => unit === limit.unit && amount === limit.amount);
  const isSameLimits =
    one.limits.length === other.limits.length && one.limits.every((limit) => isIn(limit, other.limits));
  const isSameTime = one.until === other.until && one.spreadFrom === other.spreadFrom;
  return one.key === other.key && isSameTime && isSameLimits;
}
