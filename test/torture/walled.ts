/**
 * Agents in a sandbox as they are seen from outside, in `/proc` and with eyes of our own. On record is the bubblewrap
 * that waits outside; its child is the first process inside, and that one's first child is the agent, which knows
 * itself by a pid that is true only there.
 */

import { readFileSync } from "node:fs";
import type { Books } from "./books.ts";
import { isAlive, marked, orGone, processes, type Seen } from "./processes.ts";
import type { RunRow } from "./records.ts";

/** Inside, the first process is bubblewrap, and the next one becomes the agent. */
const FIRST_PID_INSIDE = 2;

/** The agent behind the walls of a bubblewrap; `null` where that process has no walls to wait for, or not yet. */
export function innerOf(pid: number): Seen | null {
  const all = processes();
  const inits = all.filter(({ parent }) => parent === pid).map((init) => init.pid);
  const inside = all.filter(({ parent }) => inits.includes(parent));
  return inside.find((one) => pidInside(one.pid) === FIRST_PID_INSIDE) ?? null;
}

/** I5: behind whoever is on record for a run works its own agent; and, I14, it works inside. */
export function strangers(live: readonly RunRow[], books: Books): readonly string[] {
  const found = live.map((run) => ({ run, inner: isThere(run) ? innerOf(run.pid ?? 0) : null }));
  const byRun = marked();
  return found.flatMap(({ run, inner }) => {
    const book = books.runs.get(run.id);
    // What ended while it was looked at says nothing.
    if (inner === null || book === undefined || !isAlive(inner.pid, inner.startTicks)) return [];
    const isOurs = byRun.get(run.id)?.some(({ pid }) => pid === inner.pid) === true;
    return [
      ...(isOurs
        ? []
        : [`I5: ${inner.pid} behind ${run.pid}, on record for run ${run.id}, is not its agent`]),
      ...(book.pid === FIRST_PID_INSIDE ? [] : [`I14: the agent of run ${run.id} calls itself ${book.pid}`]),
    ];
  });
}

/** A run that has ended and is still being published is on record by a pid that others may have by now. */
function isThere({ pid, start_ticks }: RunRow): boolean {
  return pid !== null && start_ticks !== null && isAlive(pid, start_ticks);
}

/** A process's pid as it is in the innermost namespace that it is in; `null` when it is gone. */
function pidInside(pid: number): number | null {
  const status = orGone(() => readFileSync(`/proc/${pid}/status`, "latin1"));
  const [, numbers] = /^NSpid:\s*(.*)$/m.exec(status ?? "") ?? [];
  return numbers === undefined ? null : Number(numbers.split(/\s+/).at(-1));
}
