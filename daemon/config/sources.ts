/**
 * What the kits of the sources bring to the configuration, put together: their keys under `sources:`, what projects say
 * of themselves there, their rules and their secrets. No source is named here.
 */

import { z } from "zod";
import { KITS } from "../../handlers/sources.ts";
import { type ConfigPath, type Fields, fieldsOf } from "./document.ts";
import type { Fault } from "./fill-in.ts";

/** `sources:`. */
export const sourcesSchema = z.strictObject(
  Object.fromEntries(KITS.map(({ name, config }) => [name, config.schema.optional()])),
);

/** Keys of a project: what it is called at trackers. */
export const trackerKeys = Object.fromEntries(
  KITS.flatMap(({ config: { project } }) => (project === null ? [] : [[project.key, project.schema]])),
);

/** Keys of a project's `trust`: standings, by source. */
export const standingKeys = Object.fromEntries(
  KITS.flatMap(({ name, config: { trust } }) => (trust === null ? [] : [[name, trust]])),
);

const SECRETS: ReadonlySet<unknown> = new Set(KITS.flatMap(({ config }) => config.secrets));

/** Whether what stands at this path of the file, or around it, is a secret of a source. */
export function isSourceSecret([root, , ...steps]: ConfigPath): boolean {
  return root === "sources" && steps.some((step) => SECRETS.has(step));
}

/** @param sources what stands at `sources`, unchecked */
export function checkSources(sources: Fields): readonly Fault[] {
  return KITS.flatMap(({ name, config }) =>
    config.rules(fieldsOf(sources[name])).map(({ path, message }) => {
      return { path: ["sources", name, ...path], message };
    }),
  );
}

/** A project that a tracker feeds needs the tracker. */
export function checkTrackers(path: ConfigPath, project: Fields, sources: Fields): readonly Fault[] {
  return KITS.flatMap(({ name, config }): Fault[] => {
    const key = config.project?.key;
    if (key === undefined || project[key] === undefined || sources[name] !== undefined) return [];
    return [{ path: [...path, key], message: `needs a source: sources.${name} is missing` }];
  });
}

/** By source, what the project is called there. */
export function trackersOf(project: object): Readonly<Record<string, string>> {
  const fields = fieldsOf(project);
  return Object.fromEntries(
    KITS.flatMap(({ name, config }) => {
      const called = config.project === null ? undefined : fields[config.project.key];
      return typeof called === "string" ? [[name, called]] : [];
    }),
  );
}
