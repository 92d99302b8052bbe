/**
 * A commit on its way to a branch of the remote, which may have moved meanwhile. Nothing is ever forced: work goes on
 * top of what is there when that is clean, and beside it when it is not.
 */

import type { Site } from "./folder.ts";
import { commitOf, GitFailed, isAncestor, type OwnRepository } from "./own.ts";

export interface Pushed {
  readonly branch: string;
  readonly commit: string;
  readonly told: readonly string[];
}

/** @throws GitFailed when it did not arrive */
export async function pushBranch(site: Site, branch: string, commit: string): Promise<Pushed> {
  const { own } = site;
  const remote = await remoteTip(site, branch);
  if (remote === null || (await isAncestor(own, remote, commit))) return sent(site, branch, commit, []);
  if (await isAncestor(own, commit, remote)) return { branch, commit: remote, told: [] };
  const joined = await onTop(own, branch, remote, commit);
  if (joined === remote) return { branch, commit: remote, told: [] };
  if (joined !== null) {
    const isOurs = (await commitOf(own, `refs/heads/${branch}`)) === remote;
    const told = isOurs
      ? []
      : [`${branch} had moved on the remote, and the agent's work was put on top of it`];
    return sent(site, branch, joined, told);
  }
  const aside = `${branch}--${commit.slice(0, 8)}`;
  const told = [
    `${branch} had moved on the remote in a way that does not fit, so that the work is on ${aside}`,
  ];
  const there = await remoteTip(site, aside);
  return there === commit ? { branch: aside, commit, told } : sent(site, aside, commit, told);
}

/** What the remote's branch is on now, with its commits fetched; `null` when there is none. */
export async function remoteTip({ own, spec }: Site, branch: string): Promise<string | null> {
  const ref = `refs/remotes/origin/${branch}`;
  const fetched = await own.git.ask(own.path, own.url, (address) => [
    ...["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--prune", "--", address],
    `+refs/heads/${branch}*:${ref}*`,
  ]);
  if (!fetched.ok) throw new GitFailed(`git fetch of ${branch} for ${spec.task} failed: ${fetched.said}`);
  return commitOf(own, ref);
}

async function sent(site: Site, branch: string, commit: string, told: readonly string[]): Promise<Pushed> {
  const { own, spec } = site;
  const pushed = await own.git.ask(own.path, own.url, (address) => [
    ...["push", "--quiet", "--no-verify", "--", address],
    `${commit}:refs/heads/${branch}`,
  ]);
  if (pushed.ok) return { branch, commit, told };
  const [first = ""] = branch.split("/");
  const inTheWay = await own.git.ask(own.path, own.url, (address) => [
    ...["ls-remote", "--exit-code", "--", address, `refs/heads/${first}`],
  ]);
  if (inTheWay.ok)
    throw new GitFailed(
      `the remote has a branch named ${first}, so that none named ${first}/… can be made there: rename or delete it`,
    );
  throw new GitFailed(`git push of ${branch} for ${spec.task} failed: ${pushed.said}`);
}

/**
 * The work on top of what the remote has. On our own earlier work the newest state simply follows; on somebody else's,
 * our new commits are applied one after another.
 *
 * @returns the remote's commit itself when it has all of it; `null` when it does not fit
 */
async function onTop(
  own: OwnRepository,
  branch: string,
  remote: string,
  commit: string,
): Promise<string | null> {
  const trees = await Promise.all([treeOf(own, remote), treeOf(own, commit)]);
  if (trees[0] === trees[1]) return remote;
  const earlier = await commitOf(own, `refs/heads/${branch}`);
  const isOnOurs = earlier !== null && (await isAncestor(own, earlier, remote));
  if (!isOnOurs || (await isAncestor(own, earlier, commit))) return replay(own, remote, commit);
  const followed = await follow(own, earlier, commit);
  return earlier === remote ? followed : replay(own, remote, followed);
}

/** The state of `commit` after `remote`, which was an earlier state of the same work. */
async function follow(own: OwnRepository, remote: string, commit: string): Promise<string> {
  const ahead = await answer(own, ["rev-list", "--count", `${remote}..${commit}`]);
  const parents = ahead === "1" ? ["-p", remote] : ["-p", remote, "-p", commit];
  const message = await answer(own, ["log", "-1", "--format=%B", commit]);
  return made(own, ["commit-tree", `${commit}^{tree}`, ...parents], `${message}\n`, commit);
}

const REPLAYED_MAX = 200;

/** By a three-way merge of each commit with its parent as the base, in the repository alone. */
async function replay(own: OwnRepository, remote: string, commit: string): Promise<string | null> {
  const range = await answer(own, [
    ...["rev-list", "--reverse", "--topo-order", "--parents", `--max-count=${REPLAYED_MAX + 1}`],
    `${remote}..${commit}`,
  ]);
  const lines = range.split("\n").filter((line) => line !== "");
  if (lines.length > REPLAYED_MAX) return null;
  let top = remote;
  for (const line of lines) {
    const [one = "", parent, second] = line.split(" ");
    if (parent === undefined || second !== undefined) return null;
    // Both sides get the parent as their merge base: git of before 2.40 cannot be told one.
    const ours = await made(own, ["commit-tree", `${top}^{tree}`, "-p", parent], "base\n", one);
    const merged = await own.git.run(own.path, ["merge-tree", "--write-tree", "--no-messages", ours, one]);
    if (!merged.ok) return null;
    const tree = merged.stdout.trim();
    if (tree === (await treeOf(own, top))) continue;
    const message = await answer(own, ["log", "-1", "--format=%B", one]);
    top = await made(own, ["commit-tree", tree, "-p", top], `${message}\n`, one);
  }
  return top;
}

/** Makes a commit in the name of the author of `of`. */
async function made(own: OwnRepository, args: readonly string[], input: string, of: string): Promise<string> {
  const author = await answer(own, ["log", "-1", "--format=%an%n%ae%n%at", of]);
  const [name = "", email = "", at = ""] = author.split("\n");
  const env = {
    GIT_AUTHOR_NAME: name || "unknown",
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: `@${at} +0000`,
  };
  const result = await own.git.run(own.path, args, { input, env });
  if (!result.ok) throw new GitFailed(`git ${args[0]} failed: ${result.said}`);
  return result.stdout.trim();
}

async function treeOf(own: OwnRepository, commit: string): Promise<string> {
  return answer(own, ["rev-parse", `${commit}^{tree}`]);
}

async function answer(own: OwnRepository, args: readonly string[]): Promise<string> {
  const result = await own.git.run(own.path, args);
  if (!result.ok) throw new GitFailed(`git ${args[0]} failed: ${result.said}`);
  return result.stdout.trim();
}
