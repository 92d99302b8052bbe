/**
 * Reports of runs at work, written together: one transaction for all that have come, so that two hundred talking
 * agents cost the disk a few commits a second and not two hundred.
 *
 * P1. A report that comes alone is written at once. Those that come within {@link REST_MS} after a commit wait for its
 *     end; the last report of a run does not, and takes the waiting ones along.
 * P2. Usage that has not changed is not written again.
 * P3. Neither are limits that the run has told before: another may have told newer ones since.
 * P4. A report that the store refuses keeps no other from being written: those of a group that failed are written one
 *     by one.
 */

import type { RunProgress } from "../../store/progress.ts";
import type { RunStore } from "../../store/runs.ts";
import type { Clock } from "../../system/clock.ts";
import type { Progress } from "./ports.ts";

/** Between two commits; agents are looked at once a second. */
const REST_MS = 200;

interface Waiting {
  readonly id: string;
  readonly progress: RunProgress;
  readonly used: string;
  readonly limits: string;
  readonly isLast: boolean;
  readonly written: (isLive: boolean) => void;
  readonly failed: (error: unknown) => void;
}

export function createProgress(runs: Pick<RunStore, "progressOf">, clock: Clock): Progress {
  const known = new Map<string, Pick<Waiting, "used" | "limits">>();
  let waiting: Waiting[] = [];
  let rest = new AbortController();
  let isBusy = false;

  const commit = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const live = await runs.progressOf(group.map(({ id, progress }) => ({ id, progress })));
      group.forEach(({ id, used, limits, isLast, written }, index) => {
        const isLive = live[index] ?? false;
        if (isLive && !isLast) known.set(id, { used, limits });
        else known.delete(id);
        written(isLive);
      });
    } catch (error) {
      if (group.length > 1) for (const one of group) await commit([one]);
      else for (const { failed } of group) failed(error);
    }
  };
  const flush = async (): Promise<void> => {
    isBusy = true;
    while (waiting.length > 0) {
      rest = new AbortController();
      const group = waiting;
      waiting = [];
      await commit(group);
      await clock.sleep(REST_MS, rest.signal);
    }
    isBusy = false;
  };
  return {
    write: (run, report, isLast) =>
      new Promise((written, failed) => {
        const used = JSON.stringify(report.usage);
        // The last report is written whole, and nothing of the run is remembered after it.
        const before = known.get(run);
        const usage = !isLast && before?.used === used ? null : report.usage;
        const told = report.limits ?? [];
        const limits = JSON.stringify(told);
        const progress = { ...report, usage, limits: before?.limits === limits ? [] : told };
        waiting.push({ id: run, progress, used, limits, isLast, written, failed });
        if (isLast) rest.abort();
        if (!isBusy) void flush();
      }),
  };
}
