/** Publishing a task's work: leftovers are committed, the branch is pushed. May be repeated; never forces. */

import type { Files } from "../../system/files.ts";
import { type Git, withoutCredentials } from "./git.ts";
import { changedFiles } from "./kept.ts";
import type { Published, Push, Workspace, WorkspaceResult, WorkspaceSpec } from "./workspace.ts";

/** Files in a worktree's git directory that say: somebody is in the middle of something. */
const UNFINISHED: readonly (readonly [file: string, what: string])[] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
];

const NOTHING = { beside: [], kept: [], told: [] } as const;

export async function publish(
  git: Git,
  disk: Files,
  spec: WorkspaceSpec,
  workspace: Workspace,
  push: Push,
): Promise<WorkspaceResult<Published>> {
  const { directory, branch } = workspace;
  const step = async (args: readonly string[], input?: string): Promise<string> => {
    const result = await git.run(directory, args, input);
    if (!result.ok)
      throw new GitFailed(`git ${args[0]} in the worktree of ${spec.task} failed: ${result.said}`);
    return result.stdout.trim();
  };
  try {
    await refuseUnfinished(disk, await step(["rev-parse", "--absolute-git-dir"]), spec.task);
    await commitLeftovers(git, step, spec, directory);
    const base = `refs/remotes/origin/${spec.baseBranch}`;
    const ahead = Number(await step(["rev-list", "--count", `${base}..HEAD`]));
    if (ahead === 0) return { kind: "ok", value: { ...NOTHING, branch, commit: null, files: 0 } };
    const commit = await step(["rev-parse", "HEAD"]);
    // The agent may have left the worktree on another branch, or on none; the task's branch is what is kept.
    const current = await git.run(directory, ["symbolic-ref", "--quiet", "HEAD"]);
    if (!current.ok || current.stdout.trim() !== `refs/heads/${branch}`)
      await step(["update-ref", `refs/heads/${branch}`, commit]);
    const files = await changedFiles(step, base, commit);
    if (push.to === "branch")
      await step(["push", "--quiet", "--no-verify", "--", spec.cloneUrl, `${commit}:refs/heads/${branch}`]);
    return { kind: "ok", value: { ...NOTHING, branch, commit, files } };
  } catch (error) {
    if (error instanceof GitFailed) return { kind: "failed", reason: withoutCredentials(error.message) };
    throw error;
  }
}

class GitFailed extends Error {}

async function refuseUnfinished(files: Files, gitDirectory: string, task: string): Promise<void> {
  for (const [file, what] of UNFINISHED) {
    if (await files.exists("publish", `${gitDirectory}/${file}`)) {
      throw new GitFailed(`the agent left the worktree of ${task} in the middle of a ${what}`);
    }
  }
}

type Step = (args: readonly string[], input?: string) => Promise<string>;

async function commitLeftovers(git: Git, step: Step, spec: WorkspaceSpec, directory: string): Promise<void> {
  if ((await step(["status", "--porcelain"])) === "") return;
  await step(["add", "--all", "--", ".", ":(exclude,top).chargehand"]);
  const staged = await git.run(directory, ["diff", "--cached", "--quiet"]);
  if (staged.ok) return;
  const title = spec.title.replace(/\s+/g, " ").trim();
  await step(
    ["commit", "--quiet", "--no-verify", "--cleanup=verbatim", "--file=-"],
    `${spec.task}: ${title}\n`,
  );
}
