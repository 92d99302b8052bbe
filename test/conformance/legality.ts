/** The database itself refuses what the state machines do not know, also from a hand that goes past the store (I11). */

import assert from "node:assert/strict";
import { StoreFault } from "../../store/engine/engine.ts";
import { keptMoves } from "../../workflow/kept.ts";
import type { Edge } from "../../workflow/machine.ts";
import { pullMoves } from "../../workflow/phases/pull.ts";
import { deliveryMoves, jobMoves, outboxMoves, runMoves, taskMoves } from "../../workflow/states.ts";
import { dump, type Exercise, NOW, putJob, putTask, type TestDatabase, write } from "./database.ts";

interface Governed {
  readonly table: string;
  readonly machine: {
    readonly statuses: readonly string[];
    readonly final: readonly string[];
    readonly edges: readonly Edge[];
  };
  /** Inserts one row; `$1` is the status, `$2` when it was finished. */
  readonly insert: string;
}

const GOVERNED: readonly Governed[] = [
  {
    table: "deliveries",
    machine: deliveryMoves,
    insert:
      "(source, delivery_id, event, body, received_at, status, finished_at) values ('github', 'd', 'e', '{}', 1, $1, $2)",
  },
  {
    table: "tasks",
    machine: taskMoves,
    insert: `(key, project, prefix, number, title, body, workflow, priority, created_at, updated_at, status, finished_at)
             values ('SHOP-2', 'shop', 'SHOP', 2, 't', 'b', 'single', 0, 1, 1, $1, $2)`,
  },
  {
    table: "jobs",
    machine: jobMoves,
    insert: `(task, project, phase, agent, priority, created_at, status, finished_at)
             values ('SHOP-1', 'shop', 'work', 'a', 0, 1, $1, $2)`,
  },
  {
    table: "runs",
    machine: runMoves,
    insert: `(id, job, task, project, phase, agent, fence, claimed_at, status, finished_at)
             values ('r', 1, 'SHOP-1', 'shop', 'work', 'a', 1, 1, $1, $2)`,
  },
  {
    table: "outbox",
    machine: outboxMoves,
    insert: `(subject_kind, subject, target, kind, payload, due_at, created_at, status, finished_at)
             values ('task', 'SHOP-1', 'github', 'comment', '{}', 1, 1, $1, $2)`,
  },
  {
    table: "kept",
    machine: keptMoves,
    insert: `(task, project, name, ref, commit_id, branch, files, reason, kept_at, tell_at, until, status, finished_at)
             values ('SHOP-1', 'shop', 'n', 'r', 'c', 'b', 1, 'ci', 1, 1, 1, $1, $2)`,
  },
  {
    table: "pulls",
    machine: pullMoves,
    insert: `(source, repo, number, project, task, branch, url, is_draft, is_ours, opened_at, changed_at, status, finished_at)
             values ('github', 'acme/shop', 7, 'shop', 'SHOP-1', 'b', 'u', 1, 1, 1, 1, $1, $2)`,
  },
];

