/**
 * The house as a building: a file stands on the files that it imports, for their types or for their values, and its
 * floor is one above the highest of them. A circle has no floor at all.
 */

import { dirname, join, normalize } from "node:path";
import type { Source } from "./source.ts";

type Part = Pick<Source, "path" | "imports">;

/** Each file's floor, counted within these files; the lowest is 1. Files of a circle stand as if it were not closed. */
export function floorsOf(sources: readonly Part[]): ReadonlyMap<string, number> {
  const under = groundsOf(sources);
  const floors = new Map<string, number>();
  const floorOf = (path: string): number => {
    const known = floors.get(path);
    if (known !== undefined) return known;
    floors.set(path, 0);
    const floor = 1 + Math.max(0, ...(under.get(path) ?? []).map(floorOf));
    floors.set(path, floor);
    return floor;
  };
  for (const { path } of sources) floorOf(path);
  return floors;
}

/** Each circle once, as the files of its way round. */
export function circlesOf(sources: readonly Part[]): readonly (readonly string[])[] {
  const under = groundsOf(sources);
  const done = new Set<string>();
  const circles: (readonly string[])[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const begin = way.indexOf(path);
    if (begin >= 0) {
      circles.push([...way.slice(begin), path]);
      return;
    }
    if (done.has(path)) return;
    for (const next of under.get(path) ?? []) walk(next, [...way, path]);
    done.add(path);
  };
  for (const { path } of sources) walk(path, []);
  return circles;
}

/** By path, what the file imports of the others. */
function groundsOf(sources: readonly Part[]): ReadonlyMap<string, readonly string[]> {
  const known = new Set(sources.map(({ path }) => path));
  const targets = ({ path, imports }: Part): readonly string[] =>
    imports
      .filter(({ from }) => from.startsWith("."))
      .map(({ from }) => normalize(join(dirname(path), from)))
      .filter((target) => known.has(target));
  return new Map(sources.map((source) => [source.path, targets(source)]));
}
