/** What a task is on its way with: its walk, and what its next job has to wait for. Pure. */

import { budgetHold } from "../budget.ts";
import type { Hold } from "../hold.ts";
import type { Task } from "../task.ts";
import type { Snapshot } from "./decision.ts";
import type { Walk } from "./flow.ts";
import { stillPaused } from "./pause.ts";

export function walkOf({ workflow, phases }: Snapshot, { agents, priority }: Task): Walk | null {
  return workflow === null ? null : { workflow, phases, agents, priority };
}

/** Why the next job of the task may not begin at once. A budget of a phase is of no other. */
export function holdsOnTheWay({ standings }: Snapshot, task: Task): readonly Hold[] {
  const ofTask = standings.filter(({ scope }) => scope !== "phase");
  return [budgetHold(task.key, ofTask), stillPaused(task)].filter((hold) => hold !== null);
}
