/** Questions and answers in rows: what decisions write is what the next decision, and the next run, read. */

import assert from "node:assert/strict";
import { ask } from "../../store/settle.ts";
import type { Intent } from "../../workflow/decide/decide.ts";
import type { AskedForm } from "../../workflow/phases/question.ts";
import { PIPELINE, phase, starting } from "../workflow/decide/phases.ts";
import { asks } from "../workflow/questions.ts";
import { changeOf, configure, dump, type Exercise, NOW, type TestDatabase } from "./database.ts";

const KEY = "SHOP-12";
const ONE = { ...PIPELINE, phases: [phase("work")] } as const;

async function put({ store }: TestDatabase, intent: Intent, now = NOW): Promise<string> {
  return (await ask(store, [intent], null, now)).kind;
}

async function start(database: TestDatabase): Promise<void> {
  await configure(database, "shop");
  assert.equal(await put(database, starting(ONE)), "done");
}

/** The next run of the queue asks, and is over. @returns the session that it was begun with; `null` for no run */
async function asking(
  database: TestDatabase,
  run: string,
  asked: AskedForm = asks(),
): Promise<{ readonly session: string | null } | null> {
  const { store } = database;
  const claim = await store.jobs.claim({ run, concurrency: 9, now: NOW });
  if (claim === null) return null;
  const plan = { backend: "command", model: null, effort: null, timeoutMs: 1_000, heard: 0 };
  const identity = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
  const { fence } = claim.run;
  assert.equal(await store.runs.started(run, fence, plan, identity, NOW), true);
  await store.runs.exited(run, 0, null, NOW);
  const found = { branch: null, commit: null, summary: null, session: `session of ${run}` };
  const outcome = { status: "succeeded", ...found, asks: asked } as const;
  const about = {
    run,
    task: claim.job.task,
    job: claim.job.id,
    fence,
    jitter: 0,
    maxAttempts: 2,
    keptForMs: 0,
  };
  assert.equal(await put(database, { kind: "run_finished", ...about, outcome }), "done");
  return { session: claim.job.session };
}

function answer(key: string, more: object = {}): Intent {
  const asked = { project: "shop", key, because: "asked", by: { kind: "api", name: "bob" } } as const;
  const answers = { size: "small", token: "(secret)" };
  const said = { target: { key: KEY }, question: null, secrets: "t0ken", answers };
  return { kind: "answer_question", ...asked, ...said, ...more };
}

