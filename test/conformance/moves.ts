/** Every move of tasks, jobs and runs, from every status, through `commit`. */

import assert from "node:assert/strict";
import type { Change } from "../../workflow/decide/change.ts";
import type { Hold } from "../../workflow/hold.ts";
import type { JobChange } from "../../workflow/job.ts";
import {
  type JobMove,
  jobMoves,
  type RunMove,
  runMoves,
  type TaskMove,
  taskMoves,
} from "../../workflow/states.ts";
import {
  changeOf,
  dump,
  type Exercise,
  empty,
  NOW,
  putJob,
  putRun,
  putTask,
  type TestDatabase,
} from "./database.ts";

const LATER = NOW + 1_000;
const HOLD: Hold = { kind: "backoff", reason: "waits before the next try", remedy: null, until: NOW + 5_000 };

type EndOfJob = Exclude<JobMove, "claim" | "hold" | "release">;

/** Commits and answers whether it was written; if not, nothing may have changed. */
async function tryCommit(database: TestDatabase, change: Change): Promise<boolean> {
  const before = await dump(database);
  const result = await database.store.commit([change], null, LATER);
  if (result.kind === "conflict") assert.deepEqual(await dump(database), before);
  return result.kind === "committed";
}

export function exerciseMoves(exercise: Exercise): void {
  // The store knows also the moves that no decision may name yet.
  for (const move of keysOf(taskMoves.moves))
    exercise(`task: '${move}' from every status`, (database) => moveTask(database, move as TaskMove));
  for (const move of keysOf(jobMoves.moves)) {
    if (move !== "claim" && move !== "hold" && move !== "release")
      exercise(`job: '${move}' from every status, under its fence`, (database) => moveJob(database, move));
  }
  exercise("job: holds come and go in every status, and the last one to go makes it claimable", holdJob);
  for (const move of keysOf(runMoves.moves))
    exercise(`run: '${move}' from every status`, (database) => moveRun(database, move));

  exercise(
    "a finished job comes out of a hold without it, with its failure and counters",
    async (database) => {
      const key = await putTask(database, 1);
      const id = await putJob(database, key, "held", NOW);
      const counters = { attempts: 2, transients: 3, interruptions: 4, repairs: 0 };
      const session = { id: "s-1", agent: "developer", account: "team" };
      const told = { failure: "network", reason: "no route to host", session, counters } as const;
      assert.ok(
        await tryCommit(database, changeOf(key, { jobs: [{ change: "fail", id, fence: 3, ...told }] })),
      );
      const job = await database.store.jobs.get(id);
      assert.deepEqual(
        [
          job?.status,
          job?.holds,
          job?.failure,
          job?.reason,
          job?.session,
          job?.sessionAgent,
          job?.sessionAccount,
          job?.attempts,
          job?.transients,
          job?.interruptions,
        ],
        ["failed", [], "network", "no route to host", "s-1", "developer", "team", 2, 3, 4],
      );
    },
  );

  exercise("what a move of a job does not mention stays; what it clears is cleared", async (database) => {
    const key = await putTask(database, 1);
    const id = await putJob(database, key, "running");
    const session = { id: "s-1", agent: "developer", account: "team" };
    const told = { failure: "network", reason: "no route", session } as const;
    await tryCommit(
      database,
      changeOf(key, { jobs: [{ change: "retry", id, fence: 3, holds: [HOLD], ...told }] }, 1),
    );
    await tryCommit(
      database,
      changeOf(key, { jobs: [{ change: "release", id, fence: 3, kind: HOLD.kind }] }, 2),
    );
    const released = await database.store.jobs.get(id);
    assert.deepEqual(
      [released?.failure, released?.reason, released?.session],
      ["network", "no route", "s-1"],
    );
    await tryCommit(
      database,
      changeOf(key, { jobs: [{ change: "cancel", id, fence: 3, failure: null, session: null }] }, 3),
    );
    const cancelled = await database.store.jobs.get(id);
    assert.deepEqual([cancelled?.failure, cancelled?.reason, cancelled?.session], [null, "no route", null]);
  });
}

