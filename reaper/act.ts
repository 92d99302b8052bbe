/**
 * Carries verdicts out, one by one, so that a row that cannot be helped does not keep the others waiting.
 *
 * Between look and act the world has moved on: each act reads its row again, and does nothing about a run that is over
 * or has come into somebody's hands meanwhile. Signals go through the door that re-checks the identity (I5). Whoever
 * loses a race here is told so by the store, and nothing is written twice (I3).
 */

import { stackOf } from "../system/stack.ts";
import { markOf, type Run } from "../workflow/run.ts";
import { runMoves } from "../workflow/states.ts";
import type { ReaperPorts } from "./ports.ts";
import type { Verdict } from "./tiers.ts";

/** Answers whether anything was done. A throw is logged, and the verdict comes again with the next look. */
export async function carryOut(ports: ReaperPorts, verdict: Verdict): Promise<boolean> {
  const { log } = ports;
  const { act, tier, because } = verdict;
  const about =
    verdict.act === "kill" ? { run: verdict.run } : { run: verdict.run.id, task: verdict.run.task };
  try {
    const isDone = verdict.act === "kill" ? killStray(ports, verdict) : await actOn(ports, verdict);
    if (isDone) log.warn({ event: "run.reaped", tier, act, ...about, reason: because });
    return isDone;
  } catch (error) {
    log.error({ event: "reaper.faulted", tier, act, ...about, reason: stackOf(error) });
    return false;
  }
}

type AboutRun = Exclude<Verdict, { act: "kill" }>;

async function actOn(ports: ReaperPorts, verdict: AboutRun): Promise<boolean> {
  const { runs, hands, clock } = ports;
  const run = await runs.get(verdict.run.id);
  if (run === null || isOver(run)) return false;
  switch (verdict.act) {
    case "adopt":
      return hands.holds(run.id) ? false : done(() => hands.adopt(run));
    case "take_over":
      return done(() => hands.takeOver(run));
    case "conclude":
      return done(() => hands.conclude(run, verdict.outcome));
    case "mark_exited": {
      const exit = await ports.processes.exitRecord(ports.knowledge.directory(run));
      return runs.exited(run.id, exit?.code ?? null, exit?.signal ?? null, clock.now());
    }
    case "end_launcher":
      return run.identity !== null && ports.processes.signal("reap", run.identity, "SIGKILL", "group");
    case "stop":
      return stop(ports, run, verdict);
    default:
      return verdict satisfies never;
  }
}

/** The reason is written down before the first signal, so that whoever concludes the run can tell it. */
async function stop(
  ports: ReaperPorts,
  run: Run,
  verdict: Extract<Verdict, { act: "stop" }>,
): Promise<boolean> {
  const { runs, processes, knowledge } = ports;
  const { signal, reason } = verdict;
  if (run.identity === null || !(await runs.askToStop(run.id, reason))) return false;
  // With its launcher dead there may be no group leader to vouch for the group.
  const isHit =
    processes.signal("reap", run.identity, signal, "group") ||
    processes.signal("reap", run.identity, signal, "process");
  if (signal === "SIGKILL") await processes.sweep("reap", markOf(run.id), knowledge.worktree(run));
  return isHit;
}

/**
 * Kills this one process and sweeps nothing. Whatever else carries the mark of that run is a stray with a verdict of
 * its own; and a sweep would reach into the task's worktree, where the task's next run may be at work by now.
 */
function killStray({ processes }: ReaperPorts, { identity }: Extract<Verdict, { act: "kill" }>): boolean {
  return processes.signal("reap", identity, "SIGKILL", "process");
}

function isOver(run: Run): boolean {
  return runMoves.final.some((status) => status === run.status);
}

function done(work: () => void): true {
  work();
  return true;
}
