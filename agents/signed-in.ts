/**
 * Whether a program's agents have a way to their service, by what lies in their environment and their home. Nobody is
 * asked, and nothing is read: a key that has been withdrawn is seen when a run fails for it.
 */

import type { Tree } from "../system/files/tree.ts";
import { backendFor } from "./registry.ts";

export interface SignedInParts {
  readonly tree: Pick<Tree, "look">;
  readonly backend: string;
  /** The agent's whole environment (`environment.ts`). */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly home: string;
}

/** The variable or the file that says so, as it is called; `null` where there is none. `unknown`: nobody can say. */
export function signedInBy({ tree, backend, env, home }: SignedInParts): string | "unknown" | null {
  const signs = backendFor(backend).signedInBy;
  if (signs === null) return "unknown";
  const variable = signs.variables.find((name) => (env[name] ?? "") !== "");
  if (variable !== undefined) return variable;
  const paths = signs.files.flatMap((file) => placeOf(file, env, home));
  return paths.find((path) => tree.look(path)?.kind === "file") ?? null;
}

function placeOf(file: string, env: SignedInParts["env"], home: string): readonly string[] {
  const [, variable, rest] = /^\$(\w+)\/(.+)$/.exec(file) ?? [];
  if (variable === undefined || rest === undefined) return [`${home}/${file}`];
  const folder = env[variable] ?? "";
  return folder === "" ? [] : [`${folder}/${rest}`];
}
