/** What has been pushed: compares the branches on disk with those known, and tells what has changed. */

import { readBranches } from "../git/refs.ts";
import { htmlOf } from "../json/repo.ts";
import type { Repo } from "../model/nouns.ts";
import { type PullIssue, pullsOf } from "../model/pulls.ts";
import type { User } from "../model/user.ts";
import type { World } from "../model/world.ts";
import { type At, setOpen, tellOf, touch } from "./issues.ts";

const ZEROS = "0".repeat(40);
/** A push tells of so many commits. */
const COMMITS_MAX = 20;

/** By repository: one look at a time. */
const looking = new WeakMap<Repo, Promise<void>>();

/** @param by whoever may have pushed */
export async function look(world: World, repo: Repo, by: User): Promise<void> {
  const before = looking.get(repo);
  const work = (async () => {
    await before;
    await lookOnce({ world, repo, by });
  })();
  const calm = work.catch(() => {});
  looking.set(repo, calm);
  await work;
}

async function lookOnce(at: At): Promise<void> {
  const { repo } = at;
  const known = repo.refs;
  const found = readBranches(repo.folder);
  const changed = [...new Set([...known.keys(), ...found.keys()])].filter(
    (branch) => known.get(branch) !== found.get(branch),
  );
  if (changed.length === 0) return;
  repo.refs = found;
  for (const branch of changed)
    await branchMoved(at, branch, known.get(branch) ?? null, found.get(branch) ?? null);
}

async function branchMoved(
  at: At,
  branch: string,
  before: string | null,
  after: string | null,
): Promise<void> {
  await tellPush(at, branch, before, after);
  for (const issue of pullsOf(at.repo)) {
    if (!issue.isOpen) continue;
    if (issue.pull.headRef === branch) headMoved(at, issue, after);
    else if (issue.pull.baseRef === branch) await baseMoved(at, issue, after);
  }
}

function headMoved(at: At, issue: PullIssue, after: string | null): void {
  if (after === null) {
    setOpen(at, issue, false);
    return;
  }
  const before = issue.pull.headSha;
  issue.pull.headSha = after;
  // What has moved is in no queue any more.
  if (issue.pull.queue.isIn) Object.assign(issue.pull.queue, { isIn: false, removed: "pushed to" });
  touch(at, issue);
  tellOf(at, issue, "synchronize", { before, after });
}

/** A pull request whose head has come into its base by a push counts as merged. */
async function baseMoved(at: At, issue: PullIssue, after: string | null): Promise<void> {
  if (after === null) {
    setOpen(at, issue, false);
    return;
  }
  issue.pull.baseSha = after;
  if (!(await at.world.git(at.repo).isAncestor(issue.pull.headSha, after))) return;
  issue.pull.merged = { at: at.world.now(), by: at.by, sha: after };
  setOpen(at, issue, false);
}

async function tellPush(at: At, branch: string, before: string | null, after: string | null): Promise<void> {
  const { world, repo, by } = at;
  if (before === null)
    world.tell(repo, "create", { ref: branch, ref_type: "branch", master_branch: repo.defaultBranch }, by);
  const git = world.git(repo);
  const from = before ?? repo.refs.get(repo.defaultBranch) ?? null;
  const range = from === null || from === after ? after : `${from}..${after}`;
  const infos = after === null || range === null ? [] : await git.commits(range, COMMITS_MAX);
  const commits = infos.map(({ sha, tree, message, author, at: timestamp }) => ({
    ...{
      id: sha,
      tree_id: tree,
      distinct: true,
      message,
      timestamp,
      url: `${htmlOf(world, repo)}/commit/${sha}`,
    },
    ...{ author: { ...author, username: by.login }, committer: { ...author, username: by.login } },
    ...{ added: [], removed: [], modified: [] },
  }));
  const isForced = before !== null && after !== null && !(await git.isAncestor(before, after));
  const payload = {
    ...{ ref: `refs/heads/${branch}`, before: before ?? ZEROS, after: after ?? ZEROS, base_ref: null },
    ...{ created: before === null, deleted: after === null, forced: isForced },
    compare: `${htmlOf(world, repo)}/compare/${(before ?? ZEROS).slice(0, 12)}...${(after ?? ZEROS).slice(0, 12)}`,
    ...{ commits: [...commits].reverse(), head_commit: commits[0] ?? null },
    pusher: { name: by.login, email: `${by.login}@users.noreply.github.com` },
  };
  world.tell(repo, "push", payload, by);
  if (after === null)
    world.tell(repo, "delete", { ref: branch, ref_type: "branch", pusher_type: "user" }, by);
}
