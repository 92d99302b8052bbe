/** What anybody can do to a pull request, and what is told of it. */

import type { Fit } from "../json/pull.ts";
import { userJson } from "../json/user.ts";
import type { Pull, Repo } from "../model/nouns.ts";
import { type PullIssue, pullsOf } from "../model/pulls.ts";
import type { User } from "../model/user.ts";
import type { World } from "../model/world.ts";
import { invalid, Refusal } from "../refusal.ts";
import { type At, newIssue, setOpen, tellOf, touch } from "./issues.ts";
import { look } from "./refs.ts";
import { whyBlocked } from "./rules.ts";

export interface NewPull {
  readonly title: string;
  readonly body: string | null;
  readonly head: string;
  readonly base: string;
  readonly isDraft: boolean;
}

/** @throws Refusal 422 */
export async function openPull(at: At, wanted: NewPull): Promise<PullIssue> {
  const { world, repo } = at;
  const [headSha, baseSha] = [repo.refs.get(wanted.head), repo.refs.get(wanted.base)];
  const field = (name: string) => ({ resource: "PullRequest", code: "invalid", field: name }) as const;
  if (headSha === undefined || baseSha === undefined)
    return invalid(field(headSha === undefined ? "head" : "base"));
  const own = (message: string) => ({ resource: "PullRequest", code: "custom", message }) as const;
  if (openOf(repo, wanted.head).some(({ pull }) => pull.baseRef === wanted.base))
    invalid(own(`A pull request already exists for ${repo.owner.login}:${wanted.head}.`));
  if (await world.git(repo).isAncestor(headSha, baseSha))
    invalid(own(`No commits between ${wanted.base} and ${wanted.head}`));
  if (wanted.isDraft && !repo.hasDrafts)
    throw new Refusal(422, "Draft pull requests are not supported in this repository.");
  const pull: Pull = {
    ...{ id: world.nextId(), headRef: wanted.head, headRepo: `${repo.owner.login}/${repo.name}`, headSha },
    ...{ baseRef: wanted.base, baseSha, isDraft: wanted.isDraft, merged: null, askedFor: null },
    ...{ queue: { isIn: false, removed: null }, autoMerge: null, reviewers: [], reviews: [], threads: [] },
  };
  const issue = Object.assign(newIssue(at, { ...wanted, pull }), { pull });
  tellOf(at, issue, "opened");
  return issue;
}

export function openOf(repo: Repo, branch: string): readonly PullIssue[] {
  return pullsOf(repo).filter(({ isOpen, pull }) => isOpen && pull.headRef === branch);
}

/** Whether it fits is unknown at the first look after either side has moved. */
export async function fitOf(world: World, repo: Repo, issue: PullIssue): Promise<Fit> {
  const { pull } = issue;
  const git = world.git(repo);
  const { commits, files, added, removed } = await git.difference(pull.baseSha, pull.headSha);
  const numbers = { commits, files, added, removed };
  if (pull.merged !== null || !issue.isOpen) return { fits: null, state: "unknown", ...numbers };
  const heads = `${pull.headSha} ${pull.baseSha}`;
  if (pull.askedFor !== heads) {
    pull.askedFor = heads;
    return { fits: null, state: "unknown", ...numbers };
  }
  if (!(await git.fits(pull.baseSha, pull.headSha))) return { fits: false, state: "dirty", ...numbers };
  return { fits: true, state: stateOf(repo, issue), ...numbers };
}

function stateOf(repo: Repo, issue: PullIssue): string {
  if (issue.pull.isDraft) return "draft";
  return whyBlocked(repo, issue) === null ? "clean" : "blocked";
}

/** A pull request as it is closed: merged ones stay as they are. */
export function setPullOpen(at: At, issue: PullIssue, isOpen: boolean): void {
  const own = (message: string) =>
    ({ resource: "PullRequest", code: "invalid", field: "state", message }) as const;
  if (issue.pull.merged !== null && isOpen)
    invalid(own("state cannot be changed. The pull request was merged."));
  if (isOpen && at.repo.refs.get(issue.pull.headRef) === undefined)
    invalid(own(`state cannot be changed. The ${issue.pull.headRef} branch has been deleted.`));
  setOpen(at, issue, isOpen);
}

