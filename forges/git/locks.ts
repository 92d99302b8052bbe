/**
 * Locks of a git that was killed: with its agent, with its daemon, or with the machine. Git never breaks them itself,
 * so one would keep a task from being published for ever, or a whole repository from being fetched.
 *
 * Nobody holds these locks when they are broken: a worktree is prepared after the task's last run is over and swept,
 * and the daemon's own git commands on one mirror are serialized. Locks of other worktrees are left alone, and those
 * that all share (`config`, `packed-refs`): an agent that works may hold them.
 */

import type { Files } from "../../system/files.ts";

const POINTER_BYTES_MAX = 4_096;

/** Breaks what is left in a worktree's own git directory, and on its branch. */
export async function breakWorktreeLocks(
  files: Files,
  mirror: string,
  { directory, branch }: { readonly directory: string; readonly branch: string },
): Promise<void> {
  const pointer = await files.read("worktree", `${directory}/.git`, POINTER_BYTES_MAX);
  // An agent may have written there what it likes, so only the last name is taken from it (I13); the way to it may also
  // be spelt differently, through a symbolic link.
  const [, name] = /^gitdir: .*\/worktrees\/([A-Za-z][A-Za-z0-9-]*)$/m.exec(pointer ?? "") ?? [];
  for (const lock of name === undefined ? [] : ["index.lock", "HEAD.lock"])
    await files.remove("worktree", `${mirror}/worktrees/${name}/${lock}`);
  await files.remove("worktree", `${mirror}/refs/heads/${branch}.lock`);
}

/** Breaks what a fetch of the base branch has left. */
export async function breakFetchLock(files: Files, mirror: string, baseBranch: string): Promise<void> {
  await files.remove("mirror", `${mirror}/refs/remotes/origin/${baseBranch}.lock`);
}
