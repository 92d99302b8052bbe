/**
 * Git as a program: how it is called, and how what it says becomes one sentence.
 *
 * G1. It only ever works on the daemon's own repositories, which it is told by name. It never asks on a terminal, never
 *     runs hooks, never uses remote helpers.
 * G2. Its environment is an allow-list; the daemon's secrets are not in it (I12). Configuration is read only where a
 *     remote is asked, and then only the machine's and the file that the operator names in `GIT_CONFIG_GLOBAL`: a file
 *     in the home of the daemon's user may be an agent's (I14).
 * G3. What it says is told without credentials, and credentials never stand in its arguments: they come from a private
 *     file, by git's own helper. One that is refused may have ended meanwhile: then another is asked for, once.
 */

import type { CommandSpec, Commands } from "../../system/commands.ts";
import type { Files } from "../../system/files.ts";
import { GIT_COMMAND_MS, GIT_READ_MS } from "../../workflow/limits.ts";
import { type Credential, type CredentialFor, credentialLine, splitUrl } from "./credentials.ts";

export interface GitOptions {
  readonly commands: Commands;
  readonly files: Files;
  /** The daemon's environment, of which PATH, HOME, proxies and the ssh agent are passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Who commits what agents leave uncommitted, where their profile does not say. */
  readonly identity: { readonly name: string; readonly email: string };
  /** A private folder for what git is handed secretly. */
  readonly secretsDirectory: string;
  /** What to say to a remote, where its address does not hold it. */
  readonly credentialFor?: CredentialFor;
}

export type GitResult =
  | { readonly ok: true; readonly stdout: string }
  /** What git said, in one line, without credentials. */
  | {
      readonly ok: false;
      readonly said: string;
      /** Its exit code and output; nothing of one that was ended. */
      readonly code?: number;
      readonly stdout?: string;
    };

interface Call extends Pick<CommandSpec, "input" | "inputFile"> {
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs?: number;
}

export interface Git {
  /** Works on a repository without asking anybody: no configuration, no remote, seconds. */
  run(repository: string, args: readonly string[], call?: Call): Promise<GitResult>;
  /** Asks the remote at `url`. `args` is told the address without credentials. */
  ask(
    repository: string,
    url: string,
    args: (address: string) => readonly string[],
    limitMs?: number,
  ): Promise<GitResult>;
}

const PASSED_ON = [
  "PATH",
  "HOME",
  "SSH_AUTH_SOCK",
  "SSH_AGENT_PID",
  "GIT_SSH_COMMAND",
  "GIT_SSL_CAINFO",
  ...["http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"],
  "GIT_CONFIG_GLOBAL",
];
const SAFELY = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "fetch.recurseSubmodules=false",
  "push.recurseSubmodules=no",
  "push.gpgSign=false",
  "submodule.recurse=false",
  "advice.detachedHead=false",
];
/** What a project's address may be of; `ext::` and the like would run a command. */
const PROTOCOLS = "file:git:http:https:ssh";

/** Of git in a neutral place: it reads no configuration of anybody. */
export function neutralEnvironment(path: string | undefined): Record<string, string> {
  return {
    PATH: path ?? "/usr/local/bin:/usr/bin:/bin",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_ALLOW_PROTOCOL: "none",
  };
}

export function createGit(options: GitOptions): Git {
  const { commands, environment, identity } = options;
  const settings = SAFELY.flatMap((setting) => ["-c", setting]);
  const neutral = {
    ...neutralEnvironment(environment["PATH"]),
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
  };
  const online: Record<string, string> = { ...neutral, GIT_SSH_COMMAND: "ssh -o BatchMode=yes" };
  delete online["GIT_CONFIG_NOSYSTEM"];
  for (const name of PASSED_ON) {
    const value = environment[name];
    if (value !== undefined) online[name] = value;
  }
  const call = async (
    repository: string,
    args: readonly string[],
    spec: Omit<CommandSpec, "argv" | "cwd">,
  ): Promise<GitResult> => {
    const argv = ["git", `--git-dir=${repository}`, ...settings, ...args];
    const result = await commands.run("git", { argv, cwd: repository, ...spec });
    if (result.kind === "failed") return { ok: false, said: withoutCredentials(result.reason) };
    if (result.code === 0) return { ok: true, stdout: result.stdout };
    const { code, stdout, stderr } = result;
    return { ok: false, said: tellable(stderr || stdout), code, stdout };
  };
  return {
    run: (repository, args, { env = {}, limitMs = GIT_READ_MS, ...input } = {}) =>
      call(repository, args, { env: { ...neutral, ...env }, timeoutMs: limitMs, ...input }),
    ask: (repository, url, args, limitMs = GIT_COMMAND_MS) =>
      withCredential(options, url, (address, helper) =>
        call(repository, [...helper, ...args(address)], {
          env: { ...online, GIT_ALLOW_PROTOCOL: PROTOCOLS },
          timeoutMs: limitMs,
        }),
      ),
  };
}

type Work = (address: string, helper: readonly string[]) => Promise<GitResult>;

/** G3. */
async function withCredential(options: GitOptions, url: string, work: Work): Promise<GitResult> {
  const { address, credential: given } = splitUrl(url);
  if (given !== null) return holding(options, address, given, work);
  const known = (await options.credentialFor?.(address, null)) ?? null;
  if (known === null) return work(address, []);
  if ("reason" in known) return { ok: false, said: withoutCredentials(known.reason) };
  const first = await holding(options, address, known, work);
  if (first.ok || !isRefusal(first.said)) return first;
  const other = (await options.credentialFor?.(address, known)) ?? null;
  if (other === null || "reason" in other || other.password === known.password) return first;
  return holding(options, address, other, work);
}

/** Git asks on, where nobody answers, when what it was given was not taken (gitcredentials(7)). */
function isRefusal(said: string): boolean {
  return /Authentication failed|could not read (Username|Password)|returned error: 40[13]\b/i.test(said);
}

let secrets = 0;

/** Lays the credential into a private file for as long as the work takes. */
async function holding(
  { files, secretsDirectory }: GitOptions,
  address: string,
  credential: Credential,
  work: Work,
): Promise<GitResult> {
  secrets += 1;
  const path = `${secretsDirectory}/credential-${secrets}`;
  await files.makeDirectory("git", secretsDirectory);
  await files.write("git", path, credentialLine(address, credential));
  try {
    const helper = `store --file='${path.replaceAll("'", "'\\''")}'`;
    return await work(address, ["-c", "credential.helper=", "-c", `credential.helper=${helper}`]);
  } finally {
    await files.remove("git", path);
  }
}

const LINES_TOLD = 4;

/** The last lines, which hold the cause, as one. */
function tellable(text: string): string {
  const lines = withoutCredentials(text)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("hint:"));
  return lines.slice(-LINES_TOLD).join(" / ") || "git said nothing";
}

/** Takes user and password out of every URL in a text. */
export function withoutCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^@\s/]+@/gi, "$1");
}
