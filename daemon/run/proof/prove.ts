/**
 * What a phase has to prove before its run counts: the artifact that it has to leave behind, and after that its checks
 * (`checks.ts`), which are the agent's code, too; unless its agent asks a person first.
 *
 * The agent's processes are gone by then. What is wrong is told to the next try in lines (`trouble`), and to people in
 * one sentence; whose fault it is, and what it costs, says the class (`workflow/faults.ts`).
 */

import type { Run, RunOutcome } from "../../../workflow/run.ts";
import type { Task } from "../../../workflow/task.ts";
import { mayEnd, type Workflow, type WorkflowPhase } from "../../../workflow/workflow.ts";
import { insist, type RunnerPorts, runDirectory } from "../ports.ts";
import { collectArtifact } from "./artifact.ts";
import { collectAsk } from "./ask.ts";
import { refused } from "./refused.ts";

/** The phase of a run, in the workflow that its task is pinned to. */
export interface Played {
  readonly task: Task;
  readonly workflow: Workflow;
  readonly phase: WorkflowPhase;
  /** Whether the task may be done with it. */
  readonly ends: boolean;
}

/** @returns `null` when the daemon stops, or for a run of what nobody knows any more: then it is all there is */
export async function phaseOfRun(ports: RunnerPorts, run: Run, signal: AbortSignal): Promise<Played | null> {
  const { store } = ports;
  return insist(ports, run.id, signal, async () => {
    const task = await store.tasks.get(run.task);
    const workflow = task === null ? null : await store.workflows.ofTask(task);
    const phase = workflow?.phases.find(({ key }) => key === run.phase);
    if (task === null || workflow === null || phase === undefined) return null;
    return { task, workflow, phase, ends: mayEnd(workflow, phase.key) };
  });
}

/**
 * The outcome with what the phase has left behind, or with what it lacks; every other passes unchanged. Who asks is not
 * done, and has nothing to prove yet.
 */
export async function prove(
  ports: RunnerPorts,
  run: Run,
  played: Played | null,
  outcome: RunOutcome,
): Promise<RunOutcome> {
  if (outcome.status !== "succeeded" || played === null) return outcome;
  const directory = runDirectory(ports, run.id);
  const asked = await collectAsk(ports.files, directory, ports.log.redactor.redact);
  if (asked.kind === "asked") return { ...outcome, asks: asked.asks };
  if (asked.kind === "malformed")
    return refused(outcome, "artifact", asked.reason, [asked.reason, ...asked.problems].join("\n"));
  const { artifact: spec } = played.phase;
  const collected = spec === null ? null : await collectArtifact(ports.files, directory, spec);
  if (collected === null) return outcome;
  const { artifact } = collected;
  if (collected.kind === "found") return { ...outcome, artifact };
  const { reason, problems } = collected;
  return refused({ ...outcome, artifact }, "artifact", reason, [reason, ...problems].join("\n"));
}
