/** What anybody can do to an issue (or to a pull request as one), by the API or by hand, and what is told of it. */

import { commentJson, issueJson } from "../json/issue.ts";
import { pullSimpleJson } from "../json/pull.ts";
import { labelJson } from "../json/repo.ts";
import { userJson } from "../json/user.ts";
import { COMMENTS_MAX, ISSUES_MAX, keep, REACTIONS_MAX } from "../model/bounds.ts";
import { type Comment, fullName, type Issue, type Label, type Reaction, type Repo } from "../model/nouns.ts";
import { isPull } from "../model/pulls.ts";
import type { User } from "../model/user.ts";
import type { World } from "../model/world.ts";
import { Refusal } from "../refusal.ts";
import { noteAct, type Subject } from "./history.ts";

/** Where something is done, and by whom. */
export interface At {
  readonly world: World;
  readonly repo: Repo;
  readonly by: User;
}

/** Tells of an issue or of a pull request, whichever it is, and writes it down in its history. */
export function tellOf(at: At, issue: Issue, action: string, more: Subject = {}): void {
  const { world, repo, by } = at;
  noteAct(world, by, issue, action, more);
  if (isPull(issue)) {
    const payload = { action, number: issue.number, pull_request: pullEventJson(world, repo, issue) };
    world.tell(repo, "pull_request", { ...payload, ...more }, by);
  } else world.tell(repo, "issues", { action, issue: issueJson(world, repo, issue), ...more }, by);
}

/** In webhooks what only a look finds out is unknown yet. */
export function pullEventJson(world: World, repo: Repo, issue: Parameters<typeof pullSimpleJson>[2]): object {
  const { merged } = issue.pull;
  return {
    ...pullSimpleJson(world, repo, issue),
    ...{ merged: merged !== null, mergeable: null, mergeable_state: "unknown", rebaseable: null },
    merged_by: merged === null ? null : userJson(world, merged.by),
  };
}

export function newIssue(
  { world, repo, by }: At,
  { title, body, pull = null }: Pick<Issue, "title" | "body"> & { readonly pull?: Issue["pull"] },
): Issue {
  if (repo.issues.size >= ISSUES_MAX) throw new Refusal(422, "too many issues for this server");
  repo.lastNumber += 1;
  const now = world.now();
  const issue: Issue = {
    ...{ id: world.nextId(), number: repo.lastNumber, title, body, author: by, isOpen: true },
    ...{ stateReason: null, labels: new Set<string>(), assignees: [], isLocked: false, createdAt: now },
    ...{ updatedAt: now, closedAt: null, closedBy: null, reactions: [], blockedBy: new Set<number>(), pull },
    ...{ history: [], edited: null },
  };
  repo.issues.set(issue.number, issue);
  return issue;
}

/** `opened` is followed by one event for each of its labels and assignees. */
export function openIssue(
  at: At,
  given: Pick<Issue, "title" | "body"> & {
    readonly labels?: readonly string[];
    readonly assignees?: readonly User[];
  },
): Issue {
  const issue = newIssue(at, given);
  const labels = (given.labels ?? []).map((name) => ensureLabel(at, name));
  for (const { name } of labels) issue.labels.add(name.toLowerCase());
  issue.assignees = given.assignees ?? [];
  tellOf(at, issue, "opened");
  for (const label of labels) tellOf(at, issue, "labeled", { label: labelJson(at.world, at.repo, label) });
  for (const one of issue.assignees) tellOf(at, issue, "assigned", { assignee: userJson(at.world, one) });
  return issue;
}

export function touch({ world }: At, issue: Issue): void {
  issue.updatedAt = Math.max(world.now(), issue.updatedAt);
}

export function editIssue(
  at: At,
  issue: Issue,
  wanted: { readonly title?: string | undefined; readonly body?: string | null | undefined },
): void {
  const changes: Record<string, { from: string }> = {};
  const { title = issue.title, body = issue.body } = wanted;
  if (title !== issue.title) changes["title"] = { from: issue.title };
  if (body !== issue.body) changes["body"] = { from: issue.body ?? "" };
  if (Object.keys(changes).length === 0) return;
  issue.title = title;
  issue.body = body;
  touch(at, issue);
  if ("title" in changes) noteAct(at.world, at.by, issue, "renamed", {});
  if ("body" in changes) issue.edited = { by: at.by, at: issue.updatedAt };
  tellOf(at, issue, "edited", { changes });
}

export function setOpen(
  at: At,
  issue: Issue,
  isOpen: boolean,
  reason: Issue["stateReason"] = isOpen ? "reopened" : "completed",
): void {
  if (issue.isOpen === isOpen) {
    if (!isOpen) issue.stateReason = reason;
    return;
  }
  issue.isOpen = isOpen;
  issue.stateReason = issue.pull === null ? reason : null;
  issue.closedAt = isOpen ? null : at.world.now();
  issue.closedBy = isOpen ? null : at.by;
  touch(at, issue);
  tellOf(at, issue, isOpen ? "reopened" : "closed");
}

