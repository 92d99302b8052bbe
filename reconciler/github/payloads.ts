/**
 * Webhooks of GitHub that nobody has got, made anew from what its API says. Only the fields that are used; what the API
 * does not know is missing, and never guessed. Pure.
 *
 * B1. Who is not known is `ghost`, which is nobody's name at GitHub but that of deleted accounts; and then nothing of
 *     the event proves a right: the author of the issue is left out, too, because nobody knows whether that was who
 *     did it.
 */

import type { CommentView, ItemView, MarkView, Person, PullView, ReviewView } from "../../forges/ask.ts";
import { stamp } from "./keys.ts";

const GHOST = { login: "ghost" } as const;
const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

type Body = Readonly<Record<string, unknown>>;

function userOf(person: Person | null): Body {
  if (person === null) return GHOST;
  const id = idOf(person.id);
  return { login: person.name, ...(id !== null && { id }), type: person.isBot ? "Bot" : "User" };
}

/** A number of GitHub's; `null` for what is none. */
export function idOf(id: string | null): number | null {
  const number = id === null || id === "" ? Number.NaN : Number(id);
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}

export interface Issue {
  readonly repo: string;
  readonly item: ItemView;
}

/** `null` for what has no number by which GitHub's webhooks would name it. @param at stands for its last change (ms) */
function issueOf({ item }: Issue, at: number, isActorKnown: boolean): Body | null {
  const id = idOf(item.uid);
  if (id === null || item.number === null) return null;
  return {
    ...{ id, number: item.number, title: item.title, body: item.body, html_url: item.url ?? "" },
    ...{ state: item.isOpen ? "open" : "closed", updated_at: stamp(at) },
    user: item.author === null || !isActorKnown ? null : userOf(item.author),
    labels: item.labels.map(({ name }) => ({ name })),
    assignees: item.assignees.map((login) => ({ login })),
    author_association: item.author?.standing ?? null,
    ...(item.isPull && { pull_request: {} }),
  };
}

interface ActOnIssue {
  readonly to: string | null;
  readonly by: Person | null;
  readonly at: number;
  /** What of its text was. */
  readonly edited?: readonly ("title" | "body")[];
}

/** @param to the label or the person @param by who has done it */
export function issueEvent(
  issue: Issue,
  action: "labeled" | "assigned" | "closed" | "reopened" | "deleted" | "edited",
  { to, by, at, edited = [] }: ActOnIssue,
): Body | null {
  const body = issueOf(issue, at, by !== null);
  if (body === null) return null;
  const more =
    action === "labeled"
      ? { label: { name: to ?? "" } }
      : action === "assigned"
        ? { assignee: { login: to ?? "" } }
        : action === "edited"
          ? { changes: Object.fromEntries(edited.map((what) => [what, {}])) }
          : {};
  return { action, issue: body, ...more, ...where(issue.repo, by) };
}

export function commentEvent(issue: Issue, comment: CommentView): Body | null {
  const body = issueOf(issue, issue.item.updatedAt, true);
  const id = idOf(comment.id);
  if (body === null || id === null || comment.author === null) return null;
  const { author, createdAt } = comment;
  const said = {
    ...{ id, body: comment.body, user: userOf(author), author_association: author.standing },
    created_at: stamp(createdAt),
  };
  return { action: "created", issue: body, comment: said, ...where(issue.repo, author) };
}

function pullOf(pull: PullView): Body {
  const { number, url, isDraft, state, mergedAs, head, base } = pull;
  return {
    ...{ number, html_url: url, draft: isDraft, merged: state === "merged" },
    merge_commit_sha: mergedAs !== null && COMMIT.test(mergedAs) ? mergedAs : null,
    head: {
      ref: head.branch,
      sha: head.commit,
      repo: head.repo === null ? null : { full_name: head.repo },
    },
    base: { ref: base },
  };
}

export function pullEvent(
  repo: string,
  pull: PullView,
  action: "opened" | "reopened" | "closed" | "synchronize",
): Body {
  const by = action === "opened" ? pull.author : action === "closed" ? pull.mergedBy : null;
  return { action, number: pull.number, pull_request: pullOf(pull), ...where(repo, by) };
}

/** The issue waits for others than before: which, is asked for by whoever hears of it. */
export function dependencyEvent(repo: string, number: number, at: number): Body {
  const issue = { number, updated_at: stamp(at) };
  return { action: "blocked_by_added", blocked_issue: issue, ...where(repo, null) };
}

/** `null` for a review by nobody: whom nobody knows, nobody trusts. */
export function reviewEvent(repo: string, pull: PullView, review: ReviewView): Body | null {
  const id = idOf(review.id);
  if (id === null || review.author === null) return null;
  const { author, state, body, commit } = review;
  const isDismissed = state === "dismissed";
  const said = {
    ...{ id, user: userOf(author), body, state, author_association: author.standing },
    commit_id: commit !== null && COMMIT.test(commit) ? commit : null,
  };
  // Who has dismissed it is not told.
  const action = isDismissed ? "dismissed" : "submitted";
  return { action, pull_request: pullOf(pull), review: said, ...where(repo, isDismissed ? null : author) };
}

export function markEvent(
  repo: string,
  commit: string,
  mark: MarkView,
): { readonly event: string; readonly key: string; readonly body: Body } {
  const { kind, id, name, status, conclusion, completedAt, url, title, summary } = mark;
  if (kind === "status") {
    const state = { id, sha: commit, state: status, context: name, description: summary, target_url: url };
    return {
      event: "status",
      key: `github:status:${id}`,
      body: { ...state, branches: [], ...where(repo, null) },
    };
  }
  const run = {
    ...{ id, name, head_sha: commit, status, conclusion, html_url: url, completed_at: completedAt },
    output: { title, summary },
  };
  const key = ["github:check_run", id, status, conclusion ?? "", completedAt ?? ""].join(":");
  const action = status === "completed" ? "completed" : "created";
  return { event: "check_run", key, body: { action, check_run: run, ...where(repo, null) } };
}

function where(repo: string, by: Person | null): Body {
  return { repository: { full_name: repo }, sender: userOf(by) };
}
