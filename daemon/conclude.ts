/**
 * The end of a run: what its process left behind is read, its work is published, and the intent `run_finished` is
 * raised. Every step may be repeated, because a daemon may die after any of them.
 */

import { concludeEnding } from "../agents/conclude.ts";
import { backendFor } from "../agents/registry.ts";
import type { Supervised } from "../agents/supervise.ts";
import { writeTranscript } from "../agents/transcript.ts";
import { ask } from "../store/ask.ts";
import type { RunFinished, RunOutcome } from "../workflow/intent.ts";
import { REASON_CHARS_MAX } from "../workflow/limits.ts";
import type { Run } from "../workflow/model.ts";
import type { Project } from "../workflow/project.ts";
import { taskMoves } from "../workflow/states.ts";
import { insist, type RunnerPorts, runDirectory } from "./runner-ports.ts";
import { putAway, workspaceSpec } from "./workspace.ts";

const STDERR_TAIL_BYTES = 4_096;
const RESULT_BYTES_MAX = 1_048_576;

/** Concludes a run whose process is gone. */
export async function concludeProcess(
  ports: RunnerPorts,
  run: Run,
  ended: Extract<Supervised, { kind: "ended" }>,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, files } = ports;
  const directory = runDirectory(ports, run.id);
  const exit = ended.exit;
  await insist(ports, run.id, signal, () =>
    store.runs.exited(run.id, exit?.code ?? null, exit?.signal ?? null, clock.now()),
  );
  const conclusion = concludeEnding(
    backendFor(run.backend),
    ended,
    {
      exitCode: exit?.code ?? null,
      signal: exit?.signal ?? null,
      stderrTail: await tail(ports, `${directory}/stderr.log`),
      resultFile: await files.read("result", `${directory}/result.json`, RESULT_BYTES_MAX),
    },
    clock.now(),
  );
  const { usage, session } = conclusion;
  const progress = {
    logOffset: ended.logOffset,
    transcript: writeTranscript(ended.transcript),
    session,
    model: ended.transcript.model,
    usage,
    activeAt: clock.now(),
  };
  await insist(ports, run.id, signal, () => store.runs.progress(run.id, progress));
  const outcome = await publish(ports, run, conclusion.outcome);
  return concludeRun(ports, run, outcome, signal);
}

/** Writes down how a run ended, and lets `decide` say what follows. */
export async function concludeRun(
  ports: RunnerPorts,
  run: Run,
  outcome: RunOutcome,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, chance, log } = ports;
  const project = ports.projects.get(run.project);
  const intent: RunFinished = {
    kind: "run_finished",
    run: run.id,
    task: run.task,
    job: run.job,
    fence: run.fence,
    outcome: shortened(outcome),
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
  if (asked === null) return;
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

/** Commits and pushes what a successful run left; a failure to do so is the run's failure, and says why. */
async function publish(ports: RunnerPorts, run: Run, outcome: RunOutcome): Promise<RunOutcome> {
  if (outcome.status !== "succeeded") return outcome;
  const project = ports.projects.get(run.project);
  const task = await ports.store.tasks.get(run.task);
  if (project === undefined || task === null || taskMoves.final.includes(task.status)) return outcome;
  const spec = workspaceSpec(task, project);
  const workspace = await ports.workspaces.prepare(spec);
  const published =
    workspace.kind === "ok"
      ? await ports.workspaces.publish(spec, workspace.value, project.publish === "branch")
      : workspace;
  if (published.kind === "ok") return { ...outcome, ...published.value };
  const { summary, session } = outcome;
  return {
    status: "failed",
    failure: "workspace",
    reason: published.reason,
    summary,
    session,
    retryAfterMs: 0,
  };
}

/** The worktree goes when the task is over. What was not published is committed to its branch in the mirror first. */
async function cleanUp(ports: RunnerPorts, run: Run, project: Project | undefined): Promise<void> {
  const { store, workspaces, log } = ports;
  const task = await store.tasks.get(run.task);
  if (task === null || project === undefined || !taskMoves.final.includes(task.status)) return;
  const result = await putAway(workspaces, task, project);
  if (result.kind === "failed") log.warn({ event: "worktree.kept", task: run.task, reason: result.reason });
}

async function tail(ports: RunnerPorts, path: string): Promise<string> {
  const text = await ports.files.read("stderr", path, RESULT_BYTES_MAX);
  return text?.slice(-STDERR_TAIL_BYTES) ?? "";
}

function shortened(outcome: RunOutcome): RunOutcome {
  return outcome.status === "succeeded"
    ? outcome
    : { ...outcome, reason: outcome.reason.slice(0, REASON_CHARS_MAX) };
}
