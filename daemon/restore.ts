/**
 * Puts a copy of the database in the place of the one that is there. The daemon must not run: the caller holds the data
 * directory.
 *
 * V1. Nothing is touched before the copy was read through, brought up to this version, and made ready beside.
 * V2. What was there is moved to `backups/`, and never removed.
 * V3. The world has gone on since the copy was made. So its queue starts paused; a run that was live then is lost, for
 *     its process is another story; a call to the outside that was owed then may have been made since, and is not made
 *     again; and no number of a task is given twice.
 */

import { createStore } from "../store/build.ts";
import { examineDatabase, isReadable } from "../store/engine/backup.ts";
import { StoreFault } from "../store/engine/engine.ts";
import { migrate } from "../store/engine/migrate.ts";
import { openSqlite } from "../store/engine/sqlite.ts";
import { ask } from "../store/settle.ts";
import type { Store } from "../store/store.ts";
import {
  copyBytes,
  isSameFile,
  putInPlace,
  removeFiles,
  setAside,
  sizeOf,
} from "../system/files/whole-files.ts";
import type { Run } from "../workflow/run.ts";
import { databaseFile } from "./config/data-dir.ts";
import { failure } from "./run/own-outcomes.ts";
import { Unusable, using } from "./unusable.ts";

export interface Restored {
  readonly database: string;
  readonly tasks: number;
  /** Migrations that it lacked, oldest first. */
  readonly applied: readonly string[];
  /** Tasks whose runs were live when the copy was made. */
  readonly lost: readonly string[];
  /** Calls to the outside that were owed then, and are not made any more. */
  readonly parked: number;
  /** Projects that wait until a person resumes them. */
  readonly paused: readonly string[];
  /** Where the database that was there is now; `null` when there was none. */
  readonly replaced: string | null;
  /** The numbers of tasks that were made since could be read, so that none is given twice. */
  readonly numbersKept: boolean;
}

/** Files that SQLite keeps beside a database. */
const BESIDE = ["-wal", "-shm", "-journal"];
const WHOLE = ["", ...BESIDE];

/**
 * @param file the copy
 * @param now calendar time (ms)
 * @throws Unusable when the file is no sound copy or cannot be put in place; StoreFault when it is of a newer version
 */
export async function restoreDatabase(dataDir: string, file: string, now: number): Promise<Restored> {
  const database = databaseFile(dataDir);
  if (isSameFile(file, database)) throw new Unusable(`${file} is the database itself; name a copy of it`);
  for (const suffix of ["-wal", "-journal"]) {
    if ((sizeOf(`${file}${suffix}`) ?? 0) === 0) continue;
    const what = `${file} is no copy but a database at work: ${file}${suffix} lies beside it`;
    throw new Unusable(`${what}; make a copy with: chargehand backup FILE`);
  }
  const beside = `${database}.restored`;
  try {
    removeFiles(WHOLE.map((suffix) => `${beside}${suffix}`));
    await using(file, "name a file that chargehand backup has made, which you may read", async () =>
      copyBytes(file, beside),
    );
    const examined = examineDatabase(beside);
    if (examined.kind === "unfit") throw new Unusable(`${file} cannot be restored: ${examined.reason}`);
    const numbers = await numbersIn(database);
    const readied = await ready(beside, file, numbers ?? [], now);
    const replaced = await using(database, "let the daemon's user write the data directory", async () =>
      exchange(beside, database, `${dataDir}/backups/replaced-${stamp(now)}.db`),
    );
    return { database, tasks: examined.tasks, ...readied, replaced, numbersKept: numbers !== null };
  } finally {
    removeFiles(WHOLE.map((suffix) => `${beside}${suffix}`));
  }
}

type Numbers = Awaited<ReturnType<Store["tasks"]["numbers"]>>;

/**
 * The numbers that were given out, from the database that is about to be replaced. Closing it writes its log back, so
 * that it is one file. `null` when it is there and cannot be read, which is why databases are restored.
 */
async function numbersIn(database: string): Promise<Numbers | null> {
  if (sizeOf(database) === null) return [];
  if (!isReadable(database)) return null;
  try {
    const engine = await openSqlite(database);
    return await createStore(engine)
      .tasks.numbers()
      .finally(() => engine.close());
  } catch (error) {
    if (error instanceof StoreFault) return null;
    throw error;
  }
}

/** V3. */
async function ready(
  path: string,
  file: string,
  numbers: Numbers,
  now: number,
): Promise<Pick<Restored, "applied" | "lost" | "parked" | "paused">> {
  const engine = await openSqlite(path);
  try {
    const applied = await migrate(engine, now);
    const store = createStore(engine);
    await store.tasks.keepNumbers(numbers);
    const lost: string[] = [];
    for (const run of await store.runs.live()) {
      await lose(store, run, now);
      lost.push(run.task);
    }
    const parked = await store.outbox.buryAll(
      "it was owed when the copy was made that was restored since, and may have been made meanwhile",
      now,
    );
    const paused = await store.projects.names();
    for (const name of paused) {
      const reason = `the database was restored from ${file}; look at what has happened since`;
      const remedy = `chargehand resume ${name}`;
      await store.holds.put(
        { scope: "project", subject: name, kind: "pause", reason, remedy, until: null },
        now,
      );
    }
    return { applied, lost, parked, paused };
  } finally {
    await engine.close();
  }
}

/** Its job is tried again once its project is resumed, and has paid no attempt (I9). */
async function lose(store: Store, { id, task, job, fence }: Run, now: number): Promise<void> {
  const outcome = failure("shutdown", "it was live when the copy was made that was restored since", "lost");
  await ask(
    store,
    // Nothing of it is kept by this: what it made is still in its folder.
    [{ kind: "run_finished", run: id, task, job, fence, outcome, jitter: 0, maxAttempts: 1, keptForMs: 0 }],
    null,
    now,
  );
}

/** V2. Answers where the old one is. */
function exchange(beside: string, database: string, aside: string): string | null {
  // The log of another database beside the new one would be taken for its own.
  const wasThere = setAside(database, aside, BESIDE);
  putInPlace(beside, database);
  return wasThere ? aside : null;
}

/** `20261128T061500Z`, in names of files. */
function stamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}
