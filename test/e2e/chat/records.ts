/** What a daemon has written down, read beside it. */

import { join } from "node:path";
import Database from "better-sqlite3";
import type { DaemonProcess } from "../daemon-process.ts";

export type Row = Readonly<Record<string, unknown>>;

export function rowsOf(stage: DaemonProcess, sql: string, ...params: readonly string[]): readonly Row[] {
  const database = new Database(join(stage.dataDir, "chargehand.db"), { readonly: true });
  try {
    return database.prepare<string[], Row>(sql).all(...params);
  } finally {
    database.close();
  }
}

/** Where it is written down that somebody has come, and what they were told. */
const OF_VISITS = ["deliveries", "event_keys", "outbox", "messages", "chats", "cards"];
/** Of tables with both, what else stands there. */
const BESIDES: Readonly<Record<string, string>> = {
  counters: "where kind <> 'delivery'",
  events: "where kind not like 'chat.%'",
};

/** Every row of every table that says how the work stands. */
export function workOf(stage: DaemonProcess): Readonly<Record<string, readonly Row[]>> {
  const tables = rowsOf(stage, "select name from sqlite_schema where type = 'table' order by name");
  return Object.fromEntries(
    tables.flatMap(({ name }) => {
      const table = String(name);
      return OF_VISITS.includes(table) || table.startsWith("sqlite_")
        ? []
        : [[table, rowsOf(stage, `select * from "${table}" ${BESIDES[table] ?? ""} order by 1, 2`)]];
    }),
  );
}
