/**
 * The plan of every statement of the store on SQLite: golden, and none of them walks a table that grows.
 *
 * The statements are not listed here: a store on an engine that writes down what it is asked is led through all verbs.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore } from "../../store/build.ts";
import type { Engine, Sql } from "../../store/engine/engine.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import { everyVerb } from "./every-verb.ts";
import { matchGolden } from "./golden.ts";

const GROWING = [
  "deliveries",
  "tasks",
  "refs",
  "jobs",
  "runs",
  "usage",
  "events",
  "outbox",
  "kept",
  "cards",
  "messages",
];

test("no statement of the store scans a table that grows, and the plans are the golden ones", async (t) => {
  const engine = await openSqlite(":memory:");
  t.after(() => engine.close());
  await migrate(engine, 1);
  const asked = new Set<string>();
  await everyVerb(createStore(recording(engine, asked)));

  const pages: string[] = [];
  for (const text of [...asked].sort()) {
    const plan = await planOf(engine, text);
    for (const line of plan) {
      const scanned = /^SCAN (\w+)/.exec(line)?.[1];
      assert.ok(scanned === undefined || !GROWING.includes(tableOf(scanned, text)), `${line} in ${text}`);
    }
    pages.push(`${text.trim()}\n${plan.map((line) => `    ${line}\n`).join("")}`);
  }
  await matchGolden("plans.txt", pages.join("\n"));
});

function recording(engine: Engine, asked: Set<string>): Engine {
  const note = (sql: Sql): unknown => asked.add(typeof sql === "string" ? sql : sql.sqlite);
  return {
    name: engine.name,
    place: engine.place,
    all: (sql, params) => {
      note(sql);
      return engine.all(sql, params);
    },
    atomic: (batch) => {
      for (const { sql } of batch) note(sql);
      return engine.atomic(batch);
    },
    script: (text) => engine.script(text),
    close: () => engine.close(),
  };
}

/** What the planner says, with the look-ups of triggers and foreign keys. */
async function planOf(engine: Engine, text: string): Promise<readonly string[]> {
  const numbers = [...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
  const params = Array.from({ length: Math.max(0, ...numbers) }, () => 1);
  return (await engine.all(`explain query plan ${text}`, params)).map((row) => String(row["detail"]));
}

/** The table behind an alias. */
function tableOf(scanned: string, text: string): string {
  return new RegExp(`(\\w+) as ${scanned}\\b`).exec(text)?.[1] ?? scanned;
}
