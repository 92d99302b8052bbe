/** Pull requests, reviews and remarks as GitHub writes them. */

import type { Remark, Repo, Review, Thread } from "../model/nouns.ts";
import type { PullIssue } from "../model/pulls.ts";
import type { World } from "../model/world.ts";
import { associationOf, commentsOf, issueUrl, labelsJson, reactionsJson } from "./issue.ts";
import { apiOf, repoJson } from "./repo.ts";
import { iso, isoOrNull, type Json, nodeId, userJson } from "./user.ts";

/** What only a look at a single one tells. */
export interface Fit {
  /** `null` while it is found out. */
  readonly fits: boolean | null;
  readonly state: string;
  readonly commits: number;
  readonly files: number;
  readonly added: number;
  readonly removed: number;
}

/** Of a list. */
export function pullSimpleJson(world: World, repo: Repo, issue: PullIssue): Json {
  const { pull } = issue;
  const api = apiOf(world, repo);
  const url = `${api}/pulls/${issue.number}`;
  const html = issueUrl(world, repo, issue);
  const assignees = issue.assignees.map((one) => userJson(world, one));
  const statuses = `${api}/statuses/${pull.headSha}`;
  return {
    ...{ url, id: pull.id, node_id: nodeId("PR", issue.id), html_url: html, diff_url: `${html}.diff` },
    ...{ patch_url: `${html}.patch`, issue_url: `${api}/issues/${issue.number}`, number: issue.number },
    ...{ state: issue.isOpen ? "open" : "closed", locked: issue.isLocked, title: issue.title },
    ...{ user: userJson(world, issue.author), body: issue.body, created_at: iso(issue.createdAt) },
    ...{ updated_at: iso(issue.updatedAt), closed_at: isoOrNull(issue.closedAt) },
    ...{ merged_at: isoOrNull(pull.merged?.at ?? null), merge_commit_sha: pull.merged?.sha ?? null },
    ...{ assignee: assignees[0] ?? null, assignees, milestone: null, draft: pull.isDraft },
    ...{ requested_reviewers: pull.reviewers.map((one) => userJson(world, one)), requested_teams: [] },
    ...{ labels: labelsJson(world, repo, issue), commits_url: `${url}/commits` },
    ...{ review_comments_url: `${url}/comments`, review_comment_url: `${api}/pulls/comments{/number}` },
    ...{ comments_url: `${api}/issues/${issue.number}/comments`, statuses_url: statuses },
    head: sideJson(world, pull.headRepo === null ? null : repo, pull.headRef, pull.headSha, repo),
    base: sideJson(world, repo, pull.baseRef, pull.baseSha, repo),
    _links: linksOf({
      ...{ self: url, html, issue: `${api}/issues/${issue.number}`, comments: `${url}/comments` },
      ...{ review_comments: `${url}/comments`, review_comment: `${api}/pulls/comments{/number}` },
      ...{ commits: `${url}/commits`, statuses },
    }),
    author_association: associationOf(repo, issue.author),
    auto_merge:
      pull.autoMerge === null
        ? null
        : {
            ...{ enabled_by: userJson(world, pull.autoMerge.by), merge_method: pull.autoMerge.method },
            ...{ commit_title: "", commit_message: "" },
          },
    active_lock_reason: null,
  };
}

export function pullJson(world: World, repo: Repo, issue: PullIssue, fit: Fit): Json {
  const { pull } = issue;
  const remarks = pull.threads.reduce((sum, thread) => sum + thread.remarks.length, 0);
  return {
    ...pullSimpleJson(world, repo, issue),
    ...{
      merged: pull.merged !== null,
      mergeable: fit.fits,
      rebaseable: fit.fits,
      mergeable_state: fit.state,
    },
    merged_by: pull.merged === null ? null : userJson(world, pull.merged.by),
    ...{ comments: commentsOf(repo, issue).length, review_comments: remarks, maintainer_can_modify: false },
    ...{ commits: fit.commits, additions: fit.added, deletions: fit.removed, changed_files: fit.files },
  };
}

function sideJson(world: World, repo: Repo | null, ref: string, sha: string, base: Repo): Json {
  const { owner } = base;
  const side = { label: `${owner.login}:${ref}`, ref, sha, user: userJson(world, owner) };
  return { ...side, repo: repo === null ? null : repoJson(world, repo, null) };
}

export function linksOf(links: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }]));
}

export function pullMinimalJson(world: World, repo: Repo, { number, pull }: PullIssue): Json {
  const small = { id: repo.id, url: apiOf(world, repo), name: repo.name };
  return {
    ...{ id: pull.id, number, url: `${apiOf(world, repo)}/pulls/${number}` },
    head: { ref: pull.headRef, sha: pull.headSha, repo: small },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: small },
  };
}

/** Its state is written in capitals here, and small in webhooks. */
export function reviewJson(world: World, repo: Repo, issue: PullIssue, review: Review): Json {
  const pullUrl = `${apiOf(world, repo)}/pulls/${issue.number}`;
  const html = `${issueUrl(world, repo, issue)}#pullrequestreview-${review.id}`;
  return {
    ...{ id: review.id, node_id: nodeId("PRR", review.id), user: userJson(world, review.author) },
    ...{ body: review.body, state: review.state, html_url: html, pull_request_url: pullUrl },
    ...{ author_association: associationOf(repo, review.author), commit_id: review.commit },
    _links: linksOf({ html, pull_request: pullUrl }),
    ...(review.state !== "PENDING" && { submitted_at: iso(review.at) }),
  };
}

export function remarkJson(world: World, repo: Repo, issue: PullIssue, thread: Thread, remark: Remark): Json {
  const pullUrl = `${apiOf(world, repo)}/pulls/${issue.number}`;
  const url = `${apiOf(world, repo)}/pulls/comments/${remark.id}`;
  const html = `${issueUrl(world, repo, issue)}#discussion_r${remark.id}`;
  const first = thread.remarks[0];
  return {
    ...{ id: remark.id, node_id: nodeId("PRRC", remark.id), url, pull_request_review_id: remark.review },
    ...{ diff_hunk: `@@ -${thread.line} +${thread.line} @@`, path: thread.path, position: thread.line },
    ...{ original_position: thread.line, commit_id: issue.pull.headSha, original_commit_id: thread.commit },
    ...{ user: userJson(world, remark.author), body: remark.body, created_at: iso(remark.at) },
    ...{ updated_at: iso(remark.updatedAt), html_url: html, pull_request_url: pullUrl },
    ...{ author_association: associationOf(repo, remark.author) },
    _links: linksOf({ self: url, html, pull_request: pullUrl }),
    reactions: reactionsJson(url, remark.reactions),
    ...{ line: thread.line, original_line: thread.line, side: thread.side, start_line: null },
    ...{ original_start_line: null, start_side: null, subject_type: "line" },
    ...(first !== undefined && first.id !== remark.id && { in_reply_to_id: first.id }),
  };
}
