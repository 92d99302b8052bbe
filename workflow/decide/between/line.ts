/** What a change does to the line of a serial project, and to those that wait for its task. Pure. */

import { type TaskStatus, taskMoves } from "../../states.ts";
import type { Change } from "../change.ts";
import type { Snapshot } from "../decision.ts";
import type { Ended } from "./depend.ts";

/** Whoever joins a line, leaves it or moves in it believes in how it was seen, so that no two have the same turn. */
export function inLine({ between: { line } }: Snapshot, change: Change): Change {
  if (line === null || !movesLine(change)) return change;
  return { ...change, line: { project: line.project, version: line.version } };
}

function movesLine({ task, jobs }: Change): boolean {
  if (task.change === "create" || task.change === "retry" || task.change === "activate") return true;
  if (task.change !== "keep" && isEnding(task.change)) return true;
  return jobs.some((job) => {
    if (job.change === "hold") return job.hold.kind === "serial";
    return job.change === "release" && (job.kind === "serial" || job.kind === "dependency");
  });
}

function isEnding(move: keyof typeof taskMoves.moves): boolean {
  return Object.values<TaskStatus>(taskMoves.moves[move]).some((to) => taskMoves.final.includes(to));
}

/** How a change leaves its task, for those that wait for it; `null` when it is as finished as before. */
export function endedBy({ task: before }: Snapshot, { task }: Change): Ended | null {
  if (before === null || task.change === "create" || task.change === "keep") return null;
  const edges = taskMoves.edges.filter(({ move, from }) => move === task.change && from === before.status);
  const to = taskMoves.statuses.find((status) => edges.some((edge) => edge.to === status));
  if (to === undefined) return null;
  const isOver = (status: TaskStatus): boolean => taskMoves.final.includes(status);
  return isOver(to) === isOver(before.status) ? null : { key: before.key, status: to };
}
