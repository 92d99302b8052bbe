/**
 * The store against a model: random histories of claim, end, retry, park, cancel and time on a few projects, compared
 * after each step with a Map that knows the rules and nothing of SQL. On failure fast-check shrinks to the shortest.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { JobChange } from "../../workflow/job.ts";
import type { RunChange } from "../../workflow/run.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { changeOf, creation, type Exercise, empty, FIRST_JOB, NOW, type TestDatabase } from "./database.ts";

const LANES = { shop: 2, barn: 1, mill: 3 } as const;
const PROJECTS = ["shop", "barn", "mill"] as const;
const CONCURRENCY = 4;

type Project = (typeof PROJECTS)[number];
/** `park` is a retry that has to wait. */
type End = "complete" | "retry" | "park" | "fail";
type Step =
  | { readonly do: "create"; readonly project: Project; readonly priority: number }
  | { readonly do: "claim" }
  | { readonly do: "end"; readonly pick: number; readonly how: End }
  | { readonly do: "cancel"; readonly pick: number }
  | { readonly do: "late"; readonly pick: number }
  | { readonly do: "wait"; readonly ms: number };

interface ModelJob {
  readonly id: number;
  readonly task: string;
  readonly project: Project;
  readonly priority: number;
  version: number;
  status: string;
  fence: number;
  until: number;
  /** The live run, which outlives a cancelled job until it is concluded. */
  run: string | null;
}

interface Model {
  readonly jobs: Map<number, ModelJob>;
  readonly served: Map<Project, number>;
  now: number;
  claims: number;
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("create"),
      project: fc.constantFrom(...PROJECTS),
      priority: fc.nat(2),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("claim") }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("end"),
      pick: fc.nat(9),
      how: fc.constantFrom<End>("complete", "retry", "park", "fail"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel"), pick: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("late"), pick: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait"), ms: fc.nat(20) }) },
);

export function exerciseModel(exercise: Exercise, histories: number): void {
  exercise(
    "I3: claim, end, retry, park and cancel do what the model does, in any order",
    async (database) => {
      const history = fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), (steps) =>
        play(database, steps),
      );
      await fc.assert(history, { numRuns: histories });
    },
  );
}

async function play(database: TestDatabase, steps: readonly Step[]): Promise<void> {
  await empty(database);
  const lanes = Object.entries(LANES).map(([name, concurrency]) => ({ name, concurrency }));
  await database.store.projects.configure(plainClaimConfig(lanes), NOW);
  const model: Model = { jobs: new Map(), served: new Map(), now: NOW, claims: 0 };
  for (const next of steps) await take(database, model, next);
  await compare(database, model);
}

async function take(database: TestDatabase, model: Model, next: Step): Promise<void> {
  switch (next.do) {
    case "create":
      return create(database, model, next.project, next.priority);
    case "claim":
      return claim(database, model);
    case "end":
      return withPicked(
        model,
        next.pick,
        (job) => job.run !== null,
        (job) => end(database, model, job, next.how),
      );
    case "cancel":
      return withPicked(
        model,
        next.pick,
        (job) => !isOver(job),
        (job) => cancel(database, model, job),
      );
    case "late":
      return withPicked(
        model,
        next.pick,
        (job) => job.fence > 0,
        (job) => finishLate(database, job),
      );
    case "wait":
      model.now += next.ms;
      return wait(database, model);
    default:
      return next satisfies never;
  }
}

async function create(
  database: TestDatabase,
  model: Model,
  project: Project,
  priority: number,
): Promise<void> {
  const change = creation(project, null, { jobs: [{ ...FIRST_JOB, priority } as JobChange] });
  const result = await database.store.commit([change], null, model.now);
  const task = result.kind === "committed" ? (result.tasks[0] ?? assert.fail()) : assert.fail("conflict");
  const [job] = await database.store.jobs.ofTask(task);
  const id = job?.id ?? assert.fail();
  model.jobs.set(id, {
    id,
    task,
    project,
    priority,
    version: 1,
    status: "queued",
    fence: 0,
    until: 0,
    run: null,
  });
}

