/**
 * Pace in rows: what runs have reported of the periods of their accounts, what our own runs have used of them, and the
 * hold on an account that waits for its pace.
 *
 * P1. A report is written in the transaction of the progress that brought it, by the run's own row: that of a run that
 *     is over is not written, and its account is the one that the run was claimed with.
 * P2. Of an account and a period there is one row, however many tasks report: the last report, and the last of another
 *     task before it.
 */

import type { NewWideHold } from "../../workflow/hold.ts";
import type { Counted, PaceReport, PaceReports } from "../../workflow/pace/pace.ts";
import { type LimitUse, PERIODS } from "../../workflow/pace/period.ts";
import type { Reported } from "../budgets.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";
import { putWideHold } from "../holds.ts";
import { LIVE } from "../rows/run.ts";

export interface PaceStore {
  /** Of all accounts and periods. */
  reports(): Promise<readonly PaceReports[]>;
  /** What runs of an account that were claimed since then have used, or have reserved and may still use. */
  counted(account: string, since: number): Promise<Counted>;
  /** Writes what holds these accounts by their pace; `null` for one that nothing holds. */
  stand(holds: readonly PaceHold[], now: number): Promise<void>;
}

export interface PaceHold {
  readonly account: string;
  readonly hold: NewWideHold | null;
}

/** Parts of one are kept as integers. */
const PARTS = 1_000_000;

const REPORTS = "select * from pace_reports order by account, per";
const NOTE = `
insert into pace_reports (account, per, used_ppm, resets_at, reported_at, task)
select runs.account, $2, cast($3 as bigint), cast($4 as bigint), cast($5 as bigint), runs.task from runs
where runs.id = $1 and runs.log_offset = $6 and runs.account is not null and ${LIVE}
on conflict (account, per) do update set
  other_task = case when pace_reports.task <> excluded.task then pace_reports.task else pace_reports.other_task end,
  other_ppm = case when pace_reports.task <> excluded.task then pace_reports.used_ppm else pace_reports.other_ppm end,
  other_resets_at = case when pace_reports.task <> excluded.task then pace_reports.resets_at else pace_reports.other_resets_at end,
  other_at = case when pace_reports.task <> excluded.task then pace_reports.reported_at else pace_reports.other_at end,
  used_ppm = excluded.used_ppm, resets_at = excluded.resets_at, reported_at = excluded.reported_at, task = excluded.task`;
const FORGET = "delete from pace_reports where account = $1";

const larger = (unit: string): string => `coalesce(sum(
    case when ${LIVE} and reserved_${unit} > used_${unit} then reserved_${unit} else used_${unit} end), 0) as ${unit}`;
const COUNTED = `
select count(*) as runs, ${larger("nanos")}, ${larger("tokens")}
from runs where account = $1 and claimed_at >= $2`;

const FREE = "delete from wide_holds where scope = 'account' and subject = $1 and kind = 'pace'";

export function paceStore(engine: Engine): PaceStore {
  return {
    reports: async () => (await engine.all(REPORTS, [])).map(readReports),
    counted: async (account, since) => {
      const [row = {}] = await engine.all(COUNTED, [account, since]);
      const { sum } = decode("runs", row);
      return { runs: sum("runs"), nanos: sum("nanos"), tokens: sum("tokens") };
    },
    stand: async (holds, now) => {
      if (holds.length === 0) return;
      await engine.atomic(
        holds.map(({ account, hold }) =>
          hold === null ? { sql: FREE, params: [account], makes: "jobs" } : putWideHold(hold, now),
        ),
      );
    },
  };
}

/** P1. */
export function noteLimits(
  { run, logOffset, at }: Reported,
  limits: readonly LimitUse[],
): readonly Statement[] {
  return limits.map(({ per, used, resetsAt }): Statement => {
    const params = [run, per, Math.round(used * PARTS), resetsAt, at, logOffset];
    return { sql: NOTE, params, makes: "pace" };
  });
}

/** What was reported of an account is not believed any more. */
export function forgetReports(account: string): Statement {
  return { sql: FORGET, params: [account], makes: "pace" };
}

function readReports(row: Row): PaceReports {
  const { text, textOrNull, integer, integerOrNull, status } = decode("pace_reports", row);
  const latest: PaceReport = {
    ...{ task: text("task"), used: integer("used_ppm") / PARTS },
    ...{ resetsAt: integer("resets_at"), at: integer("reported_at") },
  };
  const [task, used] = [textOrNull("other_task"), integerOrNull("other_ppm")];
  const [resetsAt, at] = [integerOrNull("other_resets_at"), integerOrNull("other_at")];
  const isOther = task !== null && used !== null && resetsAt !== null && at !== null;
  const other = isOther ? { task, used: used / PARTS, resetsAt, at } : null;
  return { account: text("account"), per: status("per", PERIODS), latest, other };
}
