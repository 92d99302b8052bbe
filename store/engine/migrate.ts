/**
 * Brings a database to the shape this program knows.
 *
 * M1. Numbered and forward only. What was applied is written down with its SHA-256, so a changed file is noticed.
 * M2. Each migration is one transaction that begins by claiming its number. Of two programs starting at once one gets
 *     the number, the other waits for its commit, is refused as a duplicate, and finds the work done.
 * M3. A database newer than the program is refused before anything is touched.
 * M4. The rules of legality (`legality.ts`) come last, and again whenever a state machine has changed.
 *
 * It reads its `.sql` files past `system/`: they are part of the program's text, like an import, and not of the world.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Engine, StoreFault } from "./engine.ts";
import { legalityScript } from "./legality.ts";
import { decode } from "./row.ts";

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
}

/** In order, without gaps. To add one: two files, and its name here. */
const NAMES: readonly string[] = [
  "0001_init",
  "0002_supervision",
  "0003_terms",
  "0004_remedies",
  "0005_subjects",
  "0006_slots",
  "0007_reporters",
  "0008_kept",
  "0009_recurring",
  "0010_outbox",
  "0011_pauses",
  "0012_windows",
  "0013_pace",
  "0014_window_agents",
  "0015_workflows",
  "0016_agents",
  "0017_refused_artifacts",
  "0018_chat",
  "0019_outside",
  "0020_pulls",
  "0021_revisions",
  "0022_watch",
  "0023_context",
  "0024_content",
  "0025_lanes",
];
/** The number of the last one. */
export function newestKnown(): number {
  return NAMES.length;
}

const LEGALITY = { number: 0, name: "legality" };

const ENSURE =
  "create table if not exists migrations (number bigint primary key, name text not null, checksum text not null, applied_at bigint not null);";
/** `create table if not exists` races with itself on PostgreSQL; SQLite has taken its only lock already. */
const LOCK = { sqlite: "", postgres: "select pg_advisory_xact_lock(7165438);\n" };

/**
 * Applies what is missing; answers the names of what was applied, oldest first.
 *
 * @throws StoreFault `broken` when the database is newer, or when an applied migration differs from the file.
 */
export async function migrate(engine: Engine, now: number): Promise<readonly string[]> {
  await ensure(engine);
  const applied: string[] = [];
  for (const migration of await pendingMigrations(engine)) {
    if (await apply(engine, migration, now)) applied.push(migration.name);
  }
  if (await enforceLegality(engine, now)) applied.push(LEGALITY.name);
  return applied;
}

/**
 * The number of the migration that {@link migrate} would begin with; `null` when there is nothing to lose: the database
 * is new, or up to date but for the rules of legality.
 *
 * @throws StoreFault as {@link migrate} does
 */
export async function nextMigration(engine: Engine): Promise<number | null> {
  await ensure(engine);
  const [first] = await pendingMigrations(engine);
  return first === undefined || first.number === 1 ? null : first.number;
}

async function ensure(engine: Engine): Promise<void> {
  await engine.script(LOCK[engine.name] + ENSURE);
}

/** What {@link migrate} would apply, without the rules of legality. The table `migrations` must exist. */
async function pendingMigrations(engine: Engine): Promise<readonly Migration[]> {
  const known = NAMES.map((name, index) => ({ number: index + 1, name, text: read(engine, name) }));
  const applied = await readApplied(engine);
  const newest = Math.max(0, ...applied.keys());
  if (newest > known.length) {
    throw new StoreFault(
      "broken",
      `the database ${engine.place} is at migration ${newest}, and this program knows only ${known.length}`,
      "start the newer version of chargehand that wrote it, or restore a backup from before the upgrade",
    );
  }
  for (const { number, name, text } of known) {
    const checksum = applied.get(number);
    if (checksum === undefined || checksum === checksumOf(text)) continue;
    throw new StoreFault(
      "broken",
      `migration ${name} is not the one that the database ${engine.place} was made with`,
      "reinstall the released version; a migration is never edited after its release",
    );
  }
  return known.filter(({ number }) => !applied.has(number));
}

async function apply(engine: Engine, { number, name, text }: Migration, now: number): Promise<boolean> {
  const claim = `insert into migrations values (${number}, '${name}', '${checksumOf(text)}', ${now});\n`;
  try {
    await engine.script(LOCK[engine.name] + claim + text);
    return true;
  } catch (error) {
    // Refused because another program has done it meanwhile, or for a reason that must be heard.
    if ((await readApplied(engine)).has(number)) return false;
    throw error;
  }
}

async function enforceLegality(engine: Engine, now: number): Promise<boolean> {
  const text = legalityScript()[engine.name];
  const checksum = checksumOf(text);
  if ((await readApplied(engine)).get(LEGALITY.number) === checksum) return false;
  const { number, name } = LEGALITY;
  const note = `delete from migrations where number = ${number};
insert into migrations values (${number}, '${name}', '${checksum}', ${now});\n`;
  await engine.script(LOCK[engine.name] + note + text);
  return true;
}

async function readApplied(engine: Engine): Promise<ReadonlyMap<number, string>> {
  const rows = await engine.all("select number, checksum from migrations order by number", []);
  return new Map(
    rows.map((row) => {
      const { integer, text } = decode("migrations", row);
      return [integer("number"), text("checksum")];
    }),
  );
}

function read(engine: Engine, name: string): string {
  return readFileSync(new URL(`../migrations/${name}.${engine.name}.sql`, import.meta.url), "utf8");
}

function checksumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
