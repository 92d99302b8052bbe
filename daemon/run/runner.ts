/**
 * One run, from its claim to its conclusion; and a run that outlived its daemon, from where it stands.
 *
 * R1. The agent is started behind the start gate, which opens only after its identity is written under the claim's
 *     fence (I4). A lost fence closes the start gate, and the agent never runs.
 * R2. Fresh and adopted runs take the same way from supervision on; adoption is no special case.
 * R3. Every step may be repeated. A daemon that dies between any two leaves a row from which the next one goes on.
 * R4. It decides nothing: how a run ended is judged in `agents/`, what follows from it in `workflow/decide/decide.ts`.
 */

import type { Claim } from "../../store/claim/claim.ts";
import type { Launched } from "../../system/process/processes.ts";
import { markOf, type Run, type StopReason } from "../../workflow/run.ts";
import { runMoves } from "../../workflow/states.ts";
import { afterFault } from "./after-fault.ts";
import { concludeRun } from "./conclude.ts";
import { concludeProcess } from "./conclude-process.ts";
import { failure, stoppedBeforeStart } from "./own-outcomes.ts";
import { insist, type RunnerPorts } from "./ports.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { lookAfter } from "./supervise.ts";
import { readSecrets } from "./told/secrets.ts";

export interface Runner {
  /** Takes a claim to its conclusion. Never rejects; resolves early when the daemon stops. */
  begin(claim: Claim): Promise<void>;
  /** Goes on with a live run of an earlier daemon. Never rejects. */
  adopt(run: Run): Promise<void>;
  /** Runs in hand. */
  count(): number;
  /** Resolves when the next of them has ended; at once when there is none. */
  nextEnd(): Promise<void>;
  /** Whether it is one of them. */
  holds(run: string): boolean;
}

export function createRunner(ports: RunnerPorts, signal: AbortSignal): Runner {
  const inHand = new Map<string, Promise<void>>();
  const left = new Set<string>();
  const attempt = async (run: Run, work: () => Promise<void>): Promise<void> => {
    try {
      // A task's next run waits here until the last one has put its worktree away.
      await ports.turns.take(run.task, work);
      left.delete(run.id);
    } catch (error) {
      await afterFault(ports, run, error, left.has(run.id), signal);
      left.add(run.id);
    } finally {
      inHand.delete(run.id);
    }
  };
  const guard = (run: Run, work: () => Promise<void>): Promise<void> => {
    const ended = attempt(run, work);
    inHand.set(run.id, ended);
    return ended;
  };
  return {
    begin: (claim) => guard(claim.run, () => begin(ports, claim, signal)),
    adopt: (run) => guard(run, () => adopt(ports, run, signal)),
    count: () => inHand.size,
    nextEnd: () => (inHand.size === 0 ? Promise.resolve() : Promise.race(inHand.values())),
    holds: (run) => inHand.has(run),
  };
}

async function begin(ports: RunnerPorts, claim: Claim, signal: AbortSignal): Promise<void> {
  const { run } = claim;
  const task = await insist(ports, run.id, signal, () => ports.store.tasks.get(run.task));
  if (task === null && signal.aborted) return;
  const prepared = await prepare(ports, claim, task);
  if (prepared.kind === "failed") return concludeRun(ports, run, prepared.outcome, signal);
  const result = await ports.processes.launch("run", prepared.launch);
  if (result.kind === "failed") {
    await insist(ports, run.id, signal, () => ports.store.runs.describe(run.id, prepared.plan));
    const outcome = failure("host", `the agent could not be launched: ${result.reason}`);
    return concludeRun(ports, run, outcome, signal);
  }
  const started = await openGate(ports, run, result.launched, prepared, signal);
  if (started === "lost") return;
  if (typeof started === "string") return concludeRun(ports, run, stoppedBeforeStart(started), signal);
  await writeMeta(ports, started, prepared);
  return seeThrough(ports, started, signal);
}

type Ready = Extract<Prepared, { kind: "ready" }>;

/** Writes the process down under the fence, and only then lets the agent run. */
async function openGate(
  ports: RunnerPorts,
  run: Run,
  launched: Launched,
  prepared: Ready,
  signal: AbortSignal,
): Promise<Run | "lost" | StopReason> {
  const { store, clock, log } = ports;
  try {
    // The gated child waits for as long as the disk is full; it is lost only with its daemon.
    const written = await insist(ports, run.id, signal, () =>
      store.runs.started(run.id, run.fence, prepared.plan, launched.identity, clock.now()),
    );
    const current = written === true ? await store.runs.get(run.id) : null;
    if (current === null) {
      launched.abandon();
      if (written === false)
        log.warn({ event: "run.lost", run: run.id, task: run.task, reason: "another claim owns the job" });
      return "lost";
    }
    if (current.stop !== null) {
      launched.abandon();
      return current.stop;
    }
    launched.release();
    const { pid } = launched.identity;
    log.info({
      event: "run.started",
      run: run.id,
      task: run.task,
      job: run.job,
      pid,
      backend: prepared.profile.backend,
    });
    return current;
  } catch (error) {
    launched.abandon();
    throw error;
  }
}

/** For whoever looks at the directory later; the agent is not kept waiting for it. */
async function writeMeta(ports: RunnerPorts, run: Run, { launch }: Ready): Promise<void> {
  const { id, job, task, agent, backend, model, effort, identity } = run;
  const meta = {
    run: id,
    job,
    task,
    agent,
    backend,
    model,
    effort,
    pid: identity?.pid,
    argv: launch.argv,
    cwd: launch.cwd,
  };
  await ports.files.write("meta", `${launch.directory}/meta.json`, `${JSON.stringify(meta)}\n`);
}

async function adopt(ports: RunnerPorts, run: Run, signal: AbortSignal): Promise<void> {
  // What its agent was given in secret is to be known again before anything that it prints is read.
  const questions = await insist(ports, run.id, signal, () => ports.store.questions.ofTask(run.task));
  for (const question of questions ?? []) await readSecrets(ports, question);
  if (run.identity === null) {
    // Its start gate was never opened: the child met end-of-file when its daemon died. Only the child may be left.
    const directory = ports.workspaces.directoryOf(run.task);
    await ports.processes.sweep("adopt", markOf(run.id), directory);
    const outcome = failure("interrupted", "the daemon ended before the agent was started", "lost");
    await concludeRun(ports, run, outcome, signal, "starting");
    // Whoever began it was only slow, and has started the agent meanwhile: then there is a process to adopt.
    const current = await insist(ports, run.id, signal, () => ports.store.runs.get(run.id));
    return current === null || current.identity === null || runMoves.final.includes(current.status)
      ? undefined
      : seeThrough(ports, current, signal);
  }
  ports.log.info({
    event: "run.adopted",
    run: run.id,
    task: run.task,
    pid: run.identity.pid,
    status: run.status,
  });
  return seeThrough(ports, run, signal);
}

/** R2. From its started process to its conclusion. */
async function seeThrough(ports: RunnerPorts, run: Run, signal: AbortSignal): Promise<void> {
  const ended = await lookAfter(ports, run, signal);
  if (ended !== null) await concludeProcess(ports, run, ended, signal);
}
