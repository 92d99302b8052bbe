/** The stage of the demo: a folder with a bare repository, a configuration, and recorded deliveries to send. */

import { createHmac } from "node:crypto";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Commands, systemCommands } from "../../system/commands.ts";

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
  const folder = await mkdtemp(join(tmpdir(), "chargehand-demo-"));
  const remote = join(folder, "shop.git");
  const seed = join(folder, "seed");
  await mkdir(seed);
  const commands = systemCommands();
  await git(commands, folder, ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
  await git(commands, folder, ["init", "--quiet", "--initial-branch=main", seed]);
  await writeFile(join(seed, "README.md"), "# Shop\n\nA scratch repository for the demo.\n");
  await git(commands, seed, ["add", "-A"]);
  await git(commands, seed, [
    "-c",
    "user.name=Demo",
    "-c",
    "user.email=demo@localhost",
    "commit",
    "--quiet",
    "-m",
    "Begin",
  ]);
  await git(commands, seed, ["push", "--quiet", remote, "main"]);
  const config = join(folder, "chargehand.yaml");
  await writeFile(config, configText(folder, remote));
  return { folder, config, remote };
}

function configText(folder: string, remote: string): string {
  const agent = import.meta.url.endsWith(".ts") ? here("scripted-agent.ts") : here("scripted-agent.js");
  return `data_dir: ${JSON.stringify(join(folder, "data"))}
server:
  webhooks: { host: 127.0.0.1, port: 0 }
  admin: { host: 127.0.0.1, port: 0 }
sources:
  github: { secret: ${GITHUB_SECRET} }
  plane: { secret: ${PLANE_SECRET} }
agents:
  scripted: { backend: command, argv: [${JSON.stringify(process.execPath)}, ${JSON.stringify(agent)}], prompt: stdin }
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

/** The subject of the newest commit of a branch on the remote, or `null`. */
export async function commitSubject(remote: string, branch: string): Promise<string | null> {
  const result = await systemCommands().run("demo", gitCommand(remote, ["log", "-1", "--format=%s", branch]));
  return result.kind === "exited" && result.code === 0 ? result.stdout.trim() : null;
}

async function git(commands: Commands, cwd: string, args: readonly string[]): Promise<void> {
  const result = await commands.run("demo", gitCommand(cwd, args));
  if (result.kind === "failed") throw new Error(`git cannot be run: ${result.reason}`);
  if (result.code !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr.trim()}`);
}

function gitCommand(cwd: string, args: readonly string[]): Parameters<Commands["run"]>[1] {
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", HOME: cwd, LC_ALL: "C" };
  return { argv: ["git", ...args], cwd, env, timeoutMs: 20_000 };
}
