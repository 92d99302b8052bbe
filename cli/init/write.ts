/**
 * Writes what was planned: the configuration, and its secrets in files of their own that nobody else may read.
 *
 * Within somebody's checkout they are left out of what git shows, by the list that is never committed.
 */

import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Files } from "../../system/files.ts";
import { excludeFile, type Surroundings } from "./detect.ts";
import { FILE, type Plan, SECRETS, secretsOf } from "./plan.ts";
import { configText } from "./text.ts";

/** What would be written over: files that are there already. */
export function inTheWay(plan: Plan): readonly string[] {
  const secrets = [...secretsOf(plan).keys()].map((name) => join(plan.folder, SECRETS, name));
  return [join(plan.folder, FILE), ...secrets].filter((path) => existsSync(path));
}

/** @returns paths of what was written */
export async function writeAll(plan: Plan, files: Files): Promise<readonly string[]> {
  const folder = join(plan.folder, SECRETS);
  const secrets = secretsOf(plan);
  mkdirSync(plan.folder, { recursive: true });
  if (secrets.size > 0) await files.makeDirectory("init", folder);
  const written: string[] = [];
  for (const [name, secret] of secrets) {
    const path = join(folder, name);
    await files.write("init", path, `${secret}\n`, 0o600);
    written.push(path);
  }
  const file = join(plan.folder, FILE);
  await files.write("init", file, configText(plan), 0o640);
  return [file, ...written];
}

/** @returns the list that was added to; `null` where that was not needed */
export async function leaveOut(plan: Plan, place: Surroundings): Promise<string | null> {
  const exclude = await excludeFile({ ...place, cwd: plan.folder });
  if (exclude === null) return null;
  const below = relative(exclude.top, plan.folder);
  const pattern = `/${below === "" ? "" : `${below}/`}chargehand.*`;
  const before = existsSync(exclude.file) ? readFileSync(exclude.file, "utf8") : "";
  if (before.split("\n").includes(pattern)) return null;
  mkdirSync(dirname(exclude.file), { recursive: true });
  appendFileSync(exclude.file, `${before === "" || before.endsWith("\n") ? "" : "\n"}${pattern}\n`);
  return exclude.file;
}
