/** What a SQLite file promises is read back from the connection, not believed (I1, B8, B9). */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createStore } from "../../../store/build.ts";
import { isNetworkFileSystem } from "../../../store/engine/durability.ts";
import { type Engine, StoreFault } from "../../../store/engine/engine.ts";
import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";

let directory = "";
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "chargehand-store-"));
});
after(() => rm(directory, { recursive: true, force: true }));

async function pragma(engine: Engine, name: string): Promise<unknown> {
  const [row] = await engine.all(`pragma ${name}`, []);
  return row === undefined ? undefined : Object.values(row)[0];
}

function isFault(kind: StoreFault["kind"]): (error: unknown) => boolean {
  return (error) => error instanceof StoreFault && error.kind === kind && error.hint !== "";
}

test("I1: a file is in WAL mode and every commit is synced to disk, also when it is opened again", async () => {
  for (const turn of [1, 2]) {
    const engine = await openSqlite(join(directory, "wal.db"));
    assert.deepEqual(engine.durability, { journal: "wal", synchronous: "FULL" });
    // SQLite takes its own default, NORMAL, when it first reads an existing WAL file.
    await migrate(engine, turn);
    assert.deepEqual([await pragma(engine, "journal_mode"), await pragma(engine, "synchronous")], ["wal", 2]);
    await engine.close();
  }
});

test("B9: foreign keys are on, a lock is waited for 30 s, and memory is bounded", async () => {
  const engine = await openSqlite(join(directory, "b9.db"));
  assert.deepEqual([await pragma(engine, "foreign_keys"), await pragma(engine, "busy_timeout")], [1, 30_000]);
  assert.deepEqual([await pragma(engine, "mmap_size"), await pragma(engine, "cache_size")], [0, -8_192]);
  assert.equal(await pragma(engine, "temp_store"), 2, "what a claim puts aside is no file");
  await engine.close();
});

test("B8: on a network file system the journal is a rollback journal, also for a file that was in WAL mode", async () => {
  const path = join(directory, "network.db");
  for (const [fileSystem, journal] of [
    ["ext4", "wal"],
    ["nfs4", "delete"],
    ["ext4", "wal"],
  ] as const) {
    const engine = await openSqlite(path, { fileSystem });
    assert.deepEqual(engine.durability, { journal, synchronous: "FULL" });
    assert.deepEqual(
      [await pragma(engine, "journal_mode"), await pragma(engine, "synchronous")],
      [journal, 2],
    );
    await migrate(engine, 1);
    await engine.close();
  }
});

test("B8: network file systems are known by their type", () => {
  for (const type of ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "fuse.sshfs", "fuse.s3fs", "virtiofs"]) {
    assert.equal(isNetworkFileSystem(type), true, type);
  }
  for (const type of [
    "ext4",
    "xfs",
    "btrfs",
    "zfs",
    "tmpfs",
    "overlay",
    "fuseblk",
    "fuse.mergerfs",
    "nfsd",
  ]) {
    assert.equal(isNetworkFileSystem(type), false, type);
  }
});

test("a full disk is a fault of its own: nothing is half written, and work goes on when there is space", async () => {
  const engine = await openSqlite(join(directory, "full.db"));
  await migrate(engine, 1);
  const store = createStore(engine);
  const pages = Number(await pragma(engine, "page_count"));
  await pragma(engine, `max_page_count = ${pages + 2}`);
  const delivery = {
    source: "github",
    deliveryId: "big",
    headerId: null,
    event: "issues",
    body: "x".repeat(100_000),
  } as const;
  await assert.rejects(store.deliveries.record([delivery], 1), isFault("full"));
  assert.deepEqual((await store.deliveries.list({ limit: 1, before: null })).items, []);
  await pragma(engine, `max_page_count = ${pages + 1_000}`);
  assert.equal((await store.deliveries.record([delivery], 1))[0]?.fresh, true);
  assert.equal((await store.totals(1)).deliveries["received"], 1);
  await engine.close();
});

test("a file that is no database, and a directory that is not there, are refused with a hint", async () => {
  const path = join(directory, "letter.db");
  await writeFile(path, "Dear reader, this is no database at all. ".repeat(50));
  const nowhere = join(directory, "nowhere", "x.db");
  for (const file of [path, nowhere]) {
    await assert.rejects(openSqlite(file), isFault("broken"));
    await assert.rejects(
      openSqlite(file),
      (error: Error) => error.message.includes(file),
      "it names the file",
    );
  }
});
