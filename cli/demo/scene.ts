/** The stage of the demo: a folder with a bare repository, a configuration, and recorded deliveries to send. */

import { createHmac } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makePlace } from "../stage/place.ts";
import { scriptedAgent } from "../stage/stage.ts";

/** Secrets of the demo only: they protect a folder that is deleted a few seconds later. */
const GITHUB_SECRET = "demo-github-secret";
const PLANE_SECRET = "plane_wh_demo0000000000000000000000000000";

export interface Scene {
  readonly folder: string;
  readonly config: string;
  /** The bare repository that plays the forge's. */
  readonly remote: string;
}

export interface Recorded {
  readonly source: "github" | "plane";
  readonly label: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Builds the folder. @throws Error with git's words when git cannot be used. */
export async function setScene(): Promise<Scene> {
  const { folder, remote } = await makePlace("demo", {
    "README.md": "# Shop\n\nA scratch repository for the demo.\n",
  });
  const config = join(folder, "chargehand.yaml");
  await writeFile(config, configText(folder, remote));
  return { folder, config, remote };
}

function configText(folder: string, remote: string): string {
  return `data_dir: ${JSON.stringify(join(folder, "data"))}
server:
  webhooks: { host: 127.0.0.1, port: 0 }
  admin: { host: 127.0.0.1, port: 0 }
sources:
  github: { secret: ${GITHUB_SECRET} }
  plane: { secret: ${PLANE_SECRET} }
agents:
  scripted: { backend: command, argv: ${scriptedAgent()}, prompt: stdin }
projects:
  - name: shop
    prefix: SHOP
    repo: Codertocat/Hello-World
    clone_url: ${JSON.stringify(remote)}
    base_branch: main
    plane_project: 22b6fc9c-1849-45da-b103-52a3e3a6b4c1
    workflow: single
    agent: scripted
    publish: branch
    start: { labels: [bug], states: [In Progress], commands: [/agent] }
`;
}

/** One recorded GitHub and one recorded Plane delivery, each twice; Plane's repeat has a new header id, as in life. */
export async function recordedDeliveries(): Promise<readonly Recorded[]> {
  const github = await readFile(here("github-issues-labeled.json"), "utf8");
  const plane = await readFile(here("plane-issue-updated.json"), "utf8");
  const issue: Recorded = {
    source: "github",
    label: "issues.labeled",
    headers: {
      "content-type": "application/json",
      "x-github-event": "issues",
      "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      "x-hub-signature-256": `sha256=${sign(GITHUB_SECRET, github)}`,
    },
    body: github,
  };
  const item = (id: string): Recorded => ({
    source: "plane",
    label: "issue.updated",
    headers: {
      "content-type": "application/json",
      "x-plane-event": "issue",
      "x-plane-delivery": id,
      "x-plane-signature": sign(PLANE_SECRET, plane),
    },
    body: plane,
  });
  const first = item("f819eb78-9d7c-4f28-b68c-a8b9e4d5a3c1");
  return [issue, issue, first, item("0c3e64a5-6c3d-4a38-9d3b-5c7d0f1e2a90")];
}

function sign(secret: string, body: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}