export function setBase(at: At, issue: PullIssue, base: string): void {
  const sha = at.repo.refs.get(base);
  if (sha === undefined) invalid({ resource: "PullRequest", code: "invalid", field: "base" });
  if (issue.pull.baseRef === base || sha === undefined) return;
  const changes = { base: { ref: { from: issue.pull.baseRef }, sha: { from: issue.pull.baseSha } } };
  issue.pull.baseRef = base;
  issue.pull.baseSha = sha;
  touch(at, issue);
  tellOf(at, issue, "edited", { changes });
}

export function setDraft(at: At, issue: PullIssue, isDraft: boolean): void {
  if (issue.pull.isDraft === isDraft) return;
  issue.pull.isDraft = isDraft;
  touch(at, issue);
  tellOf(at, issue, isDraft ? "converted_to_draft" : "ready_for_review");
}

export function askReviewers(at: At, issue: PullIssue, reviewers: readonly User[]): void {
  for (const one of reviewers) {
    if (issue.pull.reviewers.includes(one)) continue;
    issue.pull.reviewers = [...issue.pull.reviewers, one];
    tellOf(at, issue, "review_requested", { requested_reviewer: userJson(at.world, one) });
  }
}

export interface MergeWish {
  readonly method: "merge" | "squash" | "rebase";
  /** What its head should be; `null` for whatever it is. */
  readonly sha: string | null;
  readonly title: string | null;
  readonly message: string | null;
}

const NAMES = { merge: "Merge", squash: "Squash", rebase: "Rebase" } as const;

/**
 * @returns the commit on its base
 * @throws Refusal 405 with the words that tell why, 409 when its head has moved
 */
export async function mergePull(at: At, issue: PullIssue, wish: MergeWish, isQueue = false): Promise<string> {
  const { world, repo, by } = at;
  const { pull } = issue;
  if (!issue.isOpen) throw new Refusal(405, "Pull Request is not mergeable");
  if (wish.sha !== null && wish.sha !== pull.headSha)
    throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
  if (!repo.allows[wish.method])
    throw new Refusal(405, `${NAMES[wish.method]} merges are not allowed on this repository.`);
  if (pull.isDraft) throw new Refusal(405, "Pull Request is still a draft");
  const why = whyBlocked(repo, issue, isQueue);
  if (why !== null) throw new Refusal(405, why);
  const [head, base] = [pull.headSha, pull.baseSha];
  const made = await joined(at, issue, wish);
  if (made === null) throw new Refusal(405, "Pull Request is not mergeable");
  if (repo.refs.get(pull.baseRef) !== base || pull.headSha !== head)
    throw new Refusal(405, "Base branch was modified. Review and try the merge again.");
  await world.git(repo).point(pull.baseRef, made, base);
  pull.merged = { at: world.now(), by, sha: made };
  setOpen(at, issue, false);
  if (pull.baseRef === repo.defaultBranch) closeLinked(at, issue);
  await look(world, repo, by);
  if (repo.allows.deletesBranch) {
    await world.git(repo).forget(pull.headRef);
    await look(world, repo, by);
  }
  return made;
}

const CLOSING = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d{1,9})\b/gi;

/** What a merged pull request says that it closes is closed, by whoever has merged it. */
function closeLinked(at: At, { body }: PullIssue): void {
  for (const [, number] of (body ?? "").matchAll(CLOSING)) {
    const linked = at.repo.issues.get(Number(number));
    if (linked?.pull === null) setOpen(at, linked, false);
  }
}

async function joined({ world, repo, by }: At, issue: PullIssue, wish: MergeWish): Promise<string | null> {
  const { number, title, pull } = issue;
  const git = world.git(repo);
  const author = { name: by.name, email: `${by.id}+${by.login}@users.noreply.github.com` };
  const subject =
    wish.method === "squash"
      ? (wish.title ?? `${title} (#${number})`)
      : (wish.title ?? `Merge pull request #${number} from ${repo.owner.login}/${pull.headRef}`);
  const text = `${subject}\n\n${wish.message ?? title}`;
  if (wish.method === "rebase") {
    const rebased = await git.rebase(pull.baseSha, pull.headSha);
    return rebased.kind === "merged" ? rebased.sha : null;
  }
  const made = await git[wish.method](pull.baseSha, pull.headSha, text, author);
  return made.kind === "merged" ? made.sha : null;
}
