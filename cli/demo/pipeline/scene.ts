/** The stage of the demo of a workflow: two projects on one repository, and the agents that play in them. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../../daemon/config/config.ts";
import { makePlace, type Place } from "../../stage/place.ts";
import { scriptedAgent } from "../../stage/stage.ts";
import { CHECK, PLAYBOOK, SEED } from "./story.ts";

export interface PipelineScene extends Place {
  readonly config: string;
}

/** @param chats entries below `notify:`, as YAML */
export async function setPipelineScene(chats: string): Promise<PipelineScene> {
  const { folder, remote } = await makePlace("demo", SEED);
  const book = join(folder, "playbook");
  await mkdir(book);
  await writeFile(join(book, "playbook.json"), JSON.stringify(PLAYBOOK));
  const config = join(folder, "chargehand.yaml");
  await writeFile(config, configText(folder, remote, book) + (chats === "" ? "" : `notify:\n${chats}`));
  return { folder, remote, config };
}

function configText(folder: string, remote: string, book: string): string {
  const mounts = `[{ path: ${JSON.stringify(book)} }]`;
  return `data_dir: ${JSON.stringify(join(folder, "data"))}
server:
  webhooks: { host: 127.0.0.1, port: 0 }
  admin: { host: 127.0.0.1, port: 0 }
agents:
  scripted: { backend: command, argv: ${scriptedAgent(join(book, "playbook.json"))}, prompt: stdin, mounts: ${mounts} }
  writer: { backend: command, argv: ${scriptedAgent()}, prompt: stdin }
projects:
  - name: shop
    prefix: SHOP
    clone_url: ${JSON.stringify(remote)}
    workflow: pipeline
    agent: scripted
    publish: { to: branch, merge: true }
  - name: handbook
    prefix: BOOK
    clone_url: ${JSON.stringify(remote)}
    agent: writer
`;
}

/** The built-in workflow has no checks, because each repository has its own: here is that of this one. */
export function withCheck(config: Config): Config {
  const { phase: checked, ...check } = CHECK;
  const projects = config.projects.map((project) => {
    const { workflow } = project;
    if (workflow === null) return project;
    const [first, ...rest] = workflow.phases;
    const add = (phase: typeof first): typeof first =>
      phase.key === checked ? { ...phase, checks: [check] } : phase;
    return { ...project, workflow: { ...workflow, phases: [add(first), ...rest.map(add)] as const } };
  });
  return { ...config, projects };
}