/** An unknown label comes to be. */
export function ensureLabel({ world, repo }: At, name: string): Label {
  const known = repo.labels.get(name.toLowerCase());
  if (known !== undefined) return known;
  const label: Label = { id: world.nextId(), name, color: "ededed", description: null };
  repo.labels.set(name.toLowerCase(), label);
  return label;
}

export function addLabels(at: At, issue: Issue, names: readonly string[]): void {
  for (const name of names) {
    const label = ensureLabel(at, name);
    if (issue.labels.has(name.toLowerCase())) continue;
    issue.labels.add(name.toLowerCase());
    touch(at, issue);
    tellOf(at, issue, "labeled", { label: labelJson(at.world, at.repo, label) });
  }
}

/** @returns false where it is not on it */
export function removeLabel(at: At, issue: Issue, name: string): boolean {
  const label = at.repo.labels.get(name.toLowerCase());
  if (label === undefined || !issue.labels.delete(name.toLowerCase())) return false;
  touch(at, issue);
  tellOf(at, issue, "unlabeled", { label: labelJson(at.world, at.repo, label) });
  return true;
}

export function setLabels(at: At, issue: Issue, names: readonly string[]): void {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  for (const name of [...issue.labels]) if (!wanted.has(name)) removeLabel(at, issue, name);
  addLabels(at, issue, names);
}

export function setAssignees(at: At, issue: Issue, assignees: readonly User[]): void {
  const before = issue.assignees;
  issue.assignees = assignees;
  const tell = (action: string, one: User): void => {
    touch(at, issue);
    tellOf(at, issue, action, { assignee: userJson(at.world, one) });
  };
  for (const one of before) if (!assignees.includes(one)) tell("unassigned", one);
  for (const one of assignees) if (!before.includes(one)) tell("assigned", one);
}

export function deleteIssue(at: At, issue: Issue): void {
  at.repo.issues.delete(issue.number);
  at.repo.gone.set(issue.number, null);
  tellOf(at, issue, "deleted");
}

/** Its comments go with it. */
export function transferIssue(at: At, issue: Issue, to: Repo): Issue {
  const there = { ...at, repo: to };
  const moved = newIssue({ ...there, by: issue.author }, issue);
  for (const name of issue.labels) moved.labels.add(ensureLabel(there, name).name.toLowerCase());
  for (const comment of [...at.repo.comments.values()].filter((one) => one.issue === issue.number)) {
    at.repo.comments.delete(comment.id);
    to.comments.set(comment.id, { ...comment, issue: moved.number });
  }
  at.repo.issues.delete(issue.number);
  at.repo.gone.set(issue.number, `${fullName(to)}#${moved.number}`);
  const changes = { new_issue: issueJson(at.world, to, moved), new_repository: { full_name: fullName(to) } };
  tellOf(at, issue, "transferred", { changes });
  tellOf(there, moved, "opened");
  return moved;
}

export function addComment(at: At, issue: Issue, body: string): Comment {
  const { world, repo, by } = at;
  if (repo.comments.size >= COMMENTS_MAX) throw new Refusal(422, "too many comments for this server");
  const now = world.now();
  const comment: Comment = {
    ...{ id: world.nextId(), issue: issue.number, author: by, body, createdAt: now, updatedAt: now },
    reactions: [],
  };
  repo.comments.set(comment.id, comment);
  touch(at, issue);
  tellComment(at, issue, comment, "created");
  return comment;
}

export function editComment(at: At, issue: Issue, comment: Comment, body: string): void {
  if (comment.body === body) return;
  const changes = { body: { from: comment.body } };
  comment.body = body;
  comment.updatedAt = at.world.now();
  touch(at, issue);
  tellComment(at, issue, comment, "edited", { changes });
}

export function deleteComment(at: At, issue: Issue, comment: Comment): void {
  at.repo.comments.delete(comment.id);
  touch(at, issue);
  tellComment(at, issue, comment, "deleted");
}

function tellComment(at: At, issue: Issue, comment: Comment, action: string, more: object = {}): void {
  const { world, repo, by } = at;
  const payload = {
    action,
    issue: issueJson(world, repo, issue),
    comment: commentJson(world, repo, comment),
  };
  world.tell(repo, "issue_comment", { ...payload, ...more }, by);
}

/** One of each content and person; nothing is told of it. */
export function react(
  { world, by }: At,
  reactions: Reaction[],
  content: string,
): { readonly reaction: Reaction; readonly isNew: boolean } {
  const known = reactions.find((one) => one.user.id === by.id && one.content === content);
  if (known !== undefined) return { reaction: known, isNew: false };
  const reaction = { id: world.nextId(), user: by, content, at: world.now() };
  world.changed();
  return { reaction: keep(reactions, reaction, REACTIONS_MAX), isNew: true };
}
