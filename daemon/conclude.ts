/**
 * The end of a run: what its process left behind is read, its work is published, and the intent `run_finished` is
 * raised. Every step may be repeated, because a daemon may die after any of them.
 */

import { concludeEnding } from "../agents/conclude.ts";
import { reprice } from "../agents/prices.ts";
import { backendFor } from "../agents/registry.ts";
import type { Supervised } from "../agents/supervise.ts";
import { writeTranscript } from "../agents/transcript.ts";
import type { Published, WorkspaceResult } from "../forges/workspace.ts";
import { ask } from "../store/ask.ts";
import type { RunFinished, RunOutcome } from "../workflow/intent.ts";
import { PUBLISH_PAUSES_MS, REASON_CHARS_MAX } from "../workflow/limits.ts";
import type { Run, Task } from "../workflow/model.ts";
import type { Project } from "../workflow/project.ts";
import { type RunStatus, taskMoves } from "../workflow/states.ts";
import { readEnding } from "./ending.ts";
import { nameBudget } from "./meter.ts";
import { insist, type RunnerPorts, runDirectory } from "./runner-ports.ts";
import { readSession } from "./session-look.ts";
import { putAway, workspaceSpec } from "./workspace.ts";

/** Concludes a run whose process is gone. */
export async function concludeProcess(
  ports: RunnerPorts,
  run: Run,
  ended: Extract<Supervised, { kind: "ended" }>,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock } = ports;
  const exit = ended.exit;
  await insist(ports, run.id, signal, () =>
    store.runs.exited(run.id, exit?.code ?? null, exit?.signal ?? null, clock.now()),
  );
  const backend = backendFor(run.backend);
  const transcript = await readSession(ports, run, backend, ended.transcript);
  const ending = await readEnding(ports, runDirectory(ports, run.id), run, backend, exit);
  // The supervisor may have heard of a stop a second late, or not at all; the row knows it.
  const row = await insist(ports, run.id, signal, () => store.runs.get(run.id));
  const asked = row?.stop ?? ended.asked;
  const conclusion = concludeEnding(backend, { ...ended, asked, transcript }, ending, clock.now());
  const usage = reprice(conclusion.usage, ports.prices);
  const progress = {
    logOffset: ended.logOffset,
    transcript: writeTranscript(transcript),
    session: conclusion.session,
    model: transcript.model,
    usage,
    activeAt: clock.now(),
  };
  await insist(ports, run.id, signal, () => ports.progress.write(run.id, progress, true));
  const named = await insist(ports, run.id, signal, () => nameBudget(ports, run, usage, conclusion.outcome));
  if (exit?.neverRan !== true) ports.host.works();
  const outcome = await publish(ports, run, named ?? conclusion.outcome, signal);
  return outcome === null ? undefined : concludeRun(ports, run, outcome, signal);
}

/**
 * Writes down how a run ended, and lets `decide` say what follows.
 *
 * @param onlyFrom the status it must still have, when the outcome is true of no other
 */
export async function concludeRun(
  ports: RunnerPorts,
  run: Run,
  outcome: RunOutcome,
  signal: AbortSignal,
  onlyFrom?: RunStatus,
): Promise<void> {
  const { store, clock, chance, log } = ports;
  // First of all, so that the loop claims nothing in its place.
  if (outcome.status !== "succeeded" && outcome.failure === "host") ports.host.failed(outcome.reason);
  const project = ports.projects.get(run.project);
  const intent: RunFinished = {
    kind: "run_finished",
    run: run.id,
    task: run.task,
    job: run.job,
    fence: run.fence,
    outcome: shortened(outcome),
    ...(onlyFrom !== undefined && { onlyFrom }),
    jitter: chance.fraction(),
    maxAttempts: ports.profiles.get(run.agent)?.maxAttempts ?? 1,
  };
  const rules = {
    name: run.project,
    prefix: project?.prefix ?? "",
    workflow: project?.workflow ?? "",
    agent: run.agent,
  };
  const asked = await insist(ports, run.id, signal, () => ask(store, [{ intent, rules }], null, clock.now()));
  if (asked === null || asked.kind !== "done") return;
  const reason = outcome.status === "succeeded" ? null : outcome.reason;
  log.info({
    event: "run.finished",
    run: run.id,
    task: run.task,
    job: run.job,
    status: outcome.status,
    reason,
  });
  await cleanUp(ports, run, project);
}

/**
 * Commits and pushes what a successful run left, again and again for about an hour. What cannot be published then is
 * the run's failure, and says why; the agent is not run again for it.
 *
 * @returns `null` when the daemon stops meanwhile: the next one goes on from the row
 */
async function publish(
  ports: RunnerPorts,
  run: Run,
  outcome: RunOutcome,
  signal: AbortSignal,
): Promise<RunOutcome | null> {
  if (outcome.status !== "succeeded") return outcome;
  const { store, clock, log } = ports;
  let reason = "";
  for (const pause of [0, ...PUBLISH_PAUSES_MS]) {
    await clock.sleep(pause, signal);
    if (signal.aborted) return null;
    const project = ports.projects.get(run.project);
    const task = await insist(ports, run.id, signal, () => store.tasks.get(run.task));
    if (signal.aborted) return null;
    if (project === undefined || task === null || taskMoves.final.includes(task.status)) return outcome;
    const published = await publishOnce(ports, task, project);
    if (published.kind === "ok") return { ...outcome, ...published.value };
    reason = published.reason;
    log.warn({ event: "run.unpublished", run: run.id, task: run.task, reason });
  }
  const { summary, session } = outcome;
  return { status: "failed", failure: "unpublished", reason, summary, session, retryAfterMs: 0 };
}

async function publishOnce(
  { workspaces }: RunnerPorts,
  task: Task,
  project: Project,
): Promise<WorkspaceResult<Published>> {
  const spec = workspaceSpec(task, project);
  const workspace = await workspaces.prepare(spec);
  if (workspace.kind === "failed") return workspace;
  return workspaces.publish(spec, workspace.value, project.publish === "branch");
}

/** The worktree goes when the task is over. What was not published is committed to its branch in the mirror first. */
async function cleanUp(ports: RunnerPorts, run: Run, project: Project | undefined): Promise<void> {
  const { store, workspaces, log } = ports;
  const task = await store.tasks.get(run.task);
  if (task === null || project === undefined || !taskMoves.final.includes(task.status)) return;
  const result = await putAway(workspaces, task, project);
  if (result.kind === "failed") log.warn({ event: "worktree.kept", task: run.task, reason: result.reason });
}

function shortened(outcome: RunOutcome): RunOutcome {
  return outcome.status === "succeeded"
    ? outcome
    : { ...outcome, reason: outcome.reason.slice(0, REASON_CHARS_MAX) };
}
