/** The questions, in their order, each with what was found out as its answer: together they make the plan. */

import { isAbsolute, relative, resolve } from "node:path";
import { backendFor, backendNames, findBackend } from "../../agents/registry.ts";
import { isBranchName } from "../../workflow/text/subject.ts";
import { EXIT, fail } from "../outcome.ts";
import type { Checkout, FoundAgent } from "./detect.ts";
import type { Flags, Keys } from "./flags.ts";
import { DATA, type Plan, PUBLISH, type Publish } from "./plan.ts";
import { type Asker, isYes, NoAnswer } from "./questions.ts";
import { planeKeys, pollOf, reachOf, urlTrouble } from "./reach.ts";
import { githubApi, prefixFor, projectName, type Remote, readRemote } from "./remote.ts";
import { wordsIn } from "./words.ts";

export interface Known {
  readonly folder: string;
  readonly checkout: Checkout | null;
  readonly agents: readonly FoundAgent[];
  readonly flags: Flags;
  readonly keys: Keys;
  /** Whether a program of this name can be run: on PATH, or by its whole path. */
  readonly isProgram: (name: string) => boolean;
  /** Why GitHub at this address does not take a token; `null` where it does, or does not answer. */
  readonly tokenTrouble: (apiUrl: string, token: string) => Promise<string | null>;
  /** A fresh secret. */
  readonly secret: () => string;
}

export async function interview(known: Known, ask: Asker): Promise<Plan> {
  const remote = await repository(known, ask);
  const project = await projectOf(known, remote, ask);
  const agent = await agentOf(known, ask);
  const { dataDir } = known.flags;
  const forge = known.flags.githubApi === undefined ? remote.forge : "github";
  const isGithub = forge === "github" && project.repo !== null;
  const github = isGithub ? await githubOf(known, remote, ask) : null;
  const publish = await publishOf(known, github, ask);
  const board = await boardOf(known, ask);
  const publicUrl = await reachOf(known.flags, github !== null || board !== null, ask);
  const plane = board === null ? null : { ...board, ...(await planeKeys(known.keys, publicUrl, ask)) };
  const poll = await pollOf(known.flags, { github, plane, publicUrl }, ask);
  // Where it is asked and nobody can send anything, a secret would only say that webhooks are awaited.
  const hookSecret = publicUrl === null && poll !== null && github?.token != null ? null : known.secret();
  const standard = known.folder.startsWith("/etc/") ? "/var/lib/chargehand" : DATA;
  return {
    folder: known.folder,
    dataDir: dataDir === undefined ? standard : below(known.folder, dataDir),
    ...{ project: { ...project, repo: isGithub ? project.repo : null, publish }, agent, plane },
    github: github === null ? null : { ...github, hookSecret },
    ...{ forge, port: portIn(known.flags), publicUrl, poll },
  };
}

async function repository({ flags, checkout, folder }: Known, ask: Asker): Promise<Remote> {
  const url = await ask({
    ...{ flag: "--clone-url", given: flags.cloneUrl, text: "repository to work on (what git clones from)" },
    ready: checkout?.remote ?? null,
    trouble: (answer) =>
      /^(?!-)(?![A-Za-z0-9+.-]+::)\S+$/.test(answer)
        ? null
        : "it must be an address or a path, without blanks",
  });
  const remote = readRemote(url);
  // Git would look for a relative path where the daemon was started.
  if (remote.host !== null || isAbsolute(remote.address)) return remote;
  return { ...remote, address: resolve(checkout?.folder ?? folder, remote.address) };
}

async function projectOf(
  { flags, checkout }: Known,
  { address, repo: found }: Remote,
  ask: Asker,
): Promise<Omit<Plan["project"], "publish">> {
  const isSame = checkout?.remote !== undefined && flags.cloneUrl === undefined;
  const baseBranch = await ask({
    ...{ flag: "--base-branch", given: flags.baseBranch, text: "branch that work begins from" },
    ready: (isSame ? checkout?.branch : null) ?? "main",
    trouble: (answer) => (isBranchName(answer) ? null : "it must be the name of a branch"),
  });
  const name = await ask({
    ...{ flag: "--name", given: flags.name, text: "name of the project", ready: projectName(address) },
    trouble: (answer) =>
      /^[A-Za-z0-9][\w.-]{0,63}$/.test(answer)
        ? null
        : "it must be letters, digits, dots, dashes, underscores",
  });
  const prefix = await ask({
    ...{
      flag: "--prefix",
      given: flags.prefix,
      text: "what keys of its tasks begin with",
      ready: prefixFor(name),
    },
    trouble: (answer) =>
      /^[A-Z][A-Z0-9]{0,9}$/.test(answer) ? null : "it must be 1 to 10 capital letters and digits",
  });
  return { name, prefix, repo: flags.repo ?? found, cloneUrl: address, baseBranch };
}

