/** A daemon of its own in a place that was made for it, and short ways to ask it. */

import { fileURLToPath } from "node:url";
import type { Config } from "../../daemon/config/config.ts";
import { loadConfig } from "../../daemon/config/load.ts";
import { type Daemon, startDaemon } from "../../daemon/main.ts";
import { lightHttp } from "../../system/light-http.ts";
import { nullLog } from "../../system/log.ts";
import { readVersion } from "../version.ts";

export interface Stage {
  readonly daemon: Daemon;
  /** `path` begins behind `/api/v1`. @throws Error with the daemon's words where it refuses */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: Readonly<Record<string, unknown>>): Promise<T>;
}

/**
 * The command line of the scripted agent, as a list in YAML.
 *
 * @param playbook its path; without one it is the plain demo's
 */
export function scriptedAgent(playbook?: string): string {
  const name = import.meta.url.endsWith(".ts") ? "scripted-agent.ts" : "scripted-agent.js";
  const agent = fileURLToPath(new URL(name, import.meta.url));
  return JSON.stringify([process.execPath, agent, ...(playbook === undefined ? [] : [playbook])]);
}

/**
 * @param file of its configuration
 * @param adjust what a file cannot say
 * @throws Error when it cannot be read, or the daemon cannot start
 */
export async function startStage(
  file: string,
  adjust: (config: Config) => Config = (config) => config,
): Promise<Stage> {
  const loaded = await loadConfig({ path: file, env: process.env });
  if (loaded.kind === "problems")
    throw new Error(loaded.problems.map((problem) => problem.message).join("; "));
  const config = adjust(loaded.config);
  const started = await startDaemon({ config, version: readVersion(), env: process.env }, nullLog());
  if (started.kind === "failed") throw new Error(started.reason);
  const { daemon } = started;
  const http = lightHttp();
  const headers = { authorization: `Bearer ${daemon.token}`, "content-type": "application/json" };
  const ask = async <T>(method: "GET" | "POST", path: string, body?: string): Promise<T> => {
    const url = `${daemon.adminUrl}/api/v1${path}`;
    const result = await http.request("stage", { method, url, headers, ...(body !== undefined && { body }) });
    if (result.kind === "unreachable") throw new Error(result.reason);
    const answer: T & { readonly detail?: string } = JSON.parse(result.response.body);
    if (result.response.status >= 300) throw new Error(answer.detail ?? `${path}: ${result.response.status}`);
    return answer;
  };
  return {
    daemon,
    get: (path) => ask("GET", path),
    post: (path, body) => ask("POST", path, JSON.stringify(body)),
  };
}
