/** Real repositories for tests: a bare remote with one commit, and workspaces on it. */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bases } from "../../../forges/git/base.ts";
import type {
  Published,
  PublishedBranch,
  Push,
  Workspace,
  WorkspaceResult,
  WorkspaceSpec,
  Workspaces,
} from "../../../forges/git/workspace.ts";
import { createWorkspaces, type WorkspaceOptions } from "../../../forges/git/workspaces.ts";
import { type Clock, systemClock } from "../../../system/clock.ts";
import { codeCache } from "../../../system/code-cache.ts";
import { systemCommands } from "../../../system/commands.ts";
import { systemFiles } from "../../../system/files.ts";

export interface Repositories {
  readonly folder: string;
  readonly remote: string;
  readonly workspaces: Workspaces & Bases;
  git(cwd: string, ...args: string[]): string;
  /** What an agent's shell does, without an error. */
  agent(cwd: string, script: string): string;
  spec(task: string, more?: Partial<WorkspaceSpec>): WorkspaceSpec;
  /** Prepares and must succeed. */
  ready(spec: WorkspaceSpec): Promise<Workspace>;
}

const WHO = {
  GIT_AUTHOR_NAME: "T",
  GIT_AUTHOR_EMAIL: "t@localhost",
  GIT_COMMITTER_NAME: "T",
  GIT_COMMITTER_EMAIL: "t@localhost",
};

/** The environment of an agent's shell. */
export const AGENT = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@localhost",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@localhost",
};

export async function withRepositories(work: (repositories: Repositories) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-git-"));
  const remote = join(folder, "shop.git");
  const seed = join(folder, "seed");
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync("git", args, {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], HOME: folder, ...WHO },
    }).trim();
  const workspaces = open(folder);
  const repositories: Repositories = {
    folder,
    remote,
    workspaces,
    git,
    agent(cwd, script) {
      return execFileSync("/bin/sh", ["-euc", script], { cwd, encoding: "utf8", env: AGENT, stdio: "pipe" });
    },
    spec: (task, more = {}) => ({
      task,
      title: "Fix it",
      cloneUrl: remote,
      baseBranch: "main",
      branch: null,
      ...more,
    }),
    ready: async (spec) => must(await workspaces.prepare(spec)),
  };
  try {
    mkdirSync(seed);
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", remote);
    git(folder, "init", "--quiet", "--initial-branch=main", seed);
    writeFileSync(join(seed, "README.md"), "# Shop\n");
    git(seed, "add", "-A");
    git(seed, "-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "--quiet", "-m", "Begin");
    git(seed, "push", "--quiet", remote, "main");
    await work(repositories);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Workspaces in `folder`, as a daemon that has just started has them. */
export function open(
  folder: string,
  clock: Pick<Clock, "monotonic"> = systemClock(),
  { env = {}, ...more }: Partial<WorkspaceOptions> & { readonly env?: Readonly<Record<string, string>> } = {},
): Workspaces & Bases {
  return createWorkspaces({
    commands: systemCommands(),
    files: systemFiles(),
    dataDir: join(folder, "data"),
    clock,
    codeCache: codeCache(),
    environment: { PATH: process.env["PATH"], HOME: folder, SECRET: "never passed on", ...env },
    identity: { name: "Chargehand", email: "chargehand@localhost" },
    ...more,
  });
}

export function must<T>(result: WorkspaceResult<T>): T {
  if (result.kind === "failed") throw new Error(result.reason);
  return result.value;
}

/** What stands on the task's branch. */
export function mustPublish(result: WorkspaceResult<Published>): PublishedBranch {
  const { branch, commit, files } = must(result);
  if (branch === null || commit === null) throw new Error("nothing was published");
  return { branch, commit, files };
}

export function reasonOf(result: WorkspaceResult<unknown>): string {
  if (result.kind === "ok") throw new Error("it must fail, and it did not");
  return result.reason;
}

export const PUSH: Push = { to: "branch", allowCi: true };
export const STAY: Push = { to: "none", allowCi: true };
