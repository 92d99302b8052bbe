/**
 * Git inside the walls: only ever with a repository that the step made itself. What the agent configured is read by
 * none of these calls, so that also without walls nothing of the agent's runs.
 */

import { spawnSync } from "node:child_process";

const OUTPUT_BYTES_MAX = 512 * 1_024 * 1_024;
/** The step as a whole is limited by the daemon. */
const CALL_MS = 20 * 60_000;

/** Answers bytes as Latin-1, so that names in any encoding survive. @throws GitRefused when git fails */
export type StepGit = (args: readonly string[], more?: CallOptions) => string;

export interface CallOptions {
  readonly input?: string;
  readonly index?: string;
  /** The folder whose files are meant. */
  readonly worktree?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A descriptor for what git writes. */
  readonly output?: number;
}

export class GitRefused extends Error {}

export function stepGit(repository: string, base: Readonly<Record<string, string>>): StepGit {
  return (args, { input = "", index, worktree, env = {}, output } = {}) => {
    const result = spawnSync("git", args, {
      cwd: worktree ?? repository,
      env: {
        ...base,
        GIT_DIR: repository,
        ...(index !== undefined && { GIT_INDEX_FILE: index }),
        ...(worktree !== undefined && { GIT_WORK_TREE: worktree }),
        ...env,
      },
      input: Buffer.from(input, "latin1"),
      stdio: ["pipe", output ?? "pipe", "pipe"],
      maxBuffer: OUTPUT_BYTES_MAX,
      timeout: CALL_MS,
    });
    if (result.error !== undefined) throw new GitRefused(`git ${args[0]}: ${result.error.message}`);
    if (result.status !== 0) {
      const said = result.stderr.toString("utf8").trim().split("\n").slice(-2).join(" / ");
      throw new GitRefused(`git ${args[0]}: ${said.slice(0, 500)}`);
    }
    return output === undefined ? result.stdout.toString("latin1") : "";
  };
}

/** Neutral: no configuration of anybody, no prompts, no optional locks. */
export function neutral(path: string, home: string): Readonly<Record<string, string>> {
  return {
    PATH: path,
    HOME: home,
    LC_ALL: "C",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
  };
}
