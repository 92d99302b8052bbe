/** Folders of runs go by age, with what else is old; what a task still needs stays. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type PrunePorts, prune } from "../../daemon/prune.ts";
import { createStore } from "../../store/build.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import { systemClock } from "../../system/clock.ts";
import { systemFiles } from "../../system/files.ts";
import type { LogLine } from "../../system/log.ts";
import { createRedactor } from "../../system/redactor.ts";
import { NOW, putRun, putTask, type TestDatabase, write } from "../conformance/database.ts";

const DAY = 86_400_000;

interface World extends TestDatabase {
  readonly ports: PrunePorts;
  readonly lines: LogLine[];
}

async function world(t: TestContext, passed: number): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-prune-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const engine = await openSqlite(":memory:");
  t.after(() => engine.close());
  await migrate(engine, NOW);
  const store = createStore(engine);
  const lines: LogLine[] = [];
  const note = (line: LogLine): void => void lines.push(line);
  const ports: PrunePorts = {
    store,
    files: systemFiles(),
    clock: { ...systemClock(), now: () => NOW + passed },
    log: { debug: note, info: note, warn: note, error: note, redactor: createRedactor([]) },
    runsDirectory: folder,
    retention: () => ({ deliveriesMs: 30 * DAY, eventsMs: 30 * DAY, runsMs: 14 * DAY }),
  };
  return { engine, store, ports, lines };
}

async function putFolder(database: World, run: string, task: string, status: string): Promise<void> {
  await putRun(database, run, task, status);
  mkdirSync(join(database.ports.runsDirectory, run));
  writeFileSync(join(database.ports.runsDirectory, run, "stdout.log"), "hello\n");
}

test("G5: folders of runs go when run and task are over for long; a live run's, an open task's and a stranger's stay", async (t) => {
  const database = await world(t, 14 * DAY + 1);
  const { ports, lines } = database;
  const [open, over] = [await putTask(database, 1, "active"), await putTask(database, 2, "done")];
  await putFolder(database, "aa", over, "succeeded");
  await putFolder(database, "bb", open, "failed");
  await putFolder(database, "cc", open, "running");
  mkdirSync(join(ports.runsDirectory, "stranger"));
  for (const run of ["aa", "bb"])
    await write(
      database,
      `insert into turns (run, number, model, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
         reasoning_tokens, cost_source, status, at) values ($1, 1, 'm', 0, 0, 0, 0, 0, 'agent', 'answered', 0)`,
      [run],
    );
  await prune(ports, new AbortController().signal);
  const left = await Promise.all(["aa", "bb"].map((run) => database.store.turns.of(run, 0, 9)));
  assert.deepEqual(
    left.map(({ length }) => length),
    [0, 1],
    "turns go with the folder of their run",
  );
  assert.deepEqual(readdirSync(ports.runsDirectory).sort(), ["bb", "cc", "stranger"]);
  assert.deepEqual(lines, [
    { event: "retention.pruned", deliveries: 0, events: 0, calls: 0, messages: 0, runs: 1 },
  ]);
  await prune(ports, new AbortController().signal);
  assert.equal(lines.length, 1, "where nothing is done, nothing is said");
  assert.notEqual(await database.store.runs.get("aa"), null);
});

test("what is not old enough stays, and a round ends when the daemon does", async (t) => {
  const database = await world(t, 14 * DAY);
  await putFolder(database, "aa", await putTask(database, 1, "done"), "succeeded");
  await prune(database.ports, new AbortController().signal);
  assert.ok(existsSync(join(database.ports.runsDirectory, "aa")));
  const old = await world(t, 15 * DAY);
  await putFolder(old, "aa", await putTask(old, 1, "done"), "succeeded");
  await prune(old.ports, AbortSignal.abort());
  assert.ok(existsSync(join(old.ports.runsDirectory, "aa")));
});
