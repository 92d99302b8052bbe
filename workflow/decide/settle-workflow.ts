/**
 * `settle_workflow`: what a repository says of how its tasks go was looked at, and a task that waits for that begins
 * with it, or is told why it does not. Part of `decide`, and as pure.
 *
 * N1. Until then the task has one job, held with the kind `workflow`, in no phase of anything. It becomes the job of
 *     the first phase, so that whatever else keeps it (others, a pause, a time) goes on keeping it.
 * N2. It is settled once. Whatever comes to stand in the repository later changes nothing for it.
 */

import type { Hold } from "../hold.ts";
import type { Job, JobChange } from "../job.ts";
import { jobMoves } from "../states.ts";
import { isUnsettled, type Task } from "../task.ts";
import { saysTheSame, type Why } from "../why.ts";
import type { Workflow } from "../workflow.ts";
import { UNCHANGED } from "./change.ts";
import type { Decision, IntentKind, Snapshot } from "./decision.ts";
import { begin } from "./flow.ts";
import { ignore } from "./parts.ts";
import { isChosen, rolesOf, strayRoles } from "./players.ts";

/** What there is to begin with, and where it comes from. */
export interface FoundWorkflow {
  readonly workflow: Workflow;
  /** `fallback`: the repository says nothing, and the project does. */
  readonly from: "repository" | "fallback";
  /** Of the base branch, where it stands. */
  readonly commit: string;
  /** Why it is not what stands there now. */
  readonly trouble: string | null;
}

export interface SettleWorkflow {
  readonly kind: "settle_workflow";
  readonly task: string;
  readonly found: FoundWorkflow | Why;
}

export const settleWorkflow: IntentKind<SettleWorkflow> = {
  about: ({ task }) => ({ target: { key: task }, key: null, run: null }),
  decide: settle,
};

/** Of no workflow: it only stands for the job until there is one. */
const NO_PHASE = "workflow";

/** The job of a task whose workflow is still to be read. */
export function unsettledJob(
  agent: string,
  priority: number,
  pinned: boolean,
  holds: readonly Hold[],
): Extract<JobChange, { change: "create" }> {
  const reason = "its workflow is about to be read from its repository";
  const reading: Hold = { kind: "workflow", reason, remedy: null, until: null };
  return {
    change: "create",
    phase: NO_PHASE,
    agent,
    pinned,
    priority,
    holds: [reading, ...holds],
    opens: true,
  };
}

function settle(snapshot: Snapshot, intent: SettleWorkflow): Decision {
  const { task, jobs } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (!isUnsettled(task)) return ignore(`${task.key} goes by ${task.workflow} already`);
  const job = jobs.find(({ status }) => !jobMoves.final.includes(status));
  const hold = job?.holds.find(({ kind }) => kind === "workflow");
  if (job === undefined || hold === undefined) return ignore(`${task.key} does not wait for its workflow`);
  const { found } = intent;
  const why = "reason" in found ? found : strangers(task, found.workflow);
  if (why === null && "workflow" in found) return start(task, job, found);
  if (why === null || (why.reason === hold.reason && why.remedy === hold.remedy))
    return ignore(`${task.key} waits as before`);
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    jobs: [{ change: "hold", id: job.id, fence: job.fence, hold: { kind: "workflow", ...why, until: null } }],
    events: saysTheSame(why.reason, hold.reason)
      ? []
      : [{ kind: "workflow.awaited", data: { reason: why.reason } }],
  };
}

/** It was told who plays a role, and there is no such role. */
function strangers({ key, pins }: Task, { name, phases }: Workflow): Why | null {
  const [stray] = strayRoles({ phases }, pins.agents);
  if (stray === undefined) return null;
  const roles = [...new Set(phases.map(({ role }) => role))].join(", ");
  return {
    reason: `it names who plays ${stray}, and its workflow ${name} has no such role`,
    remedy: `make it anew with one of ${roles}, and: chargehand cancel ${key}`,
  };
}

function start(task: Task, { id, fence }: Job, found: FoundWorkflow): Decision {
  const { workflow, from, commit, trouble } = found;
  const { priority, pins } = task;
  const agents = rolesOf(workflow, task);
  const step = begin({ workflow, phases: [], agents, priority, pinned: isChosen(pins) }, []);
  const entered = step.kind === "enters" ? step : { phases: [], jobs: [], merges: [], events: [] };
  const data = { workflow: workflow.name, from, commit, ...(trouble !== null && { trouble }) };
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "keep", workflow, agents },
    phases: entered.phases,
    merges: entered.merges,
    jobs: [
      ...entered.jobs.flatMap((job): JobChange[] => {
        if (job.change !== "create") return [];
        const { phase, agent, pinned = false } = job;
        return [{ change: "assign", id, fence, phase, agent, pinned }];
      }),
      { change: "release", id, fence, kind: "workflow" },
    ],
    events: [{ kind: "workflow.settled", data }, ...entered.events],
  };
}
