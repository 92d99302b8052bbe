/**
 * Git inside the walls: only ever with a repository that the step made itself. What the agent configured is read by
 * none of these calls, so that also without walls nothing of the agent's runs.
 *
 * Each call has a limit, and none begins when nobody waits for the answer any more, or the folder has gone: a step that
 * has outlived its daemon or its task would else work for nobody.
 */

import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { writeSync } from "node:fs";
import { lookAt } from "./files.ts";

const OUTPUT_BYTES_MAX = 512 * 1_024 * 1_024;
const CALL_MS = 30_000;
/** Of a call that reads or writes everything that an agent made. */
export const LONG_CALL_MS: number = 10 * 60_000;

/**
 * Answers bytes as Latin-1, so that names in any encoding survive.
 *
 * @throws GitRefused when git refuses what it is given; another error when it was kept from its work, which is then to
 * be done again from the start: a file that was only not reached would else be taken for one that git refuses
 */
export type StepGit = (args: readonly string[], more?: CallOptions) => string;

export interface CallOptions {
  readonly input?: string;
  readonly index?: string;
  /** The folder whose files are meant. */
  readonly worktree?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A descriptor for what git writes. */
  readonly output?: number;
  readonly limitMs?: number;
}

export class GitRefused extends Error {}
/** There is nothing to work on, or nobody to work for. */
export class Abandoned extends Error {}

export function stepGit(repository: string, base: Readonly<Record<string, string>>): StepGit {
  return (args, { input = "", index, worktree, env = {}, output, limitMs = CALL_MS } = {}) => {
    assertWanted(worktree ?? repository);
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
      timeout: limitMs,
      killSignal: "SIGKILL",
    });
    if (result.error === undefined && result.status === 0)
      return output === undefined ? result.stdout.toString("latin1") : "";
    throw troubleOf(`git ${args[0]}`, result);
  };
}

/** Whoever ends a git so was not led to it by what git read. */
const KILLS: readonly unknown[] = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"];

/** What git says of what it read is its word; that it was killed, or had no room, says nothing of that. */
function troubleOf(what: string, { error, signal, status, stderr }: SpawnSyncReturns<Buffer>): Error {
  const code = error !== undefined && "code" in error ? error.code : null;
  if (code === "ETIMEDOUT" || code === "ENOBUFS") return new GitRefused(`${what}: ${error?.message}`);
  // It has ended before it had read everything; how it ended says why.
  if (error !== undefined && code !== "EPIPE")
    return new Error(`${what} could not be started: ${error.message}`);
  if (status === 0) return new Error(`${what} has not read all that it was given`);
  if (KILLS.includes(signal)) return new Error(`${what} was killed by ${signal}`);
  const said = stderr.toString("utf8").trim().split("\n").slice(-2).join(" / ").slice(0, 500);
  const isFull = /No space left on device|Disk quota exceeded|Read-only file system|Input\/output error/.test(
    said,
  );
  return isFull ? new Error(`${what}: ${said}`) : new GitRefused(`${what}: ${said}`);
}

/** A blank before the report is no part of it; where nobody reads any more, it cannot be written. */
function assertWanted(folder: string): void {
  try {
    writeSync(1, " ");
  } catch (error) {
    throw new Abandoned(`nobody waits for the answer any more: ${String(error)}`);
  }
  if (lookAt(folder) === null) throw new Abandoned(`${folder} is gone`);
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
