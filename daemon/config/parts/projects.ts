/** Projects: the repository that is worked on, and who works on it. */

import { resolve } from "node:path";
import { z } from "zod";
import {
  type ConfigPart,
  type ConfigTree,
  type Entry,
  type Fault,
  keys,
} from "../../../system/config/part.ts";
import { absence } from "../../../system/config/suggestion.ts";
import { text } from "../../../system/config/values.ts";
import { isBranchName } from "../../../workflow/text/subject.ts";
import { BUILT_IN } from "../../../workflow/workflow.ts";

const shape = {
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, "must be letters, digits, dots, dashes and underscores, at most 64"),
  prefix: z
    .string()
    .regex(
      /^[A-Z][A-Z0-9]{0,9}$/,
      'must be 1 to 10 capital letters and digits, beginning with a letter, such as "SHOP"',
    )
    .describe("what the keys of its tasks begin with"),
  repo: z
    .string()
    .regex(/^[^\s/]+(\/[^\s/]+)+$/, 'must be the repository as the forge names it, such as "acme/shop"')
    .optional(),
  // A leading dash would be an option to git, and `ext::` or `fd::` would run a command.
  clone_url: z
    .string()
    .regex(
      /^(?!-)(?![A-Za-z0-9+.-]+::)\S+$/,
      "must be an address or a path that git can clone from, without spaces",
    )
    .describe(
      "what git clones from, such as git@github.com:acme/shop.git; a relative path begins with ./ or ../",
    ),
  base_branch: z
    .string()
    .regex(/^(?![-/.])(?!.*(\.\.|@\{|\/\/|\.lock$|[/.]$))[^\s~^:?*[\\]+$/, "must be the name of a branch")
    .refine(isBranchName, "must be the name of a branch")
    .default("main"),
  workflow: z.literal("single").default("single"),
  agent: text.describe("name of the agent profile that plays the roles the workflow leaves open"),
  serial: z.literal(false).default(false).describe("tasks of a project run side by side"),
};

export const projects = {
  opens: { "projects[]": (mapping) => z.array(mapping).default([]) },
  keys: {
    "projects[]": keys(shape, (project, { folder }) => ({
      name: project.name,
      prefix: project.prefix,
      repo: project.repo ?? null,
      cloneUrl: locateClone(project.clone_url, folder),
      baseBranch: project.base_branch,
      workflow: BUILT_IN[project.workflow],
      agent: project.agent,
    })),
  },
  rules: [checkNames, checkAgents],
} satisfies ConfigPart;

function locateClone(url: string, folder: string): string {
  return /^\.{1,2}(\/|$)/.test(url) ? resolve(folder, url) : url;
}

/** Keys are numbered per prefix and rows belong to names, so neither may be shared. */
function checkNames(file: ConfigTree): readonly Fault[] {
  const entries = file.at("projects[]");
  return [...checkUnique(entries, "name"), ...checkUnique(entries, "prefix")];
}

function checkUnique(entries: readonly Entry[], key: "name" | "prefix"): readonly Fault[] {
  const firsts = new Map<string, number>();
  return entries.flatMap(({ path, fields }, index) => {
    const value = fields[key];
    if (typeof value !== "string") return [];
    const first = firsts.get(value) ?? index;
    firsts.set(value, first);
    if (first === index) return [];
    return [{ path: [...path, key], message: `"${value}" is already the ${key} of projects[${first}]` }];
  });
}

function checkAgents(file: ConfigTree): readonly Fault[] {
  const names = file.at("agents.*").map(({ name }) => name);
  return file.at("projects[]").flatMap(({ path, fields: { agent } }): Fault[] => {
    if (typeof agent !== "string" || agent === "" || names.includes(agent)) return [];
    return [{ path: [...path, "agent"], message: absence("agent", agent, names) }];
  });
}
