/** The store: its database is opened, migrated, and told which projects there are. */

import { createStore } from "../../store/build.ts";
import type { SqliteEngine } from "../../store/engine/sqlite.ts";
import type { Tell } from "../../store/engine/work.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Config } from "../config/config.ts";
import { configure } from "../config/reconsider.ts";
import { migrateWithCopy } from "../copies.ts";
import { openDatabase } from "../data-directory.ts";

export interface OpenStore {
  readonly engine: SqliteEngine;
  readonly store: Store;
}

/** Leaves nothing open when it fails. @throws StoreFault when the database cannot be opened or migrated */
export async function openStore(config: Config, log: Log, clock: Clock, tell: Tell): Promise<OpenStore> {
  const engine = await openDatabase(config.dataDir);
  try {
    const { journal } = engine.durability;
    if (journal !== "wal")
      log.warn({ event: "database.journal", journal, reason: "WAL is unsafe on this file system" });
    await migrateWithCopy(engine, config.dataDir, clock.now(), ({ path, bytes }, migration) =>
      log.info({ event: "database.copied", path, bytes, migration }),
    );
    const store = createStore(engine, tell);
    await configure(store, config, clock.now());
    return { engine, store };
  } catch (error) {
    await engine.close();
    throw error;
  }
}
