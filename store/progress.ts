/** Reports of runs at work. */

import type { LimitUse } from "../workflow/pace/period.ts";
import type { Usage } from "../workflow/run.ts";
import type { NewTurns } from "../workflow/turn.ts";
import { proveAccount } from "./accounts/accounts.ts";
import { noteLimits } from "./accounts/pace.ts";
import type { Engine, Statement } from "./engine/engine.ts";
import { LIVE } from "./rows/run.ts";
import { writeTurns } from "./turns.ts";
import { replaceUsage } from "./usage.ts";

export interface RunProgress {
  readonly logOffset: number;
  /** JSON of the backend's transcript at that offset. */
  readonly transcript: string;
  readonly session: string | null;
  readonly model: string | null;
  /** `null` when it is what was written before. */
  readonly usage: readonly Usage[] | null;
  /** What its program has told of the periods of its account since the last report. */
  readonly limits?: readonly LimitUse[];
  /** The same of its turns. */
  readonly turns?: NewTurns;
  /** When the agent last said something (ms). */
  readonly activeAt: number;
}

export interface ProgressReport {
  readonly id: string;
  readonly progress: RunProgress;
}

const PROGRESS = `
update runs set log_offset = $2, transcript = $3, session = coalesce($4, session), model = coalesce($5, model), active_at = $6
where id = $1 and ${LIVE} and log_offset <= $2 returning id`;

/**
 * All of them in one transaction. Each statement asks for itself whether its run is live, so none spoils another; and
 * whether nobody has read further: a daemon that was taken for dead may come back with an older report.
 */
export async function writeProgress(
  engine: Engine,
  reports: readonly ProgressReport[],
): Promise<readonly boolean[]> {
  const batch: Statement[] = [];
  const firsts: number[] = [];
  for (const { id, progress } of reports) {
    const { logOffset, transcript, session, model, usage, limits, turns, activeAt } = progress;
    firsts.push(batch.length);
    batch.push({
      sql: PROGRESS,
      params: [id, logOffset, transcript, session, model, activeAt],
      makes: "cards",
    });
    batch.push(...noteLimits({ run: id, logOffset, at: activeAt }, limits ?? []));
    if (turns !== undefined) batch.push(...writeTurns({ run: id, logOffset, at: activeAt }, turns));
    if (usage === null) continue;
    batch.push(...replaceUsage({ run: id, logOffset, at: activeAt }, usage));
    if (usage.length > 0) batch.push(proveAccount(id));
  }
  const result = await engine.atomic(batch);
  if (result.kind === "conflict") throw new Error("a report has no expectation that could conflict");
  return firsts.map((index) => (result.rows[index] ?? []).length > 0);
}