async function agentOf({ flags, agents, isProgram }: Known, ask: Asker): Promise<Plan["agent"]> {
  const told = agents.map(
    ({ backend, signedInBy: by }) => `${backend}${by === null ? " (not signed in)" : ""}`,
  );
  const backend = await ask({
    flag: "--agent",
    given: flags.agent ?? (flags.argv === undefined ? undefined : "command"),
    text: `agent program${told.length === 0 ? " (none was found on PATH)" : `; found: ${told.join(", ")}`}`,
    ready: agents[0]?.backend ?? null,
    trouble: (answer) =>
      findBackend(answer) === undefined ? `it must be one of ${backendNames.join(", ")}` : null,
  });
  const isGiven = backendFor(backend).commandLine === "given";
  const argv = flags.argv ?? (isGiven ? await commandOf(isProgram, ask) : []);
  const env = agents.find((found) => found.backend === backend)?.keys ?? [];
  return { backend, model: flags.model ?? null, env: isGiven ? [] : env, argv: isGiven ? argv : [] };
}

async function commandOf(isProgram: Known["isProgram"], ask: Asker): Promise<readonly string[]> {
  const said = await ask({
    ...{ flag: "--command", text: "its command, with its arguments", ready: null },
    trouble(answer) {
      const [program] = wordsIn(answer) ?? [];
      if (program === undefined) return "a quotation mark is missing";
      return isProgram(program) ? null : `there is no program ${program} on PATH; give its whole path`;
    },
  });
  return wordsIn(said) ?? [];
}

type Github = Omit<NonNullable<Plan["github"]>, "hookSecret">;

async function githubOf({ flags, keys, tokenTrouble }: Known, { host }: Remote, ask: Asker): Promise<Github> {
  const apiUrl = flags.githubApi ?? githubApi(host ?? "github.com");
  const token = await ask({
    ...{ flag: "--github-token-file", given: keys.githubToken ?? undefined, isSecret: true, ready: "" },
    text: "GitHub token (repository: contents, issues, pull requests, webhooks; empty for none)",
    trouble: (answer) => (/\s/.test(answer) ? "a token has no blanks" : null),
    look: async (answer) => (answer === "" ? null : await tokenTrouble(apiUrl, answer)),
  });
  return {
    apiUrl,
    token: token === "" ? null : token,
  };
}

/** A pull request is opened by the forge's API, for which a token is needed. */
async function publishOf({ flags }: Known, github: Github | null, ask: Asker): Promise<Publish> {
  const may = PUBLISH.filter((one) => one !== "pull_request" || github?.token != null);
  const [ready = "branch"] = may;
  const isKnown = (answer: string): answer is Publish => may.some((one) => one === answer);
  const answer = await ask({
    ...{ flag: "--publish", given: flags.publish, ready },
    text: `what becomes of each task's work: ${may.join(", ")}`,
    trouble(said) {
      if (isKnown(said)) return null;
      return said === "pull_request"
        ? "a pull request needs a repository at GitHub, and a token to open it with"
        : `it must be one of ${may.join(", ")}`;
    },
  });
  return isKnown(answer) ? answer : ready;
}

/** @throws NoAnswer where it is no port, or none is left for the admin side */
function portIn({ port }: Flags): number | null {
  if (port === undefined) return null;
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number >= 1 && number < 65_535) return number;
  throw new NoAnswer(fail(EXIT.usage, "--port: it must be a number from 1 to 65534"));
}

async function boardOf(
  { flags: { planeWorkspace, planeProject, planeUrl } }: Known,
  ask: Asker,
): Promise<Omit<NonNullable<Plan["plane"]>, "secret" | "token"> | null> {
  const isNamed = planeWorkspace !== undefined || planeProject !== undefined;
  const isWanted =
    isNamed ||
    (await isYes(ask, { flag: "--plane-workspace", text: "does Plane track the work?", ready: false }));
  if (!isWanted) return null;
  const workspace = await ask({
    ...{
      flag: "--plane-workspace",
      given: planeWorkspace,
      text: "Plane: slug of the workspace",
      ready: null,
    },
    trouble: (answer) => (/^[\w-]+$/.test(answer) ? null : "it must be the slug, as in the address"),
  });
  const project = await ask({
    ...{ flag: "--plane-project", given: planeProject, text: "Plane: id of the project", ready: null },
  });
  const apiUrl = await ask({
    ...{ flag: "--plane-url", given: planeUrl, text: "Plane: address", ready: "https://api.plane.so" },
    trouble: urlTrouble,
  });
  return { workspace, project, apiUrl };
}

/** As it is written in the file: relative to it where that is shorter to move. */
function below(folder: string, path: string): string {
  const whole = resolve(path);
  const way = relative(folder, whole);
  return way === "" || way.startsWith("..") || isAbsolute(way) ? whole : `./${way}`;
}
