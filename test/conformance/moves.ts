/** Every move of tasks, jobs and runs, from every status, through `commit`. */

import assert from "node:assert/strict";
import type { Change } from "../../workflow/decision.ts";
import type { Hold } from "../../workflow/model.ts";
import {
  type JobMove,
  type JobStatus,
  jobMoves,
  type RunMove,
  runMoves,
  type TaskMove,
  taskMoves,
} from "../../workflow/states.ts";
import { changeOf, dump, type Exercise, empty, NOW, putJob, putRun, putTask, type Stage } from "./stage.ts";

const LATER = NOW + 1_000;
const HOLD: Hold = { kind: "backoff", reason: "waits before the next try", until: NOW + 5_000 };

/** Commits and answers whether it was written; if not, nothing may have changed. */
async function tryCommit(stage: Stage, change: Change): Promise<boolean> {
  const before = await dump(stage);
  const result = await stage.store.tasks.commit([change], null, LATER);
  if (result.kind === "conflict") assert.deepEqual(await dump(stage), before);
  return result.kind === "committed";
}

export function exerciseMoves(exercise: Exercise): void {
  for (const move of keysOf(taskMoves.moves))
    exercise(`task: '${move}' from every status`, (stage) => moveTask(stage, move));
  for (const move of keysOf(jobMoves.moves)) {
    if (move !== "claim")
      exercise(`job: '${move}' from every status, under its fence`, (stage) => moveJob(stage, move));
  }
  for (const move of keysOf(runMoves.moves))
    exercise(`run: '${move}' from every status`, (stage) => moveRun(stage, move));

  exercise("a finished job comes out of a hold without it, with its failure and counters", async (stage) => {
    const key = await putTask(stage, 1);
    const id = await putJob(stage, key, "held", NOW);
    const counters = { attempts: 2, transients: 3, interruptions: 4 };
    const told = { failure: "network", reason: "no route to host", session: "s-1", counters } as const;
    assert.ok(await tryCommit(stage, changeOf(key, { jobs: [{ change: "fail", id, fence: 3, ...told }] })));
    const job = await stage.store.jobs.get(id);
    assert.deepEqual(
      [
        job?.status,
        job?.hold,
        job?.failure,
        job?.reason,
        job?.session,
        job?.attempts,
        job?.transients,
        job?.interruptions,
      ],
      ["failed", null, "network", "no route to host", "s-1", 2, 3, 4],
    );
  });

  exercise("what a move of a job does not mention stays; what it clears is cleared", async (stage) => {
    const key = await putTask(stage, 1);
    const id = await putJob(stage, key, "running");
    const told = { failure: "network", reason: "no route", session: "s-1" } as const;
    await tryCommit(
      stage,
      changeOf(key, { jobs: [{ change: "park", id, fence: 3, hold: HOLD, ...told }] }, 1),
    );
    await tryCommit(stage, changeOf(key, { jobs: [{ change: "release", id, fence: 3 }] }, 2));
    const released = await stage.store.jobs.get(id);
    assert.deepEqual(
      [released?.failure, released?.reason, released?.session],
      ["network", "no route", "s-1"],
    );
    await tryCommit(
      stage,
      changeOf(key, { jobs: [{ change: "cancel", id, fence: 3, failure: null, session: null }] }, 3),
    );
    const cancelled = await stage.store.jobs.get(id);
    assert.deepEqual([cancelled?.failure, cancelled?.reason, cancelled?.session], [null, "no route", null]);
  });
}

async function moveTask(stage: Stage, move: TaskMove): Promise<void> {
  for (const from of taskMoves.statuses) {
    await empty(stage);
    const key = await putTask(stage, 1, from);
    const allowed = taskMoves.can(move, from);
    assert.equal(
      await tryCommit(stage, changeOf(key, { task: { change: move, reason: "so" } })),
      allowed,
      from,
    );
    const task = await stage.store.tasks.get(key);
    const status = allowed ? targetOf(taskMoves.moves, move, from) : from;
    const finishedAt = taskMoves.final.some((final) => final === status) ? (allowed ? LATER : NOW) : null;
    assert.deepEqual(
      [task?.status, task?.finishedAt, task?.version],
      [status, finishedAt, allowed ? 2 : 1],
      from,
    );
  }
}

async function moveJob(stage: Stage, move: JobMove): Promise<void> {
  const hold = move === "hold" || move === "park" ? { hold: HOLD } : {};
  for (const from of jobMoves.statuses) {
    await empty(stage);
    const key = await putTask(stage, 1);
    const id = await putJob(stage, key, from);
    for (const fence of [2, 4]) {
      assert.equal(
        await tryCommit(stage, changeOf(key, { jobs: [{ change: move, id, fence, ...hold }] })),
        false,
        "I3: another fence",
      );
    }
    const strange = await putTask(stage, 2);
    assert.equal(
      await tryCommit(stage, changeOf(strange, { jobs: [{ change: move, id, fence: 3, ...hold }] })),
      false,
    );
    const allowed = jobMoves.can(move, from);
    assert.equal(
      await tryCommit(stage, changeOf(key, { jobs: [{ change: move, id, fence: 3, ...hold }] })),
      allowed,
      from,
    );
    const job = await stage.store.jobs.get(id);
    const status = allowed ? targetOf(jobMoves.moves, move, from) : from;
    const finishedAt = jobMoves.final.some((final) => final === status) ? (allowed ? LATER : NOW) : null;
    assert.deepEqual([job?.status, job?.finishedAt], [status, finishedAt], from);
    if (allowed) assert.deepEqual(job?.hold, status === ("held" satisfies JobStatus) ? HOLD : null);
  }
}

async function moveRun(stage: Stage, move: RunMove): Promise<void> {
  const told = { failure: "timeout", reason: "took too long", summary: "half done", session: "s-2" } as const;
  for (const from of runMoves.statuses) {
    await empty(stage);
    const key = await putTask(stage, 1);
    await putRun(stage, "r", key, from);
    const allowed = runMoves.can(move, from);
    assert.equal(
      await tryCommit(stage, changeOf(key, { run: { change: move, id: "r", ...told } })),
      allowed,
      from,
    );
    const run = await stage.store.runs.get("r");
    const status = allowed ? targetOf(runMoves.moves, move, from) : from;
    const finishedAt = runMoves.final.some((final) => final === status) ? (allowed ? LATER : NOW) : null;
    assert.deepEqual([run?.status, run?.finishedAt], [status, finishedAt], from);
    const { failure, reason, summary, session } = told;
    const said = [run?.failure, run?.reason, run?.summary, run?.session];
    assert.deepEqual(said, allowed ? [failure, reason, summary, session] : [null, null, null, null], from);
  }
}

function targetOf(
  moves: Readonly<Record<string, Readonly<Record<string, string>>>>,
  move: string,
  from: string,
): string {
  return moves[move]?.[from] ?? assert.fail(`${move} does not leave ${from}`);
}

function keysOf<K extends string>(moves: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(moves) as K[];
}
