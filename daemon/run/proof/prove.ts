/**
 * What a phase has to prove before its run counts: the artifact that it has to leave behind, and its checks;
 * unless its agent asks a person first.
 *
 * The agent's processes are gone by then. What is wrong is told to the next try in lines (`trouble`), and to people in
 * one sentence; whose fault it is, and what it costs, says the class (`workflow/faults.ts`).
 */

import type { FailureClass } from "../../../workflow/faults.ts";
import type { Run, RunOutcome } from "../../../workflow/run.ts";
import type { Task } from "../../../workflow/task.ts";
import { mayEnd, type Workflow, type WorkflowPhase } from "../../../workflow/workflow.ts";
import { orOwnTrouble } from "../own-trouble.ts";
import { insist, type RunnerPorts, runDirectory } from "../ports.ts";
import { workspaceSpec } from "../workspace.ts";
import { collectArtifact } from "./artifact.ts";
import { collectAsk } from "./ask.ts";
import { type Checked, runChecks } from "./checks.ts";

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
 * The outcome with what the phase has left behind, or with what it lacks; every other passes unchanged. The artifact is
 * taken in first: checks are the agent's code, too. Who asks is not done, and has nothing to prove yet.
 *
 * @returns `null` when the daemon stops meanwhile: the next one begins anew
 */
export async function prove(
  ports: RunnerPorts,
  run: Run,
  played: Played | null,
  outcome: RunOutcome,
  signal: AbortSignal,
): Promise<RunOutcome | null> {
  if (outcome.status !== "succeeded" || played === null) return outcome;
  const directory = runDirectory(ports, run.id);
  const asked = await collectAsk(ports.files, directory, ports.log.redactor.redact);
  if (asked.kind === "asked") return { ...outcome, asks: asked.asks };
  if (asked.kind === "malformed")
    return refused(outcome, "artifact", asked.reason, [asked.reason, ...asked.problems].join("\n"));
  const { artifact: spec } = played.phase;
  const collected = spec === null ? null : await collectArtifact(ports.files, directory, spec);
  if (collected !== null && collected.kind !== "found") {
    const { reason, problems } = collected;
    return refused(outcome, "artifact", reason, [reason, ...problems].join("\n"));
  }
  const proven =
    collected === null ? outcome : { ...outcome, artifact: { ...collected.artifact, isValid: true } };
  if (played.phase.checks.length === 0) return proven;
  const checked = await check(ports, run, played, signal);
  if (checked === null) return null;
  switch (checked.kind) {
    case "passed":
      return proven;
    case "failed":
      return refused(proven, "check", checked.reason, `${checked.reason}\n\n${checked.tail}`);
    case "cancelled":
      return { ...refused(proven, "cancelled", "it was cancelled while it was checked"), status: "killed" };
    default:
      return refused(proven, "workspace", `its work could not be checked: ${checked.reason}`);
  }
}

async function check(
  ports: RunnerPorts,
  run: Run,
  { task, phase }: Played,
  signal: AbortSignal,
): Promise<Checked | null> {
  const [project, profile] = [ports.projects.get(run.project), ports.profiles.get(run.agent)];
  if (project === undefined || profile === undefined)
    return {
      kind: "unable",
      reason: `${project === undefined ? "its project" : "its agent"} left the configuration`,
    };
  const workspace = await orOwnTrouble(() => ports.workspaces.prepare(workspaceSpec(task, project, profile)));
  if (workspace.kind === "failed") return { kind: "unable", reason: workspace.reason };
  return runChecks(
    ports,
    { run, checks: phase.checks, profile, project, workspace: workspace.value },
    signal,
  );
}

type Succeeded = Extract<RunOutcome, { status: "succeeded" }>;
type Unsuccessful = Exclude<RunOutcome, Succeeded>;

function refused(
  { summary, session, artifact = null }: Succeeded,
  failure: FailureClass,
  reason: string,
  trouble?: string,
): Unsuccessful {
  return {
    ...{ status: "failed", failure, reason, summary, session, artifact, retryAfterMs: 0 },
    ...(trouble !== undefined && { trouble }),
  };
}
