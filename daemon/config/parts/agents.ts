/**
 * Agent profiles: who does the work.
 *
 * What a backend cannot do is asked of the backend itself (`agents/registry.ts`), and refused here instead of having
 * no effect.
 */

import { resolve } from "node:path";
import { z } from "zod";
import { backendNames, findBackend } from "../../../agents/registry.ts";
import {
  type ConfigPart,
  type ConfigTree,
  type Entry,
  type Fault,
  keys,
} from "../../../system/config/part.ts";
import { suggestion } from "../../../system/config/suggestion.ts";
import { fieldsOf } from "../../../system/config/tree.ts";
import { duration, entryName, environment, text, texts, variable } from "../../../system/config/values.ts";
import { MERGER } from "../../../workflow/phases/merge.ts";
import type { AgentProfile } from "../../../workflow/project.ts";

/** Timers of Node end at 24.8 days; no agent should work longer than this in one go. */
const TIMEOUT_MS_MAX = 7 * 24 * 60 * 60_000;

const mcpServer = z.strictObject({
  command: text.describe("the program that is the server"),
  args: z.array(text).default([]),
  env: environment,
});

/** It becomes an argument of the program: a word that is no flag. */
const word = text.regex(
  /^[A-Za-z0-9][\w.:/@+,=[\]-]{0,199}$/,
  "must be a name without blanks that begins with a letter or digit",
);

/** Git ends a name at such characters. */
const identityText = text.regex(/^[^<>\n\r\0]+$/, "must be one line without < and >");

const shape = {
  backend: z.enum(backendNames).describe("the kind of agent program"),
  program: text.optional().describe("the program of a built-in backend, when it is not the one on PATH"),
  argv: texts.min(1).optional().describe("the whole command of a `command` agent"),
  prompt: z.enum(["stdin", "argument", "file"]).optional().describe("how a `command` agent gets its prompt"),
  model: word.optional().describe("name as the program knows it"),
  effort: word.optional().describe("how hard it thinks, as the program names it"),
  args: texts.optional().describe("further arguments for a built-in backend"),
  timeout: duration
    .refine((span) => span >= 1_000 && span <= TIMEOUT_MS_MAX, 'must be between "1s" and "7d"')
    .prefault("45m")
    .describe("of one run"),
  max_attempts: z
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe("plain failures of one job before it is given up"),
  env: z
    .array(variable)
    .default([])
    .describe("names of the daemon's environment variables that the agent may see"),
  permissions: z
    .enum(["full", "workspace", "read_only"])
    .default("full")
    .describe("what a built-in backend may do without asking: all, change files of the worktree, or read"),
  mcp: z
    .record(z.string().regex(/^[A-Za-z][\w-]{0,63}$/, "must be a word"), mcpServer)
    .default({})
    .describe("servers of the Model Context Protocol, by name"),
  accounts: texts.min(1).optional().describe("accounts to use, best first"),
  fallback: text.optional().describe("the agent that plays instead while no account of this one is open"),
  projects: texts.min(1).optional().describe("names of the projects that it works for; without it, all"),
  forge_account: text
    .optional()
    .describe(
      "by which of sources.*.accounts it speaks at the forge, such as its reviews; without it, by the source's own",
    ),
  git: z
    .strictObject({
      name: identityText.optional().describe('by default "Chargehand agent (NAME)"'),
      email: identityText.optional().describe("by default chargehand@localhost"),
    })
    .prefault({})
    .describe("who its commits are by"),
};

export const agents = {
  opens: { "agents.*": (mapping) => z.record(entryName, mapping).default({}) },
  keys: {
    "agents.*": keys(shape, (agent, { name, folder }): Omit<AgentProfile, "network" | "mounts"> => {
      const [program, ...args] = agent.argv ?? [];
      return {
        name,
        backend: agent.backend,
        program: agent.program === undefined ? null : locateProgram(agent.program, folder),
        argv: program === undefined ? [] : [locateProgram(program, folder), ...args],
        prompt: agent.prompt ?? "stdin",
        model: agent.model ?? null,
        effort: agent.effort ?? null,
        args: agent.args ?? [],
        timeoutMs: agent.timeout,
        maxAttempts: agent.max_attempts,
        env: agent.env,
        permissions: agent.permissions,
        mcp: agent.mcp,
        accounts: agent.accounts ?? [],
        fallback: agent.fallback ?? null,
        projects: agent.projects ?? null,
        forgeAccount: agent.forge_account ?? null,
        git: {
          name: agent.git.name ?? `Chargehand agent (${name})`,
          email: agent.git.email ?? "chargehand@localhost",
        },
      };
    }),
  },
  rules: [
    (file) => file.at("agents.*").flatMap(checkName),
    (file) => file.at("agents.*").flatMap(checkAbilities),
    (file) => file.at("agents.*").flatMap((agent) => checkAccounts(agent, file)),
    (file) => file.at("agents.*").flatMap((agent) => checkFallback(agent, file)),
    (file) => file.at("agents.*").flatMap((agent) => checkForgeAccount(agent, file)),
  ],
  environments: ["agents.*.mcp.*.env"],
} satisfies ConfigPart;

