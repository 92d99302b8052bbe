/**
 * `bench workflow`: what a decision costs of a task that has come far: 20 phases of its workflow, each played, and 200
 * events behind it. Beside what it takes to copy such a snapshot, as everything does that hands it on.
 *
 * The events themselves are no part of what a decision sees; that the task has so many shows in its rows.
 */

import { begin, claim, put, replay, type World } from "../test/workflow/decide/applied.ts";
import { finished } from "../test/workflow/decide/intents.ts";
import {
  APPROVAL,
  answer,
  artifact,
  CI,
  phase,
  reporting,
  starting,
} from "../test/workflow/decide/phases.ts";
import { FACTS } from "../test/workflow/decide/snapshot.ts";
import { decide, type Intent } from "../workflow/decide/decide.ts";
import type { Snapshot } from "../workflow/decide/decision.ts";
import type { Job } from "../workflow/job.ts";
import type { Gate, Workflow } from "../workflow/workflow.ts";
import { type Figure, quantile } from "./figures.ts";

const PHASES = 20;
const EVENTS = 200;
const FULL = { rounds: 400, each: 200 };
const QUICK = { rounds: 40, each: 50 };
/** A decision at most (µs). */
const WANTED_US = 50;

const COMMIT = "c0ffee";

export async function workflowBench(isQuick: boolean): Promise<readonly Figure[]> {
  const { rounds, each } = isQuick ? QUICK : FULL;
  const workflow = longWorkflow();
  const { world, run } = farCome(workflow);
  const { snapshot } = world;
  if (world.snapshot.phases.length < PHASES || world.history.length < EVENTS)
    throw new Error(`the task has ${snapshot.phases.length} phases and ${world.history.length} events`);
  const cases: readonly (readonly [name: string, snapshot: Snapshot, intent: Intent])[] = [
    ["the end of its run", snapshot, run],
    ["a word to it", snapshot, said()],
    ...waitingFor(workflow, world),
  ];
  const decided = cases.map((): number[] => []);
  const copied: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [index, [name, seen, intent]] of cases.entries()) {
      const us = timed(each, () => decide(seen, intent).kind === "change");
      if (us === null) throw new Error(`${name} is not decided`);
      decided[index]?.push(us);
    }
    copied.push(timed(each, () => structuredClone(snapshot).phases.length > 0) ?? 0);
  }
  const copy = quantile(copied, 0.5);
  const costs = decided.map((times) => quantile(times, 0.5));
  const worst = Math.max(...costs);
  return [
    ...cases.map(([name], index) => {
      return { what: `decide, ${name}, p50`, value: costs[index] ?? 0, unit: "µs", atMost: WANTED_US };
    }),
    { what: "a copy of what it sees, p50", value: copy, unit: "µs" },
    { what: "the dearest decision / a copy", value: worst / copy, unit: "ratio", atMost: 0.1 },
  ];
}

/** @returns what one takes (µs); `null` when one of them fails */
function timed(times: number, does: () => boolean): number | null {
  const began = performance.now();
  for (let n = 0; n < times; n++) if (!does()) return null;
  return ((performance.now() - began) * 1_000) / times;
}

/** Phases of every kind in turns: gated by nobody, by people, by CI and by both, with conditions and ways back. */
function longWorkflow(): Workflow {
  const gates: readonly Gate[] = [
    { kind: "none" },
    APPROVAL,
    CI,
    { kind: "all_of", approval: APPROVAL, ci: CI },
  ];
  const [first = phase("p0"), ...rest] = Array.from({ length: PHASES }, (_, index) =>
    phase(`p${index}`, {
      role: `r${index % 4}`,
      gate: gates[index % gates.length] ?? { kind: "none" },
      routes: { back: { to: "phase", phase: `p${Math.max(0, index - 1)}` } },
      when: index % 5 === 4 ? { phase: `p${index - 1}`, verdicts: ["good"] } : null,
    }),
  );
  return { name: "long", description: "", phases: [first, ...rest] };
}

interface FarCome {
  /** In its last phase, with a live run. */
  readonly world: World;
  /** The end of that run. */
  readonly run: Intent;
}

function farCome(workflow: Workflow): FarCome {
  const world = begin(workflow, starting(workflow));
  for (let steps = 0; steps < 1_000; steps++) {
    const job = claim(world);
    if (job === null) {
      open(world, steps);
      continue;
    }
    const found = { branch: "b", commit: COMMIT, files: 1, summary: "did it", session: `s${steps}` };
    const ends: Intent = {
      ...finished({ status: "succeeded", ...found, artifact: artifact("good") }),
      ...{ job: job.id, fence: job.fence, run: `r${steps}` },
    };
    if (job.phase === `p${PHASES - 1}`) {
      for (let n = 0; world.history.length < EVENTS; n++) put(world, said(`k${n}`));
      return { world, run: ends };
    }
    put(world, ends);
  }
  throw new Error("the task does not come to its last phase");
}

/** Whoever is waited for says yes. */
function open(world: World, number: number): void {
  const isAsked = world.snapshot.approval?.status === "pending";
  if (isAsked) put(world, answer("approve", { key: `a${number}` }));
  else put(world, reporting({ test: "success" }, { key: `c${number}`, commit: COMMIT }));
}

/** The same task where it waits for CI, and is told. */
function waitingFor(
  workflow: Workflow,
  { log }: World,
): readonly (readonly [name: string, snapshot: Snapshot, intent: Intent])[] {
  const world = replay(workflow, starting(workflow), log);
  const running = world.snapshot.jobs.findLast(({ status }) => status === "running");
  if (running === undefined) throw new Error("the task has no live run");
  const found = { branch: "b", commit: "beef", files: 1, summary: "did it", session: "s" };
  // What was said meanwhile is heard in one more run.
  for (let job: Job | null = running; job !== null; job = claim(world))
    put(world, {
      ...finished({ status: "succeeded", ...found, artifact: artifact("good") }),
      ...{ job: job.id, fence: job.fence, run: `r${job.fence}` },
    });
  return [
    ["what CI has said of its commit", world.snapshot, reporting({ test: "failure" }, { commit: "beef" })],
    ["an approval of it", world.snapshot, answer("approve")],
  ];
}

function said(key = "k"): Intent {
  return {
    ...{ kind: "say", project: "shop", key, because: "asked", target: { key: "SHOP-12" } },
    ...{ by: { kind: "cli", name: "bob" }, text: "use tabs", facts: FACTS },
  };
}