async function moveTask(database: TestDatabase, move: TaskMove): Promise<void> {
  for (const from of taskMoves.statuses) {
    await empty(database);
    const key = await putTask(database, 1, from);
    const allowed = taskMoves.can(move, from);
    assert.equal(
      await tryCommit(database, changeOf(key, { task: { change: move, reason: "so" } })),
      allowed,
      from,
    );
    const task = await database.store.tasks.get(key);
    const status = allowed ? targetOf(taskMoves.moves, move, from) : from;
    const finishedAt = taskMoves.final.some((final) => final === status) ? (allowed ? LATER : NOW) : null;
    assert.deepEqual(
      [task?.status, task?.finishedAt, task?.version],
      [status, finishedAt, allowed ? 2 : 1],
      from,
    );
  }
}

async function moveJob(database: TestDatabase, move: EndOfJob): Promise<void> {
  for (const from of jobMoves.statuses) {
    await empty(database);
    const key = await putTask(database, 1);
    const id = await putJob(database, key, from);
    const moved = (task: string, fence: number): Promise<boolean> =>
      tryCommit(database, changeOf(task, { jobs: [{ change: move, id, fence }] }));
    for (const fence of [2, 4]) assert.equal(await moved(key, fence), false, "I3: another fence");
    assert.equal(await moved(await putTask(database, 2), 3), false);
    const allowed = jobMoves.can(move, from);
    assert.equal(await moved(key, 3), allowed, from);
    const job = await database.store.jobs.get(id);
    const status = allowed ? targetOf(jobMoves.moves, move, from) : from;
    const finishedAt = jobMoves.final.some((final) => final === status) ? (allowed ? LATER : NOW) : null;
    assert.deepEqual([job?.status, job?.finishedAt], [status, finishedAt], from);
    if (allowed) assert.deepEqual(job?.holds, []);
  }
}

/** A job is held exactly while it has a hold, whichever comes and goes first. */
async function holdJob(database: TestDatabase): Promise<void> {
  for (const from of jobMoves.statuses) {
    await empty(database);
    const key = await putTask(database, 1);
    const id = await putJob(database, key, from);
    const waits = from === "queued" || from === "held";
    const budget: Hold = { kind: "budget", reason: "used up", remedy: "raise it", until: null };
    let version = 1;
    const changed = async (change: JobChange): Promise<boolean> => {
      const done = await tryCommit(database, changeOf(key, { jobs: [change] }, version));
      version += done ? 1 : 0;
      return done;
    };
    assert.equal(await changed({ change: "hold", id, fence: 2, hold: budget }), false, "I3: another fence");
    assert.equal(await changed({ change: "hold", id, fence: 3, hold: budget }), waits, from);
    if (!waits) continue;
    await changed({ change: "hold", id, fence: 3, hold: HOLD });
    await changed({ change: "hold", id, fence: 3, hold: { ...HOLD, reason: "renewed" } });
    const held = await database.store.jobs.get(id);
    assert.deepEqual(
      [held?.status, held?.holds.map(({ reason }) => reason).sort()],
      ["held", ["renewed", "used up"]],
    );
    await changed({ change: "release", id, fence: 3, kind: "backoff" });
    assert.equal((await database.store.jobs.get(id))?.status, "held");
    await changed({ change: "release", id, fence: 3, kind: "budget" });
    const free = await database.store.jobs.get(id);
    assert.deepEqual([free?.status, free?.holds], ["queued", []]);
  }
}

async function moveRun(database: TestDatabase, move: RunMove): Promise<void> {
  const told = { failure: "timeout", reason: "took too long", summary: "half done", session: "s-2" } as const;
  for (const from of runMoves.statuses) {
    await empty(database);
    const key = await putTask(database, 1);
    await putRun(database, "r", key, from);
    const allowed = runMoves.can(move, from);
    assert.equal(
      await tryCommit(database, changeOf(key, { run: { change: move, id: "r", ...told } })),
      allowed,
      from,
    );
    const run = await database.store.runs.get("r");
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