/** A bare name is looked up on PATH when it is started, in the agent's own environment. */
function locateProgram(program: string, folder: string): string {
  return program.includes("/") ? resolve(folder, program) : program;
}

/** In runs, phases and views it is whoever no profile stands for. */
function checkName({ path, name }: Entry): readonly Fault[] {
  if (name !== MERGER) return [];
  return [{ path, message: "is the name by which the daemon itself plays phases; give the profile another" }];
}

/** A name that no backend has is refused by the schema; until it is mended, it counts as a built-in one. */
function checkAbilities({ path, fields }: Entry): readonly Fault[] {
  const { backend: named } = fields;
  const backend = typeof named === "string" ? findBackend(named) : undefined;
  const refuse = (names: readonly string[], message: string): Fault[] =>
    names.filter((key) => fields[key] !== undefined).map((key) => ({ path: [...path, key], message }));
  if (backend?.commandLine === "given") {
    const own = refuse(
      ["program", "args", "permissions", "mcp"],
      "is for built-in backends; a command agent has its whole command in argv",
    );
    const missing = {
      path: [...path, "argv"],
      message: 'is missing: a command agent needs its command, such as ["/usr/local/bin/fix-it"]',
    };
    return fields["argv"] === undefined ? [...own, missing] : own;
  }
  const lacks = Object.entries(backend?.lacks ?? {});
  return [
    ...refuse(
      ["argv", "prompt"],
      "is for command agents only; built-in backends have program, args, model and effort",
    ),
    ...lacks.flatMap(([key, why]) => refuse([key], `has no effect: ${why}`)),
  ];
}

/** Accounts must exist and be of the agent's backend. */
function checkAccounts({ path, fields }: Entry, file: ConfigTree): readonly Fault[] {
  const accounts = file.at("accounts.*");
  const names = accounts.map(({ name }) => name);
  const listed: readonly unknown[] = Array.isArray(fields["accounts"]) ? fields["accounts"] : [];
  return listed.flatMap((wanted, index): Fault[] => {
    const account = accounts.find(({ name }) => name === wanted);
    const at = [...path, "accounts", index];
    if (account === undefined)
      return [{ path: at, message: `there is no account "${wanted}"${suggestion(String(wanted), names)}` }];
    const { backend } = account.fields;
    if (backend === fields["backend"]) return [];
    const message = `account "${wanted}" is for ${backend}, and this agent is ${fields["backend"]}`;
    return [{ path: at, message }];
  });
}

/** Of whichever source: the forge is that of the project. */
function checkForgeAccount({ path, fields }: Entry, file: ConfigTree): readonly Fault[] {
  const { forge_account: wanted } = fields;
  if (typeof wanted !== "string") return [];
  const sources = Object.values(file.fields("sources")).map(fieldsOf);
  const names = sources.flatMap((source) => Object.keys(fieldsOf(source["accounts"])));
  if (names.includes(wanted)) return [];
  const message = `no source has an account "${wanted}"${suggestion(wanted, names)}`;
  return [{ path: [...path, "forge_account"], message }];
}

/** Fallbacks must exist and lead somewhere. */
function checkFallback({ path, name, fields }: Entry, file: ConfigTree): readonly Fault[] {
  const at = [...path, "fallback"];
  const agents = file.at("agents.*");
  const names = agents.map((agent) => agent.name);
  const seen = new Set<unknown>([name]);
  for (let next = fields["fallback"]; typeof next === "string"; ) {
    const agent = agents.find((other) => other.name === next);
    if (agent === undefined)
      return next === fields["fallback"]
        ? [{ path: at, message: `there is no agent "${next}"${suggestion(next, names)}` }]
        : [];
    if (seen.has(next)) return [{ path: at, message: `leads in a circle: ${[...seen, next].join(" → ")}` }];
    seen.add(next);
    next = agent.fields["fallback"];
  }
  return [];
}
