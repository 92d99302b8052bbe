/**
 * What one key means for another: names that must exist or be unique, keys that belong to one backend only.
 *
 * It reads the tree loosely and says nothing about what the schema refuses anyway, so that a file with both kinds of
 * problems shows both at once.
 */

import type { ConfigPath } from "./config-source.ts";
import type { Fault } from "./config-values.ts";
import { suggestion } from "./config-words.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Entry {
  readonly path: ConfigPath;
  readonly fields: Fields;
}

export function checkRules(tree: unknown): readonly Fault[] {
  const root = fieldsOf(tree);
  const sources = fieldsOf(root["sources"]);
  const agents = entriesOf(root["agents"], "agents");
  const projects = entriesOf(root["projects"], "projects");
  return [
    ...checkListeners(fieldsOf(root["server"])),
    ...checkPlane(sources),
    ...agents.flatMap(checkAgent),
    ...checkUnique(projects, "name"),
    ...checkUnique(projects, "prefix"),
    ...projects.flatMap((project) => checkProject(project, agents, sources)),
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

function checkPlane(sources: Fields): readonly Fault[] {
  const plane = fieldsOf(sources["plane"]);
  if (plane["token"] === undefined || plane["workspace"] !== undefined) return [];
  return [
    {
      path: ["sources", "plane", "workspace"],
      message: "is missing: Plane's API needs the workspace's slug with the token",
    },
  ];
}

function checkAgent({ path, fields }: Entry): readonly Fault[] {
  const { backend } = fields;
  const refuse = (keys: readonly string[], message: string): Fault[] =>
    keys.filter((key) => fields[key] !== undefined).map((key) => ({ path: [...path, key], message }));
  if (backend === "command") {
    const own = refuse(
      ["program", "args"],
      "is for built-in backends; a command agent has its whole command in argv",
    );
    const missing = {
      path: [...path, "argv"],
      message: 'is missing: a command agent needs its command, such as ["/usr/local/bin/fix-it"]',
    };
    return fields["argv"] === undefined ? [...own, missing] : own;
  }
  if (backend !== "claude") return [];
  return refuse(["argv", "prompt"], "is for command agents only; claude has program, args, model and effort");
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
  if (fields["plane_project"] !== undefined && sources["plane"] === undefined) {
    faults.push({ path: [...path, "plane_project"], message: "needs a source: sources.plane is missing" });
  }
  return faults;
}

function entriesOf(value: unknown, root: string): readonly Entry[] {
  const pairs: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item])
    : Object.entries(fieldsOf(value));
  return pairs.map(([step, fields]) => ({ path: [root, step], fields: fieldsOf(fields) }));
}

/** The fields of a mapping; none when it is something else, which the schema refuses. */
function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
