/** PGlite as a PostgreSQL: the real planner, types and triggers, in this process and with one connection. */

import { PGlite } from "@electric-sql/pglite";
import type { Engine, Row } from "../../store/engine/engine.ts";
import { postgresEngine } from "../../store/engine/postgres.ts";

/** A new database in memory; booting takes about two seconds. */
export async function openPglite(): Promise<Engine> {
  const database = await PGlite.create();
  return postgresEngine({
    query: async (text, params) => {
      const { rows, affectedRows } = await database.query<Row>(text, [...params]);
      return { rows, affected: rows.length > 0 ? rows.length : (affectedRows ?? 0) };
    },
    exec: async (text) => {
      await database.exec(text);
    },
    close: () => database.close(),
  });
}
