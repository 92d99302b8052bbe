/** The stage of the demo of a forge: a project whose answer is a pull request, and the agents that play in it. */

import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FakeGithub } from "../../stage/fake-github/start.ts";
import { scriptedAgent } from "../../stage/stage.ts";
import { LABEL, playbook, REPO, WORKFLOW } from "./story.ts";

export interface ForgeScene {
  readonly folder: string;
  readonly config: string;
}

/** Of the demo only: it protects a folder that is deleted soon. */
export const SECRET = "demo-github-secret";

/** @param turnMs how long an agent takes for a turn */
export async function setForgeScene(github: FakeGithub, folder: string, turnMs: number): Promise<ForgeScene> {
  const book = join(folder, "playbook");
  await mkdir(book);
  await writeFile(join(book, "playbook.json"), JSON.stringify(playbook(turnMs)));
  await writeFile(join(folder, "reviewed.yaml"), WORKFLOW);
  const config = join(folder, "chargehand.yaml");
  await writeFile(config, configText(folder, book, github));
  return { folder, config };
}

export async function makeFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), "chargehand-demo-"));
}

function configText(folder: string, book: string, { api, token, cloneUrl }: FakeGithub): string {
  const agent = scriptedAgent(join(book, "playbook.json"));
  const mounts = `[{ path: ${JSON.stringify(book)} }]`;
  return `data_dir: ${JSON.stringify(join(folder, "data"))}
server:
  webhooks: { host: 127.0.0.1, port: 0 }
  admin: { host: 127.0.0.1, port: 0 }
sources:
  github: { secret: ${SECRET}, token: ${token}, api_url: "${api}" }
agents:
  scripted: { backend: command, argv: ${agent}, prompt: stdin, mounts: ${mounts} }
projects:
  - name: shop
    prefix: SHOP
    repo: ${REPO}
    clone_url: ${JSON.stringify(cloneUrl(REPO))}
    workflow: ./reviewed.yaml
    agent: scripted
    start: { labels: [${LABEL}], commands: [/agent] }
    publish: { to: pull_request, closes: true, merge: true, method: squash }
    tell:
      labels: { working: agent-works, waiting: agent-waits, failed: agent-failed }
      status: true
`;
}
