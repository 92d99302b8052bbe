/**
 * Who sends webhooks: what the kits of the sources bring to the configuration, put together. No source is named here.
 */

import { KITS, type SourceSettings } from "../../../handlers/sources.ts";
import {
  type ConfigPart,
  type ConfigTree,
  type Fault,
  type Fields,
  keys,
} from "../../../system/config/part.ts";

const settings = Object.fromEntries(KITS.map(({ name, config }) => [name, config.schema.optional()]));

/** Keys of a project: what it is called at trackers. */
const called = Object.fromEntries(
  KITS.flatMap(({ config: { project } }) => (project === null ? [] : [[project.key, project.schema]])),
);

/** Keys of a project's `trust`: standings, by source. */
const standings = Object.fromEntries(
  KITS.flatMap(({ name, config: { trust } }) => (trust === null ? [] : [[name, trust]])),
);

export const sources = {
  opens: { sources: (mapping) => mapping.prefault({}) },
  keys: {
    sources: keys(settings, (parsed): SourceSettings => parsed),
    "projects[]": keys(called, (parsed) => ({ trackers: trackersOf(parsed) }), { before: "workflow" }),
    "projects[].trust": keys(standings, (parsed) => parsed, { before: "users" }),
  },
  rules: [checkSources, checkTrackers],
  // Of a source that is not known, too: its problem is its name, and what it keeps secret stays so.
  secrets: KITS.flatMap(({ config }) => config.secrets.map((key) => `sources.*.${key}`)),
} satisfies ConfigPart;

function checkSources(file: ConfigTree): readonly Fault[] {
  const named = file.fields("sources");
  return KITS.filter(({ name }) => named[name] !== undefined).flatMap(({ name, config }) =>
    config.rules(file.fields(`sources.${name}`)).map(({ path, message }) => {
      return { path: ["sources", name, ...path], message };
    }),
  );
}

/** A project that a tracker feeds needs the tracker. */
function checkTrackers(file: ConfigTree): readonly Fault[] {
  const known = file.fields("sources");
  return file.at("projects[]").flatMap(({ path, fields }) =>
    KITS.flatMap(({ name, config }): Fault[] => {
      const key = config.project?.key;
      if (key === undefined || fields[key] === undefined || known[name] !== undefined) return [];
      return [{ path: [...path, key], message: `needs a source: sources.${name} is missing` }];
    }),
  );
}

/** By source, what the project is called there. */
function trackersOf(project: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(
    KITS.flatMap(({ name, config }) => {
      const id = config.project === null ? undefined : project[config.project.key];
      return typeof id === "string" ? [[name, id]] : [];
    }),
  );
}
