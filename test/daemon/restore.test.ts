/** A copy takes the place of the database: what is done to it, and what is refused. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { copyTo } from "../../daemon/copies.ts";
import { restoreDatabase } from "../../daemon/restore.ts";
import { Unusable } from "../../daemon/unusable.ts";
import { createStore } from "../../store/build.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import type { Store } from "../../store/store.ts";
import { configure, creation, NOW } from "../conformance/database.ts";

const LATER = NOW + 60_000;
const MAKE_FIFO = "mkfifo";

interface Place {
  readonly folder: string;
  readonly database: string;
  readonly copy: string;
  with<T>(work: (store: Store) => Promise<T>): Promise<T>;
}

function placeFor(t: TestContext): Place {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-restore-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const database = join(folder, "chargehand.db");
  return {
    folder,
    database,
    copy: join(folder, "copy.db"),
    async with(work) {
      const engine = await openSqlite(database);
      try {
        await migrate(engine, NOW);
        const store = createStore(engine);
        await configure({ engine, store }, "shop", "barn");
        return await work(store);
      } finally {
        await engine.close();
      }
    },
  };
}

/** SHOP-1 with a live run and a call that is owed, and a copy of that; then the world goes on to SHOP-3. */
async function history(place: Place): Promise<void> {
  await place.with(async ({ commit, jobs, runs }) => {
    const owed = { outbox: [{ target: "github", kind: "comment", payload: {} }] };
    await commit([creation("shop", 1, owed)], null, NOW);
    const claim = await jobs.claim({ run: "r", concurrency: 5, now: NOW });
    const identity = { pid: process.pid, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
    const plan = { backend: "command", model: null, effort: null, timeoutMs: 60_000, heard: 0 };
    assert.equal(await runs.started("r", claim?.run.fence ?? 0, plan, identity, NOW), true);
    await copyTo(place.database, place.copy);
    await commit([creation("shop", 2)], null, NOW);
    await commit([creation("shop", null)], null, NOW);
  });
}

test("I7, I9: a restored queue is paused with its remedy, live runs are lost and cost no attempt, calls owed are parked", async (t) => {
  const place = placeFor(t);
  await history(place);
  const restored = await restoreDatabase(place.folder, place.copy, LATER);
  const { replaced } = restored;
  assert.match(replaced ?? "", /\/backups\/replaced-20250615T\d{6}Z\.db$/);
  assert.deepEqual(restored, {
    database: place.database,
    tasks: 1,
    applied: [],
    lost: ["SHOP-1"],
    parked: 1,
    paused: ["barn", "shop"],
    replaced,
    numbersKept: true,
  });
  await place.with(async ({ tasks, jobs, runs, holds, outbox, commit }) => {
    assert.equal(await tasks.get("SHOP-2"), null);
    assert.equal((await runs.get("r"))?.status, "lost");
    const [job] = await jobs.ofTask("SHOP-1");
    assert.deepEqual([job?.status, job?.attempts, job?.interruptions], ["queued", 0, 0]);
    const [call] = (await outbox.list({ limit: 5, before: null })).items;
    assert.equal(call?.status, "dead");
    assert.match(call?.error ?? "", /restored/);
    assert.deepEqual(
      (await holds.wide()).map(({ scope, subject, kind, remedy, until }) => [
        scope,
        subject,
        kind,
        remedy,
        until,
      ]),
      [
        ["project", "barn", "pause", "chargehand resume barn", null],
        ["project", "shop", "pause", "chargehand resume shop", null],
      ],
    );
    assert.equal(await jobs.claim({ run: "s", concurrency: 5, now: LATER }), null);
    // SHOP-2 and SHOP-3 have worktrees and branches, so no other task gets their numbers.
    await commit([creation("shop", null)], null, LATER);
    assert.notEqual(await tasks.get("SHOP-4"), null);
    assert.equal(await holds.clear("project", "shop", "pause"), true);
    assert.equal((await jobs.claim({ run: "s", concurrency: 5, now: LATER }))?.job.id, job?.id);
  });
  // The one that was there is whole.
  copyFileSync(replaced ?? "", place.database);
  await place.with(async ({ tasks }) => assert.notEqual(await tasks.get("SHOP-3"), null));
});

test("a damaged database is moved aside with its log, and what could not be read is said", async (t) => {
  const place = placeFor(t);
  await history(place);
  writeFileSync(place.database, "not a database at all\n".repeat(500));
  writeFileSync(`${place.database}-wal`, "a log");
  const { replaced, numbersKept } = await restoreDatabase(place.folder, place.copy, LATER);
  assert.equal(numbersKept, false);
  assert.equal(readFileSync(`${replaced}-wal`, "utf8"), "a log");
  assert.match(readFileSync(replaced ?? "", "utf8"), /^not a database/);
  assert.equal(existsSync(`${place.database}-wal`), false);
  await place.with(async ({ tasks }) => assert.notEqual(await tasks.get("SHOP-1"), null));
});

const UNFIT: readonly (readonly [what: string, make: (place: Place) => string, says: RegExp])[] = [
  ["a file that is not there", ({ folder }) => join(folder, "none.db"), /none\.db cannot be used: ENOENT/],
  ["a folder", ({ folder }) => folder, /it is no regular file/],
  [
    "a FIFO",
    ({ folder }) => {
      execFileSync(MAKE_FIFO, [join(folder, "fifo")]);
      return join(folder, "fifo");
    },
    /it is no regular file/,
  ],
  ["the database itself", ({ database }) => database, /is the database itself/],
  [
    "a text",
    ({ copy }) => {
      writeFileSync(copy, "hello\n".repeat(2_000));
      return copy;
    },
    /it is no database/,
  ],
  [
    "an empty file",
    ({ copy }) => {
      writeFileSync(copy, "");
      return copy;
    },
    /no database of chargehand/,
  ],
  [
    "half a copy",
    ({ copy }) => {
      truncateSync(copy, 20_480);
      return copy;
    },
    /cannot be restored: (it is damaged|database disk image is malformed)/,
  ],
  [
    "a database at work",
    ({ copy }) => {
      writeFileSync(`${copy}-wal`, "what is not written back yet");
      return copy;
    },
    /is no copy but a database at work/,
  ],
];

for (const [what, make, says] of UNFIT) {
  test(`restore refuses ${what}, and changes nothing`, async (t) => {
    const place = placeFor(t);
    await history(place);
    const file = make(place);
    await assert.rejects(
      restoreDatabase(place.folder, file, LATER),
      (error) => error instanceof Unusable && says.test(error.message),
    );
    assert.equal(existsSync(join(place.folder, "backups")), false);
    assert.deepEqual(
      readdirSync(place.folder).filter((name) => name.includes("restored")),
      [],
    );
    await place.with(async ({ tasks }) => assert.notEqual(await tasks.get("SHOP-3"), null));
  });
}

test("a copy of a newer version is refused, and changes nothing", async (t) => {
  const place = placeFor(t);
  await history(place);
  const engine = await openSqlite(place.copy);
  await engine.script("insert into migrations values (99, '0099_future', 'f', 1);");
  await engine.close();
  await assert.rejects(
    restoreDatabase(place.folder, place.copy, LATER),
    (error) => error instanceof StoreFault && /is at migration 99/.test(error.message),
  );
  await place.with(async ({ tasks }) => assert.notEqual(await tasks.get("SHOP-3"), null));
});
