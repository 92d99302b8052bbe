/** Where several programs keep their records: in a folder of the home, or in one that a variable of theirs names. */

import type { SessionFiles } from "./backend.ts";

type Place = Pick<ReturnType<SessionFiles["where"]>, "root" | "folders">;

/**
 * @param variable names the program's folder, wherever that is; its own links are an operator's, and are followed
 * @param folder the one below the home without it
 */
export function homeOf(
  env: Readonly<Record<string, string>>,
  variable: string,
  folder: string,
  below: Place["folders"],
): Place {
  const named = env[variable];
  return named === undefined
    ? { root: env["HOME"] ?? "", folders: [folder, ...below] }
    : { root: named, folders: below };
}
