/** Issues and their comments as GitHub writes them. */

import type { Act, Comment, Issue, Reaction, Repo } from "../model/nouns.ts";
import type { User } from "../model/user.ts";
import { roleOf, type World } from "../model/world.ts";
import { apiOf, htmlOf, labelJson } from "./repo.ts";
import { iso, isoOrNull, type Json, nodeId, userJson } from "./user.ts";

/** Of the author, as webhooks tell it: private members and teams do not show. */
export function associationOf(repo: Repo, user: User): string {
  const role = repo.roles.get(user.login.toLowerCase());
  if (repo.owner.id === user.id) return "OWNER";
  return role === undefined || role === "none" || role === "read" ? "NONE" : "COLLABORATOR";
}

const CONTENTS = ["+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket"] as const;

export function reactionsJson(url: string, reactions: readonly Reaction[]): Json {
  const count = (content: string): number => reactions.filter((one) => one.content === content).length;
  return {
    ...{ url: `${url}/reactions`, total_count: reactions.length },
    ...Object.fromEntries(CONTENTS.map((content) => [content, count(content)])),
  };
}

export function reactionJson(world: World, { id, user, content, at }: Reaction): Json {
  return { id, node_id: nodeId("REA", id), user: userJson(world, user), content, created_at: iso(at) };
}

export function labelsJson(world: World, repo: Repo, issue: Issue): readonly Json[] {
  const labels = [...issue.labels].map((name) => repo.labels.get(name)).filter((one) => one !== undefined);
  return labels.map((label) => labelJson(world, repo, label));
}

export function issueUrl(world: World, repo: Repo, { number, pull }: Issue): string {
  return `${htmlOf(world, repo)}/${pull === null ? "issues" : "pull"}/${number}`;
}

export function commentsOf(repo: Repo, issue: Issue): readonly Comment[] {
  return [...repo.comments.values()].filter((comment) => comment.issue === issue.number);
}

export function issueJson(world: World, repo: Repo, issue: Issue): Json {
  const url = `${apiOf(world, repo)}/issues/${issue.number}`;
  const assignees = issue.assignees.map((one) => userJson(world, one));
  return {
    ...{ id: issue.id, node_id: nodeId(issue.pull === null ? "I" : "PR", issue.id), number: issue.number },
    ...{ url, repository_url: apiOf(world, repo), labels_url: `${url}/labels{/name}` },
    ...{
      comments_url: `${url}/comments`,
      events_url: `${url}/events`,
      html_url: issueUrl(world, repo, issue),
    },
    ...{ title: issue.title, body: issue.body, user: userJson(world, issue.author) },
    ...{ labels: labelsJson(world, repo, issue), state: issue.isOpen ? "open" : "closed" },
    ...{ state_reason: issue.stateReason, locked: issue.isLocked, active_lock_reason: null },
    ...{ assignee: assignees[0] ?? null, assignees, milestone: null },
    ...{ comments: commentsOf(repo, issue).length, created_at: iso(issue.createdAt) },
    ...{ updated_at: iso(issue.updatedAt), closed_at: isoOrNull(issue.closedAt) },
    ...{ author_association: associationOf(repo, issue.author), performed_via_github_app: null },
    closed_by: issue.closedBy === null ? null : userJson(world, issue.closedBy),
    reactions: reactionsJson(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    ...dependenciesJson(world, issue),
    ...(issue.pull !== null && pullPartJson(world, repo, issue, issue.pull)),
  };
}

function dependenciesJson(world: World, issue: Issue): Json {
  const blocking = [...issue.blockedBy].filter((id) => world.issueById(id)?.issue.isOpen === true).length;
  const summary = { blocked_by: blocking, total_blocked_by: issue.blockedBy.size };
  return { issue_dependencies_summary: { ...summary, blocking: 0, total_blocking: 0 } };
}

function pullPartJson(world: World, repo: Repo, issue: Issue, pull: NonNullable<Issue["pull"]>): Json {
  const html = issueUrl(world, repo, issue);
  return {
    draft: pull.isDraft,
    pull_request: {
      ...{ url: `${apiOf(world, repo)}/pulls/${issue.number}`, html_url: html, diff_url: `${html}.diff` },
      ...{ patch_url: `${html}.patch`, merged_at: isoOrNull(pull.merged?.at ?? null) },
    },
  };
}

export function actJson(world: World, repo: Repo, issue: Issue, act: Act): Json {
  const { id, event, by, at, label, assignee } = act;
  const url = `${apiOf(world, repo)}/issues/events/${id}`;
  const actor = userJson(world, by);
  return {
    ...{ id, node_id: nodeId("IE", id), url, event, created_at: iso(at), commit_id: null, commit_url: null },
    // Of an assignment it is who it was assigned to.
    actor: assignee === null ? actor : userJson(world, assignee),
    ...(label !== null && {
      label: { name: label, color: repo.labels.get(label.toLowerCase())?.color ?? "" },
    }),
    ...(assignee !== null && { assignee: userJson(world, assignee), assigner: actor }),
    ...(event === "closed" && { state_reason: issue.stateReason }),
    performed_via_github_app: null,
  };
}

export function commentJson(world: World, repo: Repo, comment: Comment): Json {
  const url = `${apiOf(world, repo)}/issues/comments/${comment.id}`;
  const issue = repo.issues.get(comment.issue);
  const html = issue === undefined ? htmlOf(world, repo) : issueUrl(world, repo, issue);
  return {
    ...{ url, html_url: `${html}#issuecomment-${comment.id}`, id: comment.id },
    ...{ issue_url: `${apiOf(world, repo)}/issues/${comment.issue}`, node_id: nodeId("IC", comment.id) },
    ...{ user: userJson(world, comment.author), created_at: iso(comment.createdAt) },
    ...{ updated_at: iso(comment.updatedAt), author_association: associationOf(repo, comment.author) },
    ...{ body: comment.body, reactions: reactionsJson(url, comment.reactions) },
    performed_via_github_app: null,
  };
}

/** As one of the roles that `permission` knows; the fine word stands beside it. */
export function permissionJson(world: World, repo: Repo, user: User): Json {
  const role = roleOf(repo, user);
  const coarse = role === "maintain" ? "write" : role === "triage" ? "read" : role;
  return { permission: coarse, role_name: role, user: { ...userJson(world, user), role_name: role } };
}
