/**
 * Publishing what a successful run left: committed and pushed, again and again for about an hour.
 *
 * P1. Nothing is published for a run whose job went on without it. Who cancels a task, and even starts it again, never
 *     finds work of the cancelled run on the remote later.
 * P2. A project that has left the configuration is waited for like a remote that is down: work that was not published
 *     is not called done.
 * P3. Why it is not published yet, and when it is tried again, stands in the run's row, where `explain` reads it.
 * P4. A few at a time are published to one remote: one that hangs holds up nobody who publishes elsewhere, and one that
 *     comes back is not met by everything at once.
 */

import { remoteHost } from "../../forges/git/remote-host.ts";
import type { Published, Push, WorkspaceResult } from "../../forges/git/workspace.ts";
import { isUnchanged } from "../../workflow/decide/made.ts";
import { PUBLISH_PAUSES_MS, PUBLISHED_AT_ONCE } from "../../workflow/limits.ts";
import type { Project } from "../../workflow/project.ts";
import type { Run, RunOutcome } from "../../workflow/run.ts";
import type { Task } from "../../workflow/task.ts";
import { fitSentence } from "../../workflow/text/fit.ts";
import { orOwnTrouble } from "./own-trouble.ts";
import { insist, type RunnerPorts } from "./ports.ts";
import { workspaceSpec } from "./workspace.ts";

/** How often a pause looks whether the run was asked to stop meanwhile. */
const LOOK_MS = 1_000;

/**
 * Publishes the work of a run that succeeded; every other outcome passes unchanged. What cannot be published in the end
 * is the run's failure, and says why; the agent is not run again for it.
 *
 * @param ends whether the task may be done with this run, and has nothing published from before
 * @returns `null` when the daemon stops meanwhile: the next one goes on from the row
 */
export async function publish(
  ports: RunnerPorts,
  run: Run,
  outcome: RunOutcome,
  ends: boolean,
  signal: AbortSignal,
): Promise<RunOutcome | null> {
  if (outcome.status !== "succeeded") return outcome;
  const { clock, log } = ports;
  const { summary, session, artifact = null } = outcome;
  // It is what the phase has found, whatever becomes of the work beside it.
  const unpublished = {
    artifact,
    status: "failed",
    failure: "unpublished",
    summary,
    session,
    retryAfterMs: 0,
  } as const;
  for (const pause of [...PUBLISH_PAUSES_MS, null]) {
    const published = await publishInTurn(ports, run, signal);
    if (signal.aborted) return null;
    if (published === null) {
      const reason = "it was cancelled before its work was published";
      return { ...unpublished, status: "killed", failure: "cancelled", reason };
    }
    if (published.kind === "ok") {
      const found = { ...outcome, ...published.value };
      const isRequired = ends && ports.projects.get(run.project)?.publish.requireChange === true;
      return isRequired && isUnchanged(found) ? { ...unpublished, ...UNCHANGED } : found;
    }
    const { reason } = published;
    log.warn({ event: "run.unpublished", run: run.id, task: run.task, reason });
    if (pause === null) return { ...unpublished, reason };
    await note(ports, run, reason, clock.now() + pause, signal);
    await waitUnlessAsked(ports, run, pause, signal);
  }
  return null;
}

const UNCHANGED = {
  failure: "no_change",
  reason: "the agent said that it was done, and has changed nothing; its project has require_change",
} as const;

/** P1. The run's task, while its job is still the one that this run was claimed for. */
async function taskOf(ports: RunnerPorts, run: Run, signal: AbortSignal): Promise<Task | null> {
  const { store } = ports;
  return insist(ports, run.id, signal, async () => {
    const job = await store.jobs.get(run.job);
    return job?.status === "running" && job.fence === run.fence ? store.tasks.get(run.task) : null;
  });
}

/** P4. @returns `null` for a run whose job has gone on without it (P1), or when the daemon stops */
async function publishInTurn(
  ports: RunnerPorts,
  run: Run,
  signal: AbortSignal,
): Promise<WorkspaceResult<Published> | null> {
  const remote = remoteHost(ports.projects.get(run.project)?.cloneUrl ?? "");
  if (ports.publishing.isBusy(remote)) {
    const text = `not published yet: ${PUBLISHED_AT_ONCE} other runs are being published to ${remote} and go first`;
    await insist(ports, run.id, signal, () => ports.store.runs.unpublished(run.id, text));
  }
  return ports.publishing.take(remote, async () => {
    const task = await taskOf(ports, run, signal);
    return task === null || signal.aborted ? null : publishOnce(ports, run, task);
  });
}

async function publishOnce(
  { workspaces, projects, profiles }: RunnerPorts,
  run: Run,
  task: Task,
): Promise<WorkspaceResult<Published>> {
  const project = projects.get(task.project);
  if (project === undefined) {
    const where = `what its agent left is kept in ${workspaces.directoryOf(task.key)}`;
    return { kind: "failed", reason: `project ${task.project} is not in the configuration, and ${where}` };
  }
  const spec = workspaceSpec(task, project, profiles.get(run.agent) ?? null);
  return orOwnTrouble(async () => {
    const workspace = await workspaces.prepare(spec);
    if (workspace.kind === "failed") return workspace;
    return workspaces.publish(spec, workspace.value, pushOf(project));
  });
}

/** A pull request is of a branch, which is pushed as every other is. */
function pushOf({ publish: { to, allowCi } }: Project): Push {
  return { to: to === "none" ? to : "branch", allowCi };
}

/** P3. @param next when it is tried again (ms) */
async function note(
  ports: RunnerPorts,
  run: Run,
  reason: string,
  next: number,
  signal: AbortSignal,
): Promise<void> {
  const at = new Date(next).toISOString().slice(0, 19).replace("T", " ");
  const text = fitSentence(`not published yet, next try at ${at} UTC: ${reason}`, ports.log.redactor.redact);
  await insist(ports, run.id, signal, () => ports.store.runs.unpublished(run.id, text));
}

/** Waits `pauseMs`, or until somebody asks the run to stop and its job is not its own any more. */
async function waitUnlessAsked(
  ports: RunnerPorts,
  run: Run,
  pauseMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { clock, stops } = ports;
  const until = clock.monotonic() + pauseMs;
  for (let left = pauseMs; left > 0 && !signal.aborted; left = until - clock.monotonic()) {
    await clock.sleep(Math.min(left, LOOK_MS), signal);
    // An earlier reason, such as a process that lingered, hides that it was cancelled later: the job says it.
    if (stops.reasonFor(run.id) !== null && (await taskOf(ports, run, signal)) === null) return;
  }
}
