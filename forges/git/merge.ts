/**
 * Merging: a published commit goes into the base branch, in the daemon's own repository and from there to the remote.
 *
 * M1. May be repeated: a commit that the base has is merged, whoever did it. So a daemon that died between the push and
 *     its record merges nothing twice.
 * M2. Nothing is ever forced. A base that has moved on meanwhile refuses the push, and what was joined is joined anew.
 * M3. Nothing of an agent's folder is read, and no working copy is made: both sides are joined as trees.
 * M4. What changes files that a CI acts on goes nowhere without a person's yes, here as where it is published. What is
 *     looked at is the joined tree against the base's: git carries work into files that were renamed on the other side.
 */

import { MERGE_ROUNDS_MAX } from "../../workflow/limits.ts";
import { ciFilesBeyond, tellCiFiles } from "./ci-files.ts";
import type { Site } from "./folder.ts";
import { baseRef, commitOf, GitFailed, isAncestor, type OwnRepository } from "./own.ts";
import type { Merged, MergeWish, WorkspaceResult } from "./workspace.ts";

/**
 * @param bring fetches today's base
 * @throws GitFailed when the remote cannot be asked, or the commit is not there
 */
export async function merge(
  site: Site,
  wish: MergeWish,
  bring: (site: Site) => Promise<WorkspaceResult<null>>,
): Promise<WorkspaceResult<Merged>> {
  const { own, spec } = site;
  if ((await commitOf(own, wish.commit)) === null)
    throw new GitFailed(`commit ${wish.commit} of ${spec.task} is not in the daemon's repository`);
  for (let round = 1; round <= MERGE_ROUNDS_MAX; round++) {
    const fetched = await bring(site);
    if (fetched.kind === "failed") return fetched;
    const merged = await mergeOnce(site, wish);
    if (merged !== "moved") return { kind: "ok", value: merged };
  }
  const reason = `branch ${spec.baseBranch} has moved on ${MERGE_ROUNDS_MAX} times while the work was merged`;
  return { kind: "ok", value: { kind: "delayed", reason } };
}

async function mergeOnce(
  site: Site,
  { commit, as, allowCi, allowed, isWanted }: MergeWish,
): Promise<Merged | "moved"> {
  const { own, spec } = site;
  const base = await commitOf(own, baseRef(spec));
  if (base === null)
    throw new GitFailed(`branch ${spec.baseBranch} is not in the repository of ${spec.task}`);
  // M1.
  if (await isAncestor(own, commit, base)) return { kind: "merged", commit: base };
  const isForward = as === "fast_forward" && (await isAncestor(own, base, commit));
  const { tree, unfit } = isForward ? { tree: commit, unfit: null } : await join(own, base, commit);
  const ci = allowCi ? [] : await ciFilesBeyond(own, base, tree, allowed);
  if (ci.length > 0) {
    const reason = `it changes what a CI or Chargehand acts on: ${tellCiFiles(ci)}`;
    return {
      kind: "refused",
      reason: `${reason}; merge it by hand, or allow it with publish: {allow_ci: true}`,
    };
  }
  if (unfit !== null) return { kind: "conflict", commit: base, paths: unfit };
  const joined = isForward ? commit : await joiningCommit(site, tree, [base, commit]);
  if (!(await isWanted())) return { kind: "delayed", reason: "it is wanted no more" };
  return send(site, joined);
}

interface Joined {
  readonly tree: string;
  /** Paths that git cannot join: the tree has them with marks. Where only folders are in the way there are none. */
  readonly unfit: readonly string[] | null;
}

async function join(own: OwnRepository, base: string, commit: string): Promise<Joined> {
  const words = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"];
  const found = await own.git.run(own.path, [...words, base, commit]);
  const [tree = "", ...paths] = (found.stdout ?? "").split("\0").filter((part) => part !== "");
  if (!found.ok && (found.code !== 1 || tree === ""))
    throw new GitFailed(`git merge-tree failed: ${found.said}`);
  return { tree: tree.trim(), unfit: found.ok ? null : paths };
}

async function joiningCommit({ own, spec }: Site, tree: string, parents: readonly string[]): Promise<string> {
  const message = `Merge ${spec.task}: ${spec.title}\n`;
  const asked = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
  const made = await own.git.run(own.path, asked, { input: message });
  if (!made.ok) throw new GitFailed(`git commit-tree failed: ${made.said}`);
  return made.stdout.trim();
}

/** Somebody was faster: git says so in one of these ways, the last of two who push at the same moment. */
const MOVED =
  /\(fetch first\)|\(non-fast-forward\)|\(stale info\)|cannot lock ref|failed to update ref|reference already exists/;
/** The remote was reached, and does not want it. */
const REFUSED = /\[remote rejected\]|GH006|pre-receive hook declined|protected branch/i;

async function send({ own, spec }: Site, commit: string): Promise<Merged | "moved"> {
  const pushed = await own.git.ask(own.path, own.url, (address) => [
    ...["push", "--quiet", "--no-verify", "--", address],
    `${commit}:refs/heads/${spec.baseBranch}`,
  ]);
  if (pushed.ok) return { kind: "merged", commit };
  if (MOVED.test(pushed.said)) return "moved";
  const reason = `git push to ${spec.baseBranch} failed: ${pushed.said}`;
  if (REFUSED.test(pushed.said)) return { kind: "refused", reason: `the remote refused it: ${reason}` };
  throw new GitFailed(reason);
}
