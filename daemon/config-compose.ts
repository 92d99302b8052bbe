/** Makes the types of the house out of a file without problems: names, absolute paths, `null` for what is absent. */

import { dirname, resolve } from "node:path";
import type { AgentProfile, Project } from "../workflow/project.ts";
import type { Config, PlaneConfig, SourceConfig } from "./config.ts";
import type { ParsedAgent, ParsedConfig, ParsedPlane, ParsedProject, ParsedSource } from "./config-parsed.ts";

/** `file` is absolute; relative paths in it are relative to its folder. */
export function compose(parsed: ParsedConfig, file: string): Config {
  const folder = dirname(file);
  const { github, plane } = parsed.sources;
  const { webhooks, admin, body_limit: bodyLimit } = parsed.server;
  const agents = Object.entries(parsed.agents).map(
    ([name, agent]) => [name, composeAgent(name, agent, folder)] as const,
  );
  return {
    file,
    dataDir: resolve(folder, parsed.data_dir),
    database: parsed.database,
    server: { webhooks, admin, bodyLimit },
    limits: { concurrency: parsed.limits.concurrency, memoryFloor: parsed.limits.memory_floor ?? 0 },
    sources: {
      github: github === undefined ? null : composeSource(github),
      plane: plane === undefined ? null : composePlane(plane),
    },
    agents: Object.fromEntries(agents),
    projects: parsed.projects.map((project) => composeProject(project, folder, parsed.limits.concurrency)),
    shutdown: parsed.shutdown,
    logLevel: parsed.log_level,
  };
}

function composeSource(source: ParsedSource): SourceConfig {
  const { secret, token, api_url: apiUrl, account } = source;
  return { secrets: secret, token: token ?? null, apiUrl, account: account ?? null };
}

function composePlane(plane: ParsedPlane): PlaneConfig {
  return { ...composeSource(plane), workspace: plane.workspace ?? null };
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
    planeProject: project.plane_project ?? null,
    workflow: project.workflow,
    agent: project.agent,
    publish: project.publish,
    start: project.start,
    trust: project.trust,
    concurrency: project.concurrency ?? concurrency,
  };
}
