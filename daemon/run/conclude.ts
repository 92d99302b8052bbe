/** The end of a run: it is written down, the intent `run_finished` is decided, and what the task leaves is put away. */

import { ask } from "../../store/settle.ts";
import type { RunFinished } from "../../workflow/decide/run-finished.ts";
import { FAULTS } from "../../workflow/faults.ts";
import type { Project } from "../../workflow/project.ts";
import type { Run, RunOutcome } from "../../workflow/run.ts";
import { type RunStatus, taskMoves } from "../../workflow/states.ts";
import { fitOutcome } from "../../workflow/text/fit.ts";
import { orOwnTrouble } from "./own-trouble.ts";
import { insist, type RunnerPorts, runDirectory } from "./ports.ts";
import { forgetSecrets, takeBackSecrets } from "./told/secrets.ts";
import { putAway, workspaceSpec } from "./workspace.ts";

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
  if (outcome.status !== "succeeded" && FAULTS[outcome.failure].doubtsMachine)
    ports.host.failed(outcome.reason);
  const directory = runDirectory(ports, run.id);
  // Its processes are gone; where that is only believed, whoever began it may have started them after all.
  if (onlyFrom === undefined) await takeBackSecrets(ports, directory);
  const intent: RunFinished = {
    kind: "run_finished",
    run: run.id,
    task: run.task,
    job: run.job,
    fence: run.fence,
    outcome: fitOutcome(outcome, log.redactor.redact),
    ...(onlyFrom !== undefined && { onlyFrom }),
    jitter: chance.fraction(),
    maxAttempts: ports.profiles.get(run.agent)?.maxAttempts ?? 1,
    keptForMs: ports.keptForMs(),
  };
  const asked = await insist(ports, run.id, signal, () => ask(store, [intent], null, clock.now()));
  if (asked === null || asked.kind !== "done") return;
  if (onlyFrom !== undefined) await takeBackSecrets(ports, directory);
  const reason = outcome.status === "succeeded" ? null : outcome.reason;
  log.info({
    event: "run.finished",
    run: run.id,
    task: run.task,
    job: run.job,
    status: outcome.status,
    reason,
  });
  const project = ports.projects.get(run.project);
  await dropSettled(ports, run, project, outcome.settled ?? []);
  await cleanUp(ports, run, project);
}

/**
 * The worktree goes when the task is over. What was not published is committed to its branch in the mirror first; until
 * its project is in the configuration again, all of it stays where it is.
 */
async function cleanUp(ports: RunnerPorts, run: Run, project: Project | undefined): Promise<void> {
  const { store, log } = ports;
  const task = await store.tasks.get(run.task);
  if (task === null || !taskMoves.final.includes(task.status)) return;
  await forgetSecrets(ports, task.key);
  const result =
    project === undefined
      ? { kind: "failed" as const, reason: `project ${task.project} is not in the configuration` }
      : await orOwnTrouble(() => putAway(ports, task, project));
  if (result.kind === "failed") log.warn({ event: "worktree.kept", task: run.task, reason: result.reason });
}

/** What was kept before and is published now needs no ref of its own any more. */
async function dropSettled(
  { store, workspaces, log }: RunnerPorts,
  run: Run,
  project: Project | undefined,
  settled: readonly string[],
): Promise<void> {
  if (settled.length === 0 || project === undefined) return;
  const task = await store.tasks.get(run.task);
  if (task === null) return;
  for (const ref of settled) {
    const dropped = await workspaces.dropKept(workspaceSpec(task, project), ref);
    if (dropped.kind === "failed")
      log.warn({ event: "kept.ref", task: run.task, ref, reason: dropped.reason });
  }
}
