/** Makes the types of the house out of a file without problems: names, absolute paths, `null` for what is absent. */

import { dirname, resolve } from "node:path";
import type { BudgetLimit, BudgetScope, BudgetUnit } from "../../workflow/budget.ts";
import { TASK_RUNS_MAX, TASK_TOKENS_MAX } from "../../workflow/limits.ts";
import type { AgentProfile, Project } from "../../workflow/project.ts";
import type { Config, ModelPrice } from "./load.ts";
import type { ParsedAgent, ParsedBudget, ParsedConfig, ParsedPrice, ParsedProject } from "./parsed.ts";
import { trackersOf } from "./sources.ts";

/** `file` is absolute; relative paths in it are relative to its folder. */
export function compose(parsed: ParsedConfig, file: string): Config {
  const folder = dirname(file);
  const { webhooks, admin, body_limit: bodyLimit } = parsed.server;
  const agents = Object.entries(parsed.agents).map(
    ([name, agent]) => [name, composeAgent(name, agent, folder)] as const,
  );
  return {
    file,
    dataDir: resolve(folder, parsed.data_dir),
    database: parsed.database,
    server: { webhooks, admin, bodyLimit },
    limits: composeLimits(parsed.limits),
    isolation: parsed.isolation,
    sources: parsed.sources,
    accounts: Object.entries(parsed.accounts).map(([name, { backend, env, concurrency }]) => {
      return { name, backend, env, concurrency: concurrency ?? null };
    }),
    agents: Object.fromEntries(agents),
    prices: new Map(Object.entries(parsed.prices).map(([model, price]) => [model, composePrice(price)])),
    projects: parsed.projects.map((project) => composeProject(project, folder, parsed.limits.concurrency)),
    shutdown: parsed.shutdown,
    logLevel: parsed.log_level,
  };
}

function composeLimits({ concurrency, memory_floor: floor, run }: ParsedConfig["limits"]): Config["limits"] {
  const { memory = null, tasks = null, cpus = null } = run ?? {};
  return { concurrency, memoryFloor: floor ?? 0, run: { memory, tasks, cpus } };
}

function composeAgent(name: string, agent: ParsedAgent, folder: string): AgentProfile {
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
  };
}

/** A bare name is looked up on PATH when it is started, in the agent's own environment. */
function locateProgram(program: string, folder: string): string {
  return program.includes("/") ? resolve(folder, program) : program;
}

function composeProject(project: ParsedProject, folder: string, concurrency: number): Project {
  const local = /^\.{1,2}(\/|$)/.test(project.clone_url);
  return {
    name: project.name,
    prefix: project.prefix,
    repo: project.repo ?? null,
    cloneUrl: local ? resolve(folder, project.clone_url) : project.clone_url,
    baseBranch: project.base_branch,
    trackers: trackersOf(project),
    workflow: project.workflow,
    agent: project.agent,
    publish: project.publish,
    start: project.start,
    trust: project.trust,
    concurrency: project.concurrency ?? concurrency,
    budget: composeBudget(project.budget),
  };
}

const SCOPES: readonly BudgetScope[] = ["run", "phase", "task", "project", "day"];
/** By the ending of the key, and what the key counts in. */
const UNITS: readonly (readonly [ending: string, unit: BudgetUnit, factor: number])[] = [
  ["usd", "nanos", 1e9],
  ["tokens", "tokens", 1],
  ["runs", "runs", 1],
];

/** The limits of the file, and the lifetime caps of a task that hold where the file names none. */
function composeBudget(budget: ParsedBudget): readonly BudgetLimit[] {
  const asked: BudgetLimit[] = SCOPES.flatMap((scope) =>
    UNITS.flatMap(([ending, unit, factor]) => {
      const amount = budget[`${scope}_${ending}`];
      return typeof amount === "number" ? [{ scope, unit, amount: Math.round(amount * factor) }] : [];
    }),
  );
  // A cap that no single run fits below would let nothing start.
  const runTokens = asked.find(({ scope, unit }) => scope === "run" && unit === "tokens")?.amount ?? 0;
  const caps: readonly BudgetLimit[] = [
    { scope: "task", unit: "runs", amount: TASK_RUNS_MAX },
    { scope: "task", unit: "tokens", amount: Math.max(TASK_TOKENS_MAX, runTokens) },
  ];
  const open = caps.filter(
    ({ scope, unit }) => !asked.some((own) => own.scope === scope && own.unit === unit),
  );
  return [...asked, ...open];
}

function composePrice({
  input,
  output,
  cache_read: cacheRead,
  cache_write: cacheWrite,
}: ParsedPrice): ModelPrice {
  return { input, output, cacheRead: cacheRead ?? input, cacheWrite: cacheWrite ?? input };
}
