/**
 * What one key means for another: names that must exist or be unique, keys that belong to one backend only.
 *
 * It reads the tree loosely and says nothing about what the schema refuses anyway, so that a file with both kinds of
 * problems shows both at once.
 */

import { backendName } from "./agents.ts";
import { type ConfigPath, type Fields, fieldsOf } from "./document.ts";
import type { Fault } from "./fill-in.ts";
import { suggestion } from "./sentences.ts";
import { checkSources, checkTrackers } from "./sources.ts";

const BACKENDS: readonly string[] = backendName.options;

interface Entry {
  readonly path: ConfigPath;
  readonly fields: Fields;
}

export function checkRules(tree: unknown): readonly Fault[] {
  const root = fieldsOf(tree);
  const sources = fieldsOf(root["sources"]);
  const agents = entriesOf(root["agents"], "agents");
  const accounts = entriesOf(root["accounts"], "accounts");
  const projects = entriesOf(root["projects"], "projects");
  return [
    ...checkListeners(fieldsOf(root["server"])),
    ...checkSources(sources),
    ...checkIsolation(root),
    ...accounts.flatMap(checkAccount),
    ...agents.flatMap(checkAgent),
    ...agents.flatMap((agent) => checkRoutes(agent, agents, accounts)),
    ...checkUnique(projects, "name"),
    ...checkUnique(projects, "prefix"),
    ...projects.flatMap((project) => checkProject(project, agents, sources)),
    ...projects.flatMap(checkBudget),
  ];
}

function checkListeners(server: Fields): readonly Fault[] {
  const webhooks = { host: "127.0.0.1", port: 8787, ...fieldsOf(server["webhooks"]) };
  const admin = { host: "127.0.0.1", port: 8788, ...fieldsOf(server["admin"]) };
  if (admin.port === 0 || admin.port !== webhooks.port || admin.host !== webhooks.host) return [];
  return [
    {
      path: ["server", "admin", "port"],
      message: "is also the port of server.webhooks; the two need different ones",
    },
  ];
}

/** A limit that nobody enforces is worse than none. */
function checkIsolation(root: Fields): readonly Fault[] {
  if (fieldsOf(root["limits"])["run"] === undefined || root["isolation"] === "scope") return [];
  return [{ path: ["limits", "run"], message: "needs isolation: scope, which is what enforces it" }];
}

