/**
 * {@link Workspaces} with the real git: one bare mirror per repository, one worktree per task, W1–W3 of
 * `workspace.ts`.
 *
 * The mirror holds the remote's branches under `refs/remotes/origin/`, so that fetching never collides with the task
 * branches under `refs/heads/`. A file `<KEY>.ready` beside a worktree says that it was made completely; without it,
 * whatever is there is made anew.
 */

import { createHash } from "node:crypto";
import type { Clock } from "../../system/clock.ts";
import type { Files } from "../../system/files.ts";
import { createTurns } from "../../system/turns.ts";
import { assertKey, branchName } from "./branch.ts";
import { createGit, type Git, type GitOptions, withoutCredentials } from "./git.ts";
import { dropKept, publishKept, showKept } from "./kept.ts";
import { breakFetchLock, breakWorktreeLocks } from "./locks.ts";
import { publish } from "./publish.ts";
import type { Workspace, WorkspaceResult, WorkspaceSpec, Workspaces } from "./workspace.ts";

export interface WorktreeOptions extends GitOptions {
  readonly files: Files;
  readonly dataDir: string;
  readonly clock: Pick<Clock, "monotonic">;
}

export function createWorkspaces(options: WorktreeOptions): Workspaces {
  const { files, dataDir, clock } = options;
  const plain = createGit(options);
  const stirred = new Map<string, number>();
  /** Git at work for this mirror, by which others see that it moves. */
  const gitOf = (mirror: string): Git => {
    const stir = (): void => void stirred.set(mirror, clock.monotonic());
    return {
      run(cwd, args, input) {
        stir();
        return plain.run(cwd, args, input).finally(stir);
      },
    };
  };
  const turns = createTurns();
  const directoryOf = (task: string): string => `${dataDir}/worktrees/${assertKey(task)}`;
  const mirrorOf = (url: string): string => `${dataDir}/mirrors/${mirrorName(url)}.git`;
  const site = (spec: WorkspaceSpec): Site => {
    const directory = directoryOf(spec.task);
    const branch = spec.branch ?? branchName(spec.task, spec.title);
    const mirror = mirrorOf(spec.cloneUrl);
    const ready = `${directory}.ready`;
    return { git: gitOf(mirror), files, spec, directory, branch, mirror, ready };
  };
  return {
    directoryOf,
    async prepare(spec): Promise<WorkspaceResult<Workspace>> {
      const place = site(spec);
      const { directory, branch } = place;
      if (await isReady(place)) {
        await breakWorktreeLocks(files, place.mirror, { directory, branch });
        return { kind: "ok", value: { directory, branch } };
      }
      return turns.take(place.mirror, () => make(place));
    },
    publish(spec, workspace, push) {
      const mirror = mirrorOf(spec.cloneUrl);
      return turns.take(mirror, () => publish(gitOf(mirror), files, spec, workspace, push));
    },
    publishKept(spec, work) {
      const mirror = mirrorOf(spec.cloneUrl);
      return turns.take(mirror, () => publishKept(gitOf(mirror), mirror, spec, work));
    },
    dropKept(spec, ref) {
      const mirror = mirrorOf(spec.cloneUrl);
      return turns.take(mirror, () => dropKept(gitOf(mirror), mirror, spec, ref));
    },
    showKept(spec, ref) {
      const mirror = mirrorOf(spec.cloneUrl);
      return showKept(gitOf(mirror), mirror, spec, ref);
    },
    idleMs: (url) => clock.monotonic() - (stirred.get(mirrorOf(url)) ?? Number.NEGATIVE_INFINITY),
    remove: (spec) => turns.take(mirrorOf(spec.cloneUrl), () => remove(site(spec))),
  };
}

interface Site {
  readonly git: Git;
  readonly files: Files;
  readonly spec: WorkspaceSpec;
  readonly directory: string;
  readonly branch: string;
  readonly mirror: string;
  readonly ready: string;
}

async function isReady({ files, ready, directory }: Site): Promise<boolean> {
  return (await files.exists("worktree", ready)) && (await files.exists("worktree", `${directory}/.git`));
}

async function make(site: Site): Promise<WorkspaceResult<Workspace>> {
  const { git, files, spec, directory, branch, mirror } = site;
  const where = `${withoutCredentials(spec.cloneUrl)}`;
  await files.makeDirectory("mirror", mirror);
  const made = await git.run(mirror, ["init", "--quiet", "--bare", "."]);
  if (!made.ok) return failed(`the mirror of ${where} cannot be made: ${made.said}`);
  await breakFetchLock(files, mirror, spec.baseBranch);
  const base = `refs/remotes/origin/${spec.baseBranch}`;
  const own = `refs/heads/chargehand/${spec.task}*`;
  const refspecs = [
    `+refs/heads/${spec.baseBranch}:${base}`,
    `+${own}:${own.replace("heads", "remotes/origin")}`,
  ];
  const fetched = await git.run(mirror, [
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--",
    spec.cloneUrl,
    ...refspecs,
  ]);
  if (!fetched.ok)
    return failed(`git fetch of branch ${spec.baseBranch} from ${where} failed: ${fetched.said}`);
  await clear(site);
  await files.remove("worktree", `${mirror}/refs/heads/${branch}.lock`);
  const added = await git.run(mirror, await addCommand(site, base));
  if (!added.ok) return failed(`git worktree add for ${spec.task} failed: ${added.said}`);
  await files.write("worktree", site.ready, "");
  return { kind: "ok", value: { directory, branch } };
}

/** From the task's own branch if there is one, here or at the remote; else from the base branch. */
async function addCommand(
  { git, mirror, directory, branch }: Site,
  base: string,
): Promise<readonly string[]> {
  const add = ["worktree", "add", "--quiet", "--force"];
  const isThere = async (ref: string): Promise<boolean> =>
    (await git.run(mirror, ["rev-parse", "--quiet", "--verify", `${ref}^{commit}`])).ok;
  if (await isThere(`refs/heads/${branch}`)) return [...add, directory, branch];
  const remote = `refs/remotes/origin/${branch}`;
  return [...add, "--no-track", "-b", branch, directory, (await isThere(remote)) ? remote : base];
}

async function remove(site: Site): Promise<WorkspaceResult<null>> {
  await clear(site);
  return { kind: "ok", value: null };
}

/** Takes away the worktree, complete or not; its branch stays. */
async function clear({ git, files, directory, ready, mirror }: Site): Promise<void> {
  await files.remove("worktree", ready);
  await files.remove("worktree", directory);
  if (await files.exists("worktree", mirror)) await git.run(mirror, ["worktree", "prune"]);
}

function mirrorName(url: string): string {
  const readable = withoutCredentials(url)
    .replace(/\.git$/, "")
    .split(/[/:]/)
    .slice(-2)
    .join("-")
    .replace(/[^A-Za-z0-9-]+/g, "-")
    .slice(-60);
  return `${readable}-${createHash("sha256").update(url).digest("hex").slice(0, 12)}`;
}

function failed(reason: string): { readonly kind: "failed"; readonly reason: string } {
  return { kind: "failed", reason };
}