export function exerciseLegality(exercise: Exercise): void {
  for (const governed of GOVERNED) {
    const { table, machine, insert } = governed;
    const finishedAt = (status: string): number | null => (machine.final.includes(status) ? NOW : null);

    exercise(`I11: ${table} refuses a status that the machine does not know`, async (database) => {
      await putTask(database, 1);
      await assert.rejects(write(database, `insert into ${table} ${insert}`, ["finished", NOW]), isBroken);
    });

    exercise(`I11: ${table} has finished_at exactly in the final statuses`, async (database) => {
      await putTask(database, 1);
      for (const status of machine.statuses) {
        const wrong = finishedAt(status) === null ? NOW : null;
        await assert.rejects(write(database, `insert into ${table} ${insert}`, [status, wrong]), isBroken);
      }
    });

    exercise(`I11: ${table} makes every move of the machine and refuses every other`, async (database) => {
      for (const from of machine.statuses) {
        for (const to of machine.statuses) {
          // A job comes to be held by a hold and not by its status: see the next but one.
          if (table === "jobs" && (from === "held" || to === "held")) continue;
          await tryMove(database, governed, from, to, finishedAt);
        }
      }
    });
  }

  exercise(
    "I11: a job is held exactly while it has a hold, whatever is written by hand",
    async (database) => {
      await putTask(database, 1);
      const job = "insert into jobs (task, project, phase, agent, priority, created_at, status)";
      await assert.rejects(
        write(database, `${job} values ('SHOP-1', 'shop', 'work', 'a', 0, 1, 'held')`),
        isBroken,
      );
      const hold =
        "insert into job_holds (job, kind, reason, since) select id, 'budget', 'used up', 1 from jobs";
      for (const status of jobMoves.statuses) {
        await database.engine.script("delete from job_holds; delete from jobs;");
        const id = await putJob(database, "SHOP-1", status);
        const statusNow = async (): Promise<unknown> => (await database.store.jobs.get(id))?.status;
        if (status !== "held")
          await assert.rejects(
            write(database, "update jobs set status = 'held', finished_at = null"),
            isBroken,
          );
        if (status !== "held" && status !== "queued") {
          await assert.rejects(write(database, hold), isBroken);
          continue;
        }
        await write(database, hold);
        assert.equal(await statusNow(), "held");
        await assert.rejects(write(database, "update jobs set status = 'queued'"), isBroken);
        await write(database, "delete from job_holds");
        assert.equal(await statusNow(), "queued");
        await write(database, hold);
        await write(database, "update jobs set status = 'cancelled', finished_at = 5");
        assert.deepEqual(await database.engine.all("select * from job_holds", []), []);
      }
    },
  );

  exercise("A13: a task has one live job per phase", async (database) => {
    const job = "insert into jobs (task, project, phase, agent, priority, created_at, status)";
    await putTask(database, 1);
    await write(database, `${job} values ('SHOP-1', 'shop', 'work', 'a', 0, 1, 'queued')`);
    await assert.rejects(
      write(database, `${job} values ('SHOP-1', 'shop', 'work', 'a', 0, 1, 'running')`),
      isBroken,
    );
    await write(database, `${job} values ('SHOP-1', 'shop', 'review', 'a', 0, 1, 'queued')`);
  });

  exercise("I4: a task has one live run", async (database) => {
    const run =
      "insert into runs (id, job, task, project, phase, agent, fence, claimed_at, status, finished_at)";
    await putTask(database, 1);
    await write(database, `${run} values ('a', 1, 'SHOP-1', 'shop', 'work', 'a', 1, 1, 'exited', null)`);
    const second = `${run} values ('b', 2, 'SHOP-1', 'shop', 'work', 'a', 1, 1, $1, $2)`;
    for (const status of runMoves.live)
      await assert.rejects(write(database, second, [status, null]), isBroken);
    await write(database, second, ["failed", NOW]);
  });
}

async function tryMove(
  database: TestDatabase,
  { table, machine, insert }: Governed,
  from: string,
  to: string,
  finishedAt: (status: string) => number | null,
): Promise<void> {
  await database.engine.script(`delete from ${table}; delete from tasks;`);
  await putTask(database, 1);
  await write(database, `insert into ${table} ${insert}`, [from, finishedAt(from)]);
  const which = table === "tasks" ? "where key = 'SHOP-2'" : "";
  const before = await dump(database);
  const move = write(database, `update ${table} set status = '${to}', finished_at = $1 ${which}`, [
    finishedAt(to),
  ]);
  if (from === to || machine.edges.some((edge) => edge.from === from && edge.to === to)) {
    await move;
    return;
  }
  await assert.rejects(
    move,
    (error) => isBroken(error) && error.message.includes(`illegal move ${from} -> ${to}`),
  );
  assert.deepEqual(await dump(database), before);
}

function isBroken(error: unknown): error is StoreFault {
  return error instanceof StoreFault && error.kind === "broken";
}
