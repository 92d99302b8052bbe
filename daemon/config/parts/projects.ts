/** Projects: the repository that is worked on, and who works on it. */

import { resolve } from "node:path";
import { z } from "zod";
import {
  type ConfigPart,
  type ConfigPath,
  type ConfigTree,
  type Entry,
  type Fault,
  keys,
} from "../../../system/config/part.ts";
import { absence } from "../../../system/config/suggestion.ts";
import { text } from "../../../system/config/values.ts";
import { FROM_REPOSITORY } from "../../../workflow/task.ts";
import { isBranchName } from "../../../workflow/text/subject.ts";

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
  workflow: text
    .default("single")
    .describe(
      "built in (single, pipeline, review), the path of a workflow file such as ./review.yaml, or repository: what stands in .chargehand/workflow.yaml of the base branch",
    ),
  workflow_fallback: text
    .optional()
    .describe(
      "with workflow: repository, the workflow of a repository that has no such file; else its tasks wait",
    ),
  agent: text.describe("name of the agent profile that plays the roles the workflow leaves open"),
  agents: z
    .record(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, "must be a role of the workflow"), text)
    .default({})
    .describe("by role of the workflow, the agent profile that plays it instead"),
  serial: z
    .boolean()
    .default(false)
    .describe("its tasks go one after another, in the order in which they were made"),
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
      workflow: project.workflow,
      workflowFallback: project.workflow_fallback ?? null,
      agent: project.agent,
      agents: project.agents,
      serial: project.serial,
    })),
  },
  rules: [checkNames, checkAgents, checkFallbacks],
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

/** It is for repositories that may say something, and says something itself. */
function checkFallbacks(file: ConfigTree): readonly Fault[] {
  return file.at("projects[]").flatMap(({ path, fields }): readonly Fault[] => {
    const { workflow, workflow_fallback: fallback } = fields;
    if (fallback === undefined) return [];
    const at = [...path, "workflow_fallback"];
    if (workflow !== FROM_REPOSITORY)
      return [{ path: at, message: "has no effect: it is for projects with workflow: repository" }];
    return fallback === FROM_REPOSITORY ? [{ path: at, message: "must be another than repository" }] : [];
  });
}

function checkAgents(file: ConfigTree): readonly Fault[] {
  const names = file.at("agents.*").map(({ name }) => name);
  return file.at("projects[]").flatMap(({ path, fields: { agent, agents } }): readonly Fault[] => {
    const byRole = typeof agents === "object" && agents !== null ? Object.entries(agents) : [];
    return [
      ...checkAgent(names, [...path, "agent"], agent),
      ...byRole.flatMap(([role, name]) => checkAgent(names, [...path, "agents", role], name)),
    ];
  });
}

function checkAgent(names: readonly string[], path: ConfigPath, name: unknown): readonly Fault[] {
  if (typeof name !== "string" || name === "" || names.includes(name)) return [];
  return [{ path, message: absence("agent", name, names) }];
}
