/** The agent profile of a window: whose jobs it plays, whose it leaves alone, and what becomes of them afterwards. */

import assert from "node:assert/strict";
import type { Claim } from "../../store/claim/claim.ts";
import type { JobChange, SessionOwner } from "../../workflow/job.ts";
import { changeOf, type Exercise, NOW, putJob, putTask, type TestDatabase, write } from "./database.ts";
import { configured } from "./limits.ts";

const HOUR = 3_600_000;

/** A project open until in an hour, played by this profile. */
async function openWith({ store }: TestDatabase, agent: string | null): Promise<void> {
  const stretch = { from: NOW, until: NOW + HOUR, slots: 9, agent, opening: null };
  await store.windows.stand([{ project: "shop", stretch, hold: null }], NOW, await store.windows.said());
}

/** With a developer, and a profile for nights that has an account of its own. */
async function configure({ store }: TestDatabase): Promise<void> {
  const { routes, accounts, ...rest } = configured();
  const night = { agent: "night", via: "night", account: "nightly" };
  const nightly = { name: "nightly", concurrency: null };
  const config = { ...rest, accounts: [...accounts, nightly], routes: [...routes, night] };
  await store.projects.configure(config, NOW);
}

/** A queued job of the developer; free unless its task has chosen. */
async function queueOne(database: TestDatabase, number: number, pinned = false): Promise<number> {
  const id = await putJob(database, await putTask(database, number), "queued");
  if (!pinned) await write(database, "update jobs set own_agent = agent where id = $1", [id]);
  return id;
}

async function take({ store }: TestDatabase, run: string): Promise<Claim | null> {
  return store.jobs.claim({ run, concurrency: 10, now: NOW });
}

/** What a claim has taken, and by whom it is played. */
async function taken(database: TestDatabase, run: string): Promise<string | null> {
  const claim = await take(database, run);
  return claim === null
    ? null
    : `${claim.job.task} ${claim.job.agent} ${claim.run.agent}/${claim.run.account}`;
}

/** The run of a claim is over, and its job waits again. */
async function tryAgain(
  { store }: TestDatabase,
  { job, run }: Claim,
  session?: SessionOwner | null,
): Promise<void> {
  const ended = { failure: null, reason: null, summary: null, session: null };
  const killed = { change: "kill", id: run.id, ...ended } as const;
  const retry: JobChange = {
    ...{ change: "retry", id: job.id, fence: job.fence },
    ...(session !== undefined && { session }),
  };
  const committed = await store.commit([changeOf(job.task, { run: killed, jobs: [retry] })], null, NOW);
  assert.equal(committed.kind, "committed");
}

async function claimed(database: TestDatabase, run: string): Promise<Claim> {
  return (await take(database, run)) ?? assert.fail("nothing was claimed");
}

export function exerciseWindowAgents(exercise: Exercise): void {
  exercise(
    "a window's agent plays the jobs that are claimed in it, and none else is touched",
    async (database) => {
      await configure(database);
      await queueOne(database, 1);
      const second = await queueOne(database, 2);
      await openWith(database, "night");
      assert.deepEqual(
        (await database.store.lanes.waiting()).map(({ agent }) => agent),
        ["night"],
      );
      assert.equal(await taken(database, "r1"), "SHOP-1 night night/nightly");
      assert.equal((await database.store.jobs.get(second))?.agent, "developer");
      await openWith(database, null);
      assert.equal(await taken(database, "r2"), "SHOP-2 developer developer/first");
    },
  );

  exercise("a job that its task has given to an agent is left to it", async (database) => {
    await configure(database);
    await queueOne(database, 1, true);
    await openWith(database, "night");
    assert.equal(await taken(database, "r1"), "SHOP-1 developer developer/first");
  });

  for (const session of [null, undefined])
    exercise(
      `without a session (${session}) the job of a window's agent is the project's again`,
      async (database) => {
        await configure(database);
        await queueOne(database, 1);
        await openWith(database, "night");
        await tryAgain(database, await claimed(database, "r1"), session);
        await openWith(database, null);
        assert.equal(await taken(database, "r2"), "SHOP-1 developer developer/first");
      },
    );

  exercise("a session goes on with whom it was begun, in the window and after it", async (database) => {
    await configure(database);
    await queueOne(database, 1);
    await openWith(database, null);
    const byDay = await claimed(database, "r1");
    await queueOne(database, 2);
    await openWith(database, "night");
    const byNight = await claimed(database, "r2");
    await tryAgain(database, byDay, { id: "s1", agent: "developer", account: "first" });
    await tryAgain(database, byNight, { id: "s2", agent: "night", account: "nightly" });
    assert.equal(await taken(database, "r3"), "SHOP-1 developer developer/first");
    await openWith(database, null);
    assert.deepEqual(
      (await database.store.lanes.waiting()).map(({ agent }) => agent),
      ["night"],
    );
    assert.equal(await taken(database, "r4"), "SHOP-2 night night/nightly");
  });

  exercise("one that cannot play keeps nothing back that another may", async (database) => {
    await configure(database);
    const [first, session] = [await queueOne(database, 1), await queueOne(database, 2)];
    await write(database, "update jobs set priority = 5 where id = $1", [first]);
    await write(database, "update jobs set session = 's', session_agent = 'developer' where id = $1", [
      session,
    ]);
    await openWith(database, "night");
    const hold = { scope: "account", subject: "nightly", kind: "cooldown" } as const;
    await database.store.holds.put({ ...hold, reason: "a limit", remedy: null, until: null }, NOW);
    const ahead = await database.store.jobs.ahead(
      (await database.store.jobs.get(session)) ?? assert.fail("it is gone"),
    );
    assert.equal(ahead.count, 1, "both wait in one order");
    assert.equal(await taken(database, "r1"), "SHOP-2 developer developer/first");
    assert.equal(await taken(database, "r2"), null);
  });
}
