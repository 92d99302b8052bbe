/** A daemon, a scripted GitHub that tells it by webhook, and a project whose answer is a pull request. */

import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { FakeGithub } from "../../../cli/stage/fake-github/start.ts";
import type { Playbook } from "../../../cli/stage/playbook.ts";
import { scriptedAgent } from "../../../cli/stage/stage.ts";
import { startGithub } from "../../proof/github/start.ts";
import type { ProofPlane } from "../../proof/plane/start.ts";
import { DaemonProcess, SECRET } from "../daemon-process.ts";

export const REPO = "acme/shop";

const WORKFLOW = `
name: circle
phases:
  - key: work
    role: developer
    instructions: Do what is asked for below.
    max_cycles: 5
    gate: { ci: { required: [test], timeout: 10m } }
  - key: merge
    merge: merge_commit
    when: { project: merges }
    on: { conflict: work }
`;

export interface Ground {
  readonly stage: DaemonProcess;
  readonly github: FakeGithub;
  /** Sends again what nobody was there to hear, as a person does in the settings of the webhook. */
  deliverAgain(): Promise<void>;
  close(): Promise<void>;
}

export interface GroundOptions {
  readonly playbook: Playbook;
  /** Of the project, as lines of YAML. */
  readonly project?: readonly string[];
  /** The tracker beside GitHub. */
  readonly plane?: ProofPlane;
  /** In place of the one with CI, whose checks and one approval the base demands. */
  readonly workflow?: string;
  readonly protection?: { readonly checks: readonly string[]; readonly approvals: number };
  /** Tokens of further accounts, by name; and agents beside the usual one, each with the account by which it speaks. */
  readonly accounts?: Readonly<Record<string, string>>;
  readonly agents?: Readonly<Record<string, string>>;
}

export async function openGround(options: GroundOptions): Promise<Ground> {
  const { plane, workflow = WORKFLOW, protection = { checks: ["test"], approvals: 1 } } = options;
  const port = await freePort();
  const github = await startGithub();
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  github.people.protect({
    repo: REPO,
    branch: "main",
    ...protection,
    resolvedThreads: true,
  });
  github.addHook(REPO, { url: `http://127.0.0.1:${port}/webhooks/github`, secret: SECRET });
  const playbook = join(stage.folder, "playbook.json");
  writeFileSync(playbook, JSON.stringify(options.playbook));
  writeFileSync(join(stage.folder, "circle.yaml"), workflow);
  writeFileSync(stage.config, configText(stage, github, options, { port, playbook }));
  const sentAgain = new Set<number>();
  return {
    stage,
    github,
    async deliverAgain() {
      for (const hook of github.world.repo(REPO).hooks.values())
        for (const delivery of hook.deliveries.filter(({ answer }) => answer?.status === 0)) {
          if (sentAgain.has(delivery.id)) continue;
          sentAgain.add(delivery.id);
          const url = `${github.api}/repos/${REPO}/hooks/${hook.id}/deliveries/${delivery.id}/attempts`;
          const headers = { authorization: `Bearer ${github.token}`, "x-github-api-version": "2022-11-28" };
          const answer = await fetch(url, { method: "POST", headers });
          if (answer.status !== 202) throw new Error(`a delivery is not sent again: ${await answer.text()}`);
        }
    },
    async close() {
      await stage.close();
      await github.close();
      await plane?.close();
    },
  };
}

/** The address of a webhook outlives the daemon that is killed. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return address.port;
}

function configText(
  stage: DaemonProcess,
  github: FakeGithub,
  { project = [], plane, accounts = {}, agents = {} }: GroundOptions,
  { port, playbook }: { readonly port: number; readonly playbook: string },
): string {
  const hook = plane?.addHook(`http://127.0.0.1:${port}/webhooks/plane`);
  const tracker = `plane: { secret: ${hook?.secret}, token: ${plane?.token}, api_url: "${plane?.url}", workspace: ${plane?.slug} }`;
  const others = Object.entries(accounts).map(([name, token]) => `${name}: { token: ${token} }`);
  const agent = `backend: command, argv: ${scriptedAgent(playbook)}, prompt: stdin`;
  const players = Object.entries(agents).map(
    ([name, account]) => `  ${name}: { ${agent}, forge_account: ${account} }\n`,
  );
  return `data_dir: ${stage.dataDir}
server: { webhooks: { host: 127.0.0.1, port: ${port} }, admin: { host: 127.0.0.1, port: 0 } }
isolation: none
sources:
  github: { secret: ${SECRET}, token: ${github.token}, api_url: "${github.api}", accounts: { ${others.join(", ")} } }
  ${plane === undefined ? "" : tracker}
agents:
  scripted: { ${agent} }
${players.join("")}projects:
  - name: shop
    prefix: SHOP
    repo: ${REPO}
    clone_url: ${github.cloneUrl(REPO)}
    agent: scripted
    workflow: ./circle.yaml
    publish: { to: pull_request, closes: true, merge: true }
    start: { labels: [agent], commands: [/agent] }
    ${plane === undefined ? "" : `plane_project: ${plane.project("SHOP").id}`}
${project.map((line) => `    ${line}\n`).join("")}`;
}
