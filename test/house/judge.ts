/** Where a source says what a ban forbids, or imports what its folder must not. */

import { dirname, join, normalize } from "node:path";
import type { Ban, FolderRule } from "./law.ts";
import type { Source } from "./source.ts";

export function spoken(source: Source, bans: readonly Ban[]): string[] {
  return bans
    .filter((ban) => !excepted(ban, source.path))
    .flatMap((ban) =>
      lines(source.code, ban.what).map(
        (line) => `${source.path}:${line} says ${ban.what.source}; use ${ban.instead}`,
      ),
    );
}

/** Imports that a rule of folders forbids. */
export function astray(source: Source, rules: readonly FolderRule[]): string[] {
  const { path, imports } = source;
  const links = imports
    .filter(({ from }) => from.startsWith("."))
    .map(({ from, line }) => ({ line, target: normalize(join(dirname(path), from)) }));
  return rules
    .filter(({ from, except }) => from.test(path) && except?.includes(path) !== true)
    .flatMap(({ never, because }) =>
      links
        .filter(({ target }) => {
          const folder = never.exec(target)?.[0];
          return folder !== undefined && !path.startsWith(folder);
        })
        .map(({ line, target }) => `${path}:${line} imports ${target}: ${because}`),
    );
}

export function excepted(ban: Ban, path: string): boolean {
  return ban.except?.some((prefix) => path.startsWith(prefix)) === true;
}

function lines(text: string, what: RegExp): number[] {
  const every = new RegExp(what, what.flags.includes("g") ? what.flags : `${what.flags}g`);
  return [...text.matchAll(every)].map(({ index }) => text.slice(0, index).split("\n").length);
}