export function exerciseQuestions(exercise: Exercise): void {
  exercise(
    "B3: a question is a row with the end of its run, and is answered once; the job goes on",
    async (database) => {
      const { store } = database;
      await start(database);
      assert.deepEqual(await store.questions.standing(KEY, "h"), {
        question: null,
        questions: { count: 0, same: null },
      });
      assert.deepEqual(await asking(database, "a"), { session: null });
      const { question } = await store.questions.standing(KEY, null);
      assert.deepEqual(question, {
        ...{ id: question?.id, task: KEY, project: "shop", seq: 1, phase: "work", ...asks(), status: "open" },
        ...{ askedAt: NOW, until: null, answers: null, secrets: null },
        ...{ answeredBy: null, answeredFrom: null, finishedAt: null },
      });
      assert.deepEqual(await store.questions.get(question?.id ?? 0), question);
      assert.deepEqual([await store.questions.nextDue(), await store.questions.due(NOW * 2)], [null, []]);
      assert.equal((await store.tasks.get(KEY))?.status, "blocked");
      assert.equal((await store.runs.get("a"))?.status, "succeeded");
      const [job] = await store.jobs.ofTask(KEY);
      assert.deepEqual(
        [job?.status, job?.attempts, job?.holds.map(({ kind }) => kind)],
        ["held", 0, ["question"]],
      );
      assert.equal(await asking(database, "b"), null, "nothing is claimable while somebody is asked");
      await store.holds.releaseDue(NOW * 2);
      assert.equal(await asking(database, "b"), null, "and time does not answer");

      assert.equal(await put(database, answer("wrong", { answers: { size: "huge" } })), "refused");
      const both = await Promise.all([
        put(database, answer("one")),
        put(database, answer("two", { answers: { size: "large" }, secrets: null })),
      ]);
      assert.deepEqual(both.sort(), ["done", "refused"], "the first answer wins");
      const [row] = await store.questions.ofTask(KEY);
      assert.deepEqual([row?.status, row?.answeredBy, row?.answeredFrom], ["answered", "bob", "api"]);
      assert.ok(row?.answers?.["size"] === (row?.secrets === null ? "large" : "small"));
      assert.equal((await store.tasks.get(KEY))?.status, "active");
      assert.deepEqual(await asking(database, "c", asks({}, "other")), { session: "session of a" });
      const standing = await store.questions.standing(KEY, asks().hash);
      assert.deepEqual(standing.questions, { count: 2, same: row });
      assert.equal(standing.question?.status, "open");
    },
  );

  exercise(
    "B3: what nobody answers is due at its time, while its task waits for it alone",
    async (database) => {
      const { questions, tasks } = database.store;
      await start(database);
      await asking(database, "a", asks({ expiresMs: 500, onExpire: "continue" }));
      assert.deepEqual([await questions.nextDue(), await questions.due(NOW + 499)], [NOW + 500, []]);
      const [due] = await questions.due(NOW + 500);
      assert.equal(due?.task, KEY);
      const expire: Intent = { kind: "expire_question", task: KEY, question: due.id };
      assert.equal(await put(database, expire, NOW + 499), "ignored");
      assert.equal(await put(database, expire, NOW + 500), "done");
      assert.equal((await tasks.get(KEY))?.status, "active");
      assert.deepEqual(
        [await questions.nextDue(), (await questions.ofTask(KEY))[0]?.status],
        [null, "expired"],
      );
      await asking(database, "b", asks({ expiresMs: 500 }, "other"));
      const [second] = await questions.due(NOW * 2);
      assert.equal(await put(database, { ...expire, question: second?.id ?? 0 }, NOW * 2), "done");
      assert.equal((await tasks.get(KEY))?.status, "failed");
    },
  );

  exercise(
    "I7: started again, a task that waits for an answer has one job, and asks nothing",
    async (database) => {
      const { store } = database;
      await start(database);
      await asking(database, "a");
      const asked = {
        project: "shop",
        key: "r",
        because: "asked",
        by: { kind: "api", name: "bob" },
      } as const;
      assert.equal(await put(database, { kind: "retry_task", ...asked, target: { key: KEY } }), "done");
      assert.deepEqual(
        (await store.jobs.ofTask(KEY)).map(({ status }) => status),
        ["cancelled", "queued"],
      );
      assert.equal((await store.questions.ofTask(KEY))[0]?.status, "withdrawn");
      assert.deepEqual(await asking(database, "b"), { session: null });
      assert.equal((await store.questions.ofTask(KEY)).length, 2);
    },
  );

  exercise("I11: a task has one open question, and what has a result keeps it", async (database) => {
    const { store } = database;
    await start(database);
    await asking(database, "a");
    const { question } = await store.questions.standing(KEY, null);
    const id = question?.id ?? assert.fail();
    const before = await dump(database);
    const version = (await store.tasks.get(KEY))?.version ?? 0;
    const tried = async (more: Parameters<typeof changeOf>[1]): Promise<void> => {
      const commit = store.commit([changeOf(KEY, more, version)], null, NOW);
      const result = await commit.then(
        ({ kind }) => kind,
        () => "conflict",
      );
      assert.equal(result, "conflict");
      assert.deepEqual(await dump(database), before);
    };
    await tried({ questions: [{ change: "ask", seq: 1, phase: "work", ...asks(), until: null }] });
    await tried({ questions: [{ change: "withdraw", id: id + 1 }] });
    await tried({
      questions: [
        { change: "expire", id },
        { change: "withdraw", id },
      ],
    });
  });
}
