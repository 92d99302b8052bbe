/** Where a source says what a ban forbids. */

import type { Ban } from "./law.ts";
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

export function excepted(ban: Ban, path: string): boolean {
  return ban.except?.some((prefix) => path.startsWith(prefix)) === true;
}

function lines(text: string, what: RegExp): number[] {
  const every = new RegExp(what, what.flags.includes("g") ? what.flags : `${what.flags}g`);
  return [...text.matchAll(every)].map(({ index }) => text.slice(0, index).split("\n").length);
}
