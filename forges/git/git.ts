/**
 * Git as a program: how it is called, and how what it says becomes one sentence.
 *
 * G1. It never asks on a terminal, never runs hooks (an agent may have written them), never uses remote helpers.
 * G2. Its environment is an allow-list; the daemon's secrets are not in it (I12).
 * G3. What it says is told without credentials.
 */

import type { Commands } from "../../system/commands.ts";
import { GIT_COMMAND_MS } from "../../workflow/limits.ts";

export interface GitOptions {
  readonly commands: Commands;
  /** The daemon's environment, of which PATH, HOME, proxies and the ssh agent are passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Who commits what agents leave uncommitted. */
  readonly identity: { readonly name: string; readonly email: string };
}

export type GitResult =
  | { readonly ok: true; readonly stdout: string }
  /** What git said, in one line, without credentials. */
  | { readonly ok: false; readonly said: string };

export interface Git {
  /** Runs git in `cwd`. `input` goes to stdin. */
  run(cwd: string, args: readonly string[], input?: string): Promise<GitResult>;
}

const PASSED_ON = [
  "PATH",
  "HOME",
  "SSH_AUTH_SOCK",
  "SSH_AGENT_PID",
  "GIT_SSH_COMMAND",
  "GIT_SSL_CAINFO",
  ...["http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"],
  "XDG_CONFIG_HOME",
];
const SAFELY = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "protocol.ext.allow=never",
  "gc.auto=0",
  "advice.detachedHead=false",
];

export function createGit({ commands, environment, identity }: GitOptions): Git {
  const env: Record<string, string> = {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    GIT_SSH_COMMAND: "ssh -o BatchMode=yes",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
  };
  for (const name of PASSED_ON) {
    const value = environment[name];
    if (value !== undefined) env[name] = value;
  }
  const settings = SAFELY.flatMap((setting) => ["-c", setting]);
  return {
    async run(cwd, args, input): Promise<GitResult> {
      const argv = ["git", ...settings, ...args];
      const result = await commands.run("git", {
        argv,
        cwd,
        env,
        timeoutMs: GIT_COMMAND_MS,
        ...(input !== undefined && { input }),
      });
      if (result.kind === "failed") return { ok: false, said: withoutCredentials(result.reason) };
      if (result.code === 0) return { ok: true, stdout: result.stdout };
      return { ok: false, said: tellable(result.stderr || result.stdout) };
    },
  };
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
