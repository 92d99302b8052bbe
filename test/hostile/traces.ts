/** What an attempt leaves where it comes through: a mark, loot that holds a secret, or a file where none belongs. */

import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { SECRET_WORD, type Surroundings } from "./attempt.ts";

/**
 * Every trace of these attempts, as `<attempt>: <what>`.
 *
 * @param places folders that are none of an agent's, looked through for bites
 */
export function tracesOf(
  { marks, loot }: Pick<Surroundings, "marks" | "loot">,
  places: readonly string[],
): readonly string[] {
  const ran = readdirSync(marks).map(
    (name) => `${name}: ran ${readFileSync(join(marks, name), "utf8").trim()}`,
  );
  const saw = readdirSync(loot)
    .filter((name) => readFileSync(join(loot, name), "latin1").includes(SECRET_WORD))
    .map((name) => `${name}: saw a secret`);
  const bit = places
    .filter((place) => existsSync(place))
    .flatMap((place) => globSync("**/bitten-*", { cwd: place }).map((path) => join(place, path)))
    .map((path) => `${basename(path).slice("bitten-".length)}: wrote ${path}`);
  return [...ran, ...saw, ...bit];
}
