/**
 * What lies in an agent's folder beside what its index knows: looked up name by name, so that no git is led anywhere by
 * a nested repository, a FIFO or a link in place of a folder.
 */

import { contentOf, entriesIn, lookAt } from "./files.ts";
import { isIgnored, type Rules, rulesIn } from "./ignore.ts";

const RULES_BYTES_MAX = 4 * 1_024 * 1_024;
/** Names that are looked at: a folder of more is no work of an agent. */
const NAMES_MAX = 2_000_000;

export interface Walk {
  readonly directory: string;
  /** Paths of files that are known already. */
  readonly tracked: ReadonlySet<string>;
  /** Paths that are no part of it. */
  readonly apart: ReadonlySet<string>;
}

export interface Walked {
  /** Everything but folders that is neither known nor ignored. */
  readonly others: readonly string[];
  /** Folders that are repositories of their own. */
  readonly nested: readonly string[];
  /** Folders that could not be read to the end. */
  readonly shut: readonly string[];
}

export function walk({ directory, tracked, apart }: Walk): Walked {
  const others: string[] = [];
  const nested: string[] = [];
  const shut: string[] = [];
  let left = NAMES_MAX;
  const pending: { readonly below: string; readonly rules: readonly Rules[] }[] = [{ below: "", rules: [] }];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const { below } = folder;
    const found = entriesIn(`${directory}/${below}`);
    if (found === null || found.length > left) {
      shut.push(below);
      continue;
    }
    left -= found.length;
    const own = found.some(({ name }) => name === ".gitignore")
      ? contentOf(`${directory}/${below}.gitignore`, RULES_BYTES_MAX)
      : null;
    const rules =
      own === null ? folder.rules : [...folder.rules, { below, rules: rulesIn(own.toString("latin1")) }];
    for (const { name, isFolder } of found) {
      const path = `${below}${name}`;
      if (name === ".git" || apart.has(path) || (!isFolder && tracked.has(path))) continue;
      if (isIgnored(rules, path, isFolder)) continue;
      if (!isFolder) {
        others.push(path);
        continue;
      }
      if (lookAt(`${directory}/${path}/.git`) !== null) nested.push(path);
      pending.push({ below: `${path}/`, rules });
    }
  }
  return { others, nested, shut };
}