async function claim(database: TestDatabase, model: Model): Promise<void> {
  const all = [...model.jobs.values()];
  const live = (project: Project): number =>
    all.filter((job) => job.project === project && job.run !== null).length;
  const total = all.filter((job) => job.run !== null).length;
  const expected = all
    .filter((job) => job.status === "queued" && total < CONCURRENCY && live(job.project) < LANES[job.project])
    .sort(
      (a, b) =>
        b.priority - a.priority ||
        live(a.project) - live(b.project) ||
        (model.served.get(a.project) ?? 0) - (model.served.get(b.project) ?? 0) ||
        a.id - b.id,
    )[0];
  model.claims += 1;
  const run = `run ${model.claims}`;
  const taken = await database.store.jobs.claim({ run, concurrency: CONCURRENCY, now: model.now });
  assert.equal(taken?.job.id, expected?.id);
  if (expected === undefined) return;
  Object.assign(expected, { status: "running", fence: expected.fence + 1, run });
  model.served.set(expected.project, model.claims);
  assert.equal(taken?.run.fence, expected.fence);
}

/** The run ends. If its job was cancelled meanwhile, only the run is concluded. */
async function end(database: TestDatabase, model: Model, job: ModelJob, how: End): Promise<void> {
  const hold = { kind: "backoff", reason: "waits", remedy: null, until: model.now + 10 } as const;
  const move: JobChange = {
    change: how === "park" ? "retry" : how,
    id: job.id,
    fence: job.fence,
    ...(how === "park" && { holds: [hold] }),
  };
  const run: RunChange = {
    change: "kill",
    id: job.run ?? "",
    failure: null,
    reason: null,
    summary: null,
    session: null,
  };
  const jobs = job.status === "running" ? [move] : [];
  await mustCommit(database, job, { run, jobs }, model.now);
  job.run = null;
  if (job.status !== "running") return;
  job.status = { complete: "done", retry: "queued", park: "held", fail: "failed" }[how];
  job.until = hold.until;
}

async function cancel(database: TestDatabase, model: Model, job: ModelJob): Promise<void> {
  await mustCommit(database, job, { jobs: [{ change: "cancel", id: job.id, fence: job.fence }] }, model.now);
  job.status = "cancelled";
}

/** Somebody of an earlier claim reports the job done. */
async function finishLate(database: TestDatabase, job: ModelJob): Promise<void> {
  const jobs: JobChange[] = [{ change: "complete", id: job.id, fence: job.fence - 1 }];
  const result = await database.store.commit([changeOf(job.task, { jobs }, job.version)], null, NOW);
  assert.equal(result.kind, "conflict");
}

async function wait(database: TestDatabase, model: Model): Promise<void> {
  const due = [...model.jobs.values()].filter((job) => job.status === "held" && job.until <= model.now);
  assert.equal(await database.store.holds.releaseDue(model.now), due.length);
  for (const job of due) job.status = "queued";
}

async function mustCommit(database: TestDatabase, job: ModelJob, more: object, now: number): Promise<void> {
  const result = await database.store.commit([changeOf(job.task, more, job.version)], null, now);
  assert.equal(result.kind, "committed");
  job.version += 1;
}

async function compare(database: TestDatabase, model: Model): Promise<void> {
  for (const expected of model.jobs.values()) {
    const job = await database.store.jobs.get(expected.id);
    assert.deepEqual([job?.status, job?.fence], [expected.status, expected.fence]);
  }
  const live = (await database.store.runs.live()).map(({ id }) => id).sort();
  const expected = [...model.jobs.values()].flatMap(({ run }) => (run === null ? [] : [run])).sort();
  assert.deepEqual(live, expected);
  const counted = (await database.store.totals(NOW)).jobs;
  for (const [status, count] of Object.entries(counted)) {
    assert.equal([...model.jobs.values()].filter((job) => job.status === status).length, count, status);
  }
}

async function withPicked(
  model: Model,
  pick: number,
  fits: (job: ModelJob) => boolean,
  act: (job: ModelJob) => Promise<void>,
): Promise<void> {
  const fitting = [...model.jobs.values()].filter(fits);
  const job = fitting[pick % Math.max(1, fitting.length)];
  if (job !== undefined) await act(job);
}

function isOver(job: ModelJob): boolean {
  return ["done", "failed", "cancelled"].includes(job.status);
}
