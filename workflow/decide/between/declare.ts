/**
 * `declare_needs`: what a task waits for at its source, as it stands there now. Part of `decide`, and as pure.
 *
 * N1. It says how things stand, and not what has changed: told twice, or late, it does nothing more.
 * N2. What was declared at the source is taken back there alone, and what somebody has said here is taken back here.
 * N3. What has begun goes on: then nothing is added.
 */

import type { Asked, TaskTarget } from "../../intent.ts";
import { taskMoves } from "../../states.ts";
import type { IntentKind } from "../decision.ts";
import { aboutTask, ignore } from "../parts.ts";
import { dependTask, hasBegun } from "./depend.ts";

export interface DeclareNeeds extends Asked {
  readonly kind: "declare_needs";
  readonly target: TaskTarget;
  readonly source: string;
  /** What it is there, by which it is asked about. */
  readonly at: { readonly place: string; readonly id: string };
  /** Keys of all tasks that work on what it waits for there. */
  readonly needs: readonly string[];
}

export const declareNeeds: IntentKind<DeclareNeeds> = {
  about: (intent) => ({ ...aboutTask(intent), wanted: intent.needs }),
  decide: (snapshot, intent) => {
    const { task, jobs, between } = snapshot;
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
    if (taskMoves.final.includes(task.status)) return ignore(`${task.key} is ${task.status}`);
    const { source, needs } = intent;
    const open = between.wanted.filter(({ status }) => status !== "done").map(({ key }) => key);
    const missing = open.filter((key) => !between.needs.some((need) => need.key === key));
    const add = hasBegun(task.status, jobs) ? [] : missing;
    const drop = between.needs
      .filter((need) => need.source === source && !needs.includes(need.key))
      .map(({ key }) => key);
    if (add.length + drop.length === 0)
      return ignore(
        missing.length > 0
          ? `${task.key} has begun, so it does not wait for ${missing.join(", ")}`
          : `${task.key} waits for what it is to wait for`,
      );
    return dependTask.decide(snapshot, { ...intent, kind: "depend_task", add, drop });
  },
};
