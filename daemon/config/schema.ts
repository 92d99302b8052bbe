/**
 * The shape of `chargehand.yaml`: the one source of its keys, limits, defaults and descriptions.
 *
 * `docs/config.schema.json` is this file exported; `config-words.ts` puts what it refuses into sentences. It knows
 * nothing of files, variables or lines, and nothing of what one key means for another: that is `config-rules.ts`.
 */

import bytes from "bytes-iec";
import ms, { type StringValue } from "ms";
import { z } from "zod";
import { account, backendName, budget, mcp, price, variables } from "./agents.ts";
import type { ParsedAddress, ParsedConfig } from "./parsed.ts";
import { sourcesSchema, standingKeys, trackerKeys } from "./sources.ts";

const MINUTE_MS = 60_000;
/** A body is held in memory while its signature is checked. */
const BODY_BYTES_MAX = 256 * 1_048_576;
/** With less not even the agents' own run-time starts. */
const RUN_BYTES_MIN = 64 * 1_048_576;
/** Timers of Node end at 24.8 days; no agent should work longer than this in one go. */
const TIMEOUT_MS_MAX = 7 * 24 * 60 * MINUTE_MS;

const text = z.string().min(1);
const texts = z.array(text);

type AddressInput = { host?: string | undefined; port?: number | undefined } | undefined;

const address = (port: number): z.ZodType<ParsedAddress, AddressInput> =>
  z
    .strictObject({
      host: text.default("127.0.0.1"),
      port: z.int().min(0).max(65_535).default(port).describe("0 picks a free port"),
    })
    .prefault({});

const SIZE = 'must be a size such as "25MiB" or "500kB"';
const size = z
  .string(SIZE)
  .regex(/^\d+(\.\d+)?\s?([kKMG]i?)?B$/, SIZE)
  .transform((value) => Math.floor(bytes.parse(value) ?? 0));
const bodySize = size.refine(
  (bytes) => bytes >= 1_024 && bytes <= BODY_BYTES_MAX,
  "must be between 1kB and 256MiB",
);

const DURATION = 'must be a duration such as "90s", "45m" or "2h"';
const duration = z
  .string(DURATION)
  .regex(/^\d+(ms|s|m|h|d)$/, DURATION)
  .transform((value) => ms(value as StringValue))
  .refine((span) => span >= 1_000 && span <= TIMEOUT_MS_MAX, 'must be between "1s" and "7d"');

const agent = z.strictObject({
  backend: backendName.describe("the kind of agent program"),
  program: text.optional().describe("the program of a built-in backend, when it is not the one on PATH"),
  argv: texts.min(1).optional().describe("the whole command of a `command` agent"),
  prompt: z.enum(["stdin", "argument", "file"]).optional().describe("how a `command` agent gets its prompt"),
  model: text.optional().describe("name as the program knows it"),
  effort: text.optional().describe("how hard it thinks, as the program names it"),
  args: texts.optional().describe("further arguments for a built-in backend"),
  timeout: duration.prefault("45m").describe("of one run"),
  max_attempts: z
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe("plain failures of one job before it is given up"),
  env: variables.default([]).describe("names of the daemon's environment variables that the agent may see"),
  permissions: z
    .enum(["full", "workspace", "read_only"])
    .default("full")
    .describe("what a built-in backend may do without asking: all, change files of the worktree, or read"),
  mcp,
  accounts: texts.min(1).optional().describe("accounts to use, best first"),
  fallback: text.optional().describe("the agent that plays instead while no account of this one is open"),
});

const command = z
  .string()
  .regex(/^\/[A-Za-z][\w-]*$/, 'must be a word that begins with a slash, such as "/agent"');

const start = z.strictObject({
  labels: texts.default([]).describe("label names, or Plane label ids"),
  states: texts.default([]).describe("Plane state names or ids"),
  commands: z.array(command).default(["/agent"]).describe("first words of comments"),
  assignees: texts.default([]).describe("GitHub logins or Plane user ids whose assignment starts a task"),
});

const trust = z.strictObject({
  ...standingKeys,
  users: texts.default([]).describe("GitHub logins or Plane user ids that are always trusted"),
  bots: texts.default([]).describe("bot logins that are trusted although they are bots"),
});

const project = z.strictObject({
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
    .default("main"),
  ...trackerKeys,
  workflow: z.literal("single").default("single"),
  agent: text.describe("name of the agent profile that plays the roles the workflow leaves open"),
  publish: z.enum(["none", "branch"]).default("branch"),
  serial: z.literal(false).default(false).describe("tasks of a project run side by side"),
  start: start.prefault({}),
  trust: trust.prefault({}),
  concurrency: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe("how many agents may work on it at once; default: limits.concurrency"),
  budget: budget.prefault({ mode: "metered" }),
});

const agentName = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,63}$/, "must be letters, digits, dashes and underscores, beginning with a letter");

const runLimits = z.strictObject({
  memory: size
    .refine((bytes) => bytes >= RUN_BYTES_MIN, "must be at least 64MiB")
    .optional()
    .describe("of the agent and all it starts"),
  tasks: z.int().min(16).max(1_000_000).optional().describe("processes and threads"),
  cpus: z.number().min(0.1).max(1_024).optional().describe("processors' worth of time, such as 1.5"),
});

/** The whole file. Strict everywhere: a key that is not here is a problem. */
export const configSchema: z.ZodType<ParsedConfig> = z.strictObject({
  data_dir: text.describe("database, runs, worktrees and the admin token live here"),
  database: z.literal("sqlite").default("sqlite"),
  server: z
    .strictObject({ webhooks: address(8787), admin: address(8788), body_limit: bodySize.prefault("25MiB") })
    .prefault({ webhooks: {}, admin: {} }),
  limits: z
    .strictObject({
      concurrency: z.int().min(1).max(1_000).default(3).describe("how many agents may work at once"),
      memory_floor: size.optional().describe("no agent is started while the host has less memory available"),
      run: runLimits.optional().describe("of each run; needs `isolation: scope`"),
    })
    .prefault({}),
  isolation: z
    .enum(["none", "scope"])
    .default("none")
    .describe("what stands around each agent: nothing of its own, or a scope of systemd's"),
  sources: sourcesSchema.prefault({}),
  accounts: z.record(agentName, account).default({}),
  agents: z.record(agentName, agent).default({}),
  prices: z.record(text, price).default({}).describe("what models cost, where the built-in list is wrong"),
  projects: z.array(project).default([]),
  shutdown: z
    .enum(["detach", "drain", "stop"])
    .default("detach")
    .describe(
      "what becomes of agents when the daemon ends: they go on, are waited for, or are asked to stop",
    ),
  log_level: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

/** Enough of JSON Schema to walk over it. */
export interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
}

/** JSON Schema 2020-12 of the file, for editors; `docs/config.schema.json` holds it. */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema, { io: "input" });
  return { $id: "chargehand.yaml", title: "Configuration of Chargehand", ...schema } as JsonSchema;
}
