/** The configuration as text, with a comment for whoever changes it. Its secrets are named, and stand in files. */

import { type Plan, SECRETS } from "./plan.ts";

export function configText(plan: Plan): string {
  return [head(plan), server(plan), sources(plan), agents(plan), projects(plan)]
    .filter((part) => part !== "")
    .join("\n");
}

function head({ dataDir }: Plan): string {
  return `# Chargehand. Every key is explained in docs/configuration.md; after a change:
#   chargehand serve --check   whether it is valid      chargehand doctor   whether all of it works
#   kill -HUP, or systemctl reload chargehand, has a running daemon read it again

# Database, runs and working copies. One daemon per folder.
data_dir: ${yaml(dataDir)}
`;
}

function server({ publicUrl, port }: Plan): string {
  if (publicUrl === null && port === null) return "";
  const [webhooks, admin] = port === null ? [8_787, 8_788] : [port, port + 1];
  const url = publicUrl === null ? "" : `  public_url: ${yaml(publicUrl)}\n`;
  const ports = port === null ? "" : `  webhooks: { port: ${webhooks} }\n  admin: { port: ${admin} }\n`;
  return `# Webhooks are taken on 127.0.0.1:${webhooks}; a TLS proxy in front of it is what others reach. The admin side is
# 127.0.0.1:${admin}, which nobody else may reach.
server:
${url}${ports}`;
}

function sources({ github, plane, forge, poll }: Plan): string {
  const found = [
    github === null ? "" : githubText(github, poll),
    plane === null ? "" : planeText(plane, poll),
  ].join("");
  if (found !== "") return `# Where people ask for work, and are told of it.\nsources:\n${found}`;
  return `# There is no source (${forge === "unknown" ? "no forge was recognised" : `there is none for ${forge} yet`}): tasks are made by
#   chargehand new PROJECT "what is to be done"
`;
}

function githubText({ apiUrl, token, hookSecret }: NonNullable<Plan["github"]>, poll: string | null): string {
  const api = apiUrl === "https://api.github.com" ? "" : `    api_url: ${yaml(apiUrl)}\n`;
  const key =
    token === null
      ? "    # token: file:…     without one, people outside of the project's members are not trusted\n"
      : `    token: file:${SECRETS}/github-token\n`;
  return `  github:\n${secretText("github", hookSecret)}${key}${pollText(token, poll)}${api}`;
}

function planeText(
  { apiUrl, workspace, token, secret }: NonNullable<Plan["plane"]>,
  poll: string | null,
): string {
  const key = token === null ? "" : `    token: file:${SECRETS}/plane-token\n`;
  const where = `    workspace: ${yaml(workspace)}\n    api_url: ${yaml(apiUrl)}\n`;
  return `  plane:\n${secretText("plane", secret)}${key}${pollText(token, poll)}${where}`;
}

function secretText(name: string, secret: string | null): string {
  return secret === null
    ? "    # secret: file:…    of its webhooks, once they reach this machine (server.public_url)\n"
    : `    secret: file:${SECRETS}/${name}-webhook\n`;
}

function pollText(token: string | null, poll: string | null): string {
  return token === null || poll === null
    ? ""
    : `    poll: ${poll}           # how often it is asked what has happened\n`;
}

function agents({ agent: { backend, model, env, argv } }: Plan): string {
  const lines = [
    `    backend: ${yaml(backend)}`,
    argv.length === 0 ? "" : `    argv: [${argv.map(yaml).join(", ")}]`,
    model === null
      ? "    # model: …           as the program names it; its own choice without"
      : `    model: ${yaml(model)}`,
    "    timeout: 45m         # of one run",
    "    max_attempts: 2",
    env.length === 0
      ? ""
      : `    env: [${env.map(yaml).join(", ")}]   # variables of the daemon that it is shown: set them where it is started`,
  ].filter((line) => line !== "");
  return `# Who does the work.\nagents:\n  developer:\n${lines.join("\n")}\n`;
}

function projects({ project, plane, github }: Plan): string {
  const { name, prefix, repo, cloneUrl, baseBranch, publish } = project;
  const lines = [
    `  - name: ${yaml(name)}`,
    `    prefix: ${yaml(prefix)}         # of the keys of its tasks: ${prefix}-1`,
    repo === null ? "" : `    repo: ${yaml(repo)}`,
    `    clone_url: ${yaml(cloneUrl)}`,
    `    base_branch: ${yaml(baseBranch)}`,
    plane === null ? "" : `    plane_project: ${yaml(plane.project)}`,
    "    agent: developer",
    PUBLISHED[publish],
    github === null && plane === null ? "" : start(plane !== null),
    "    # setup: { run: [npm ci], cache: [node_modules] }    what a fresh clone needs (docs/setup.md)",
    "    # budget: { run_usd: 5, task_usd: 20, day_usd: 100 }  what it may cost (docs/budgets.md)",
  ].filter((line) => line !== "");
  return `# What is worked on.\nprojects:\n${lines.join("\n")}\n`;
}

const PUBLISHED: Readonly<Record<Plan["project"]["publish"], string>> = {
  pull_request: `    # Each task has a pull request of its own, a draft until its gates have opened (docs/pull-requests.md).
    publish: pull_request`,
  branch: "    publish: branch      # each task is pushed as a branch of its own; none: it stays here",
  none: "    publish: none        # work stays with the daemon; branch: it is pushed as a branch of its own",
};

function start(hasPlane: boolean): string {
  const states = hasPlane ? ", states: [In Progress]" : "";
  return `    # A label on an issue, or a comment that begins with the command, of somebody who is trusted.
    start: { labels: [agent]${states}, commands: [/agent] }`;
}

/** Plain where YAML can read it in one way only, else in double quotes, as JSON and YAML both read them. */
function yaml(text: string): string {
  const isPlain =
    /^[A-Za-z./][\w./@-]*(:[\w./~-]+)*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  // A `${` is a variable to us, wherever it stands.
  return isPlain ? text : JSON.stringify(text.replaceAll("${", () => "$${"));
}