function checkAgent({ path, fields }: Entry): readonly Fault[] {
  const { backend } = fields;
  const refuse = (keys: readonly string[], message: string): Fault[] =>
    keys.filter((key) => fields[key] !== undefined).map((key) => ({ path: [...path, key], message }));
  if (backend === "command") {
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
  const withoutMcp = {
    pi: "has no effect: pi knows no MCP servers",
    gemini:
      "has no effect: gemini reads MCP servers from its owner's settings only (~/.gemini/settings.json)",
  };
  return [
    ...refuse(
      ["argv", "prompt"],
      "is for command agents only; built-in backends have program, args, model and effort",
    ),
    ...(backend === "pi" || backend === "gemini" ? refuse(["mcp"], withoutMcp[backend]) : []),
    ...(backend === "qwen" || backend === "gemini"
      ? refuse(["effort"], `has no effect: ${backend} has no such option`)
      : []),
  ];
}

/** Agents without `accounts` use the one that is named like their backend, so nobody else may have that name. */
function checkAccount({ path, fields }: Entry): readonly Fault[] {
  const name = String(path[1]);
  const isDefault = BACKENDS.includes(name);
  if (!isDefault || typeof fields["backend"] !== "string" || fields["backend"] === name) return [];
  const message = `must be ${name}, because agents that name no account use the one that is named like their backend`;
  return [{ path: [...path, "backend"], message }];
}

/** Accounts must exist and be of the agent's backend; fallbacks must exist and lead somewhere. */
function checkRoutes(
  { path, fields }: Entry,
  agents: readonly Entry[],
  accounts: readonly Entry[],
): readonly Fault[] {
  const names = accounts.map((account) => String(account.path[1]));
  const listed: readonly unknown[] = Array.isArray(fields["accounts"]) ? fields["accounts"] : [];
  const faults = listed.flatMap((name, index): Fault[] => {
    const account = accounts.find((other) => other.path[1] === name);
    const at = [...path, "accounts", index];
    if (account === undefined)
      return [{ path: at, message: `there is no account "${name}"${suggestion(String(name), names)}` }];
    const { backend } = account.fields;
    if (backend === fields["backend"]) return [];
    return [
      { path: at, message: `account "${name}" is for ${backend}, and this agent is ${fields["backend"]}` },
    ];
  });
  return [...faults, ...checkFallback({ path, fields }, agents)];
}

function checkFallback({ path, fields }: Entry, agents: readonly Entry[]): readonly Fault[] {
  const at = [...path, "fallback"];
  const names = agents.map((agent) => String(agent.path[1]));
  const seen = new Set<unknown>([path[1]]);
  for (let next = fields["fallback"]; typeof next === "string"; ) {
    const agent = agents.find((other) => other.path[1] === next);
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

/** On a subscription dollars are notional, and a limit in them would stop honest work. */
function checkBudget({ path, fields }: Entry): readonly Fault[] {
  const budget = fieldsOf(fields["budget"]);
  const at = (key: string): ConfigPath => [...path, "budget", key];
  if (budget["mode"] === "subscription") {
    const message = "is no limit in mode subscription; use tokens or runs, or mode metered";
    const notional = Object.keys(budget).filter((key) => key.endsWith("_usd"));
    return [
      ...notional.map((key) => ({ path: at(key), message })),
      ...checkReservation(budget, "tokens", at),
    ];
  }
  return ["usd", "tokens"].flatMap((unit) => checkReservation(budget, unit, at));
}

/** A run reserves all that it may take, so a wider limit below that would never let one start. */
function checkReservation(budget: Fields, unit: string, at: (key: string) => ConfigPath): readonly Fault[] {
  const run = budget[`run_${unit}`];
  if (typeof run !== "number") return [];
  return ["phase", "task", "project", "day"].flatMap((scope) => {
    const wider = budget[`${scope}_${unit}`];
    if (typeof wider !== "number" || wider >= run) return [];
    const message = `is less than run_${unit}, which every run reserves, so none would ever start`;
    return [{ path: at(`${scope}_${unit}`), message }];
  });
}

/** Keys are numbered per prefix and rows belong to names, so neither may be shared. */
function checkUnique(projects: readonly Entry[], key: "name" | "prefix"): readonly Fault[] {
  return projects.flatMap(({ path, fields }, index) => {
    const value = fields[key];
    const first = projects.findIndex((other) => other.fields[key] === value);
    if (typeof value !== "string" || first === index) return [];
    return [{ path: [...path, key], message: `"${value}" is already the ${key} of projects[${first}]` }];
  });
}

function checkProject({ path, fields }: Entry, agents: readonly Entry[], sources: Fields): readonly Fault[] {
  const faults: Fault[] = [];
  const names = agents.map((agent) => String(agent.path[1]));
  const { agent } = fields;
  if (typeof agent === "string" && agent !== "" && !names.includes(agent)) {
    const known = names.length === 0 ? "; there are no agents yet" : `; known are ${names.join(", ")}`;
    const hint = suggestion(agent, names) || known;
    faults.push({ path: [...path, "agent"], message: `there is no agent "${agent}"${hint}` });
  }
  return [...faults, ...checkTrackers(path, fields, sources)];
}

function entriesOf(value: unknown, root: string): readonly Entry[] {
  const pairs: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item])
    : Object.entries(fieldsOf(value));
  return pairs.map(([step, fields]) => ({ path: [root, step], fields: fieldsOf(fields) }));
}
