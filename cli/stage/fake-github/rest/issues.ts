/** Issues, their labels and comments. */

import { z } from "zod";
import {
  addComment,
  addLabels,
  deleteComment,
  editComment,
  editIssue,
  openIssue,
  removeLabel,
  setAssignees,
  setLabels,
  setOpen,
} from "../acts/issues.ts";
import { setPullOpen } from "../acts/pulls.ts";
import {
  type Answer,
  atOf,
  bodyOf,
  type Call,
  callerOf,
  NO_CONTENT,
  numberOf,
  ok,
  type Route,
  SOME_TEXT,
  TEXT,
  TITLE,
} from "../http/call.ts";
import { callerRole } from "../http/guard.ts";
import { paged, pageOf, sinceOf } from "../http/pages.ts";
import { commentJson, commentsOf, issueJson, labelsJson } from "../json/issue.ts";
import type { Comment, Issue, Repo } from "../model/nouns.ts";
import { isPull } from "../model/pulls.ts";
import type { User } from "../model/user.ts";
import { issueOf } from "../model/world.ts";
import { notFound, Refusal } from "../refusal.ts";

const READ = { grant: "issues", level: "read", role: "read" } as const;
const WRITE = { grant: "issues", level: "write", role: "read" } as const;
const TRIAGE = { grant: "issues", level: "write", role: "triage" } as const;
const ROOT = "/repos/:owner/:repo/issues";

const LABEL = z
  .union([z.string().min(1), z.object({ name: z.string().min(1) })])
  .transform((one) => (typeof one === "string" ? one : one.name));
const LABELS = z.array(LABEL).max(100);
const ASSIGNEES = z.array(z.string()).max(10);
const NEW = z.object({
  ...{ title: z.union([TITLE, z.number().transform(String)]), body: TEXT.nullish() },
  ...{ labels: LABELS.optional(), assignees: ASSIGNEES.optional() },
});
const CHANGE = z.object({
  ...{ title: TITLE.optional(), body: TEXT.nullish(), state: z.enum(["open", "closed"]).optional() },
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullish(),
  ...{ labels: LABELS.optional(), assignees: ASSIGNEES.optional() },
});
const SAID = z.object({ body: SOME_TEXT });

/** @throws Refusal 410 where issues are switched off */
function issuesOf({ repo }: Call): Repo {
  if (!repo.hasIssues) throw new Refusal(410, "Issues has been disabled in this repository.");
  return repo;
}

export function issueIn(call: Call): Issue {
  return issueOf(call.world, issuesOf(call), numberOf(call, "number"));
}

function known(call: Call, logins: readonly string[]): readonly User[] {
  return logins.map((login) => call.world.users.get(login.toLowerCase())).filter((one) => one !== undefined);
}

function listed(call: Call): Answer {
  const { world, query } = call;
  const repo = issuesOf(call);
  const since = sinceOf(call);
  const state = query.get("state") ?? "open";
  if (!["open", "closed", "all"].includes(state)) throw new Refusal(422, "Validation Failed");
  const labels = (query.get("labels") ?? "").toLowerCase().split(",").filter(Boolean);
  const [assignee, creator] = [query.get("assignee"), query.get("creator")];
  const by = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const sign = query.get("direction") === "asc" ? 1 : -1;
  const issues = [...repo.issues.values()]
    .filter(({ isOpen }) => state === "all" || isOpen === (state === "open"))
    .filter(({ updatedAt }) => Math.floor(updatedAt / 1_000) * 1_000 >= since)
    .filter((issue) => labels.every((label) => issue.labels.has(label)))
    .filter(
      (issue) =>
        assignee === null || assignee === "*" || issue.assignees.some(({ login }) => login === assignee),
    )
    .filter((issue) => creator === null || issue.author.login === creator)
    .sort((a, b) => sign * (a[by] - b[by] || a.number - b.number));
  return paged(call, issues, (issue) => issueJson(world, repo, issue));
}

function change(call: Call): Answer {
  const issue = issueIn(call);
  const at = atOf(call);
  const wanted = bodyOf(call, CHANGE, "Issue");
  const isOwn = issue.author.id === at.by.id;
  const isTrusted = !["none", "read"].includes(callerRole(call.repo, call.caller));
  if (!isOwn && !isTrusted) throw new Refusal(403, "Must have admin rights to Repository.");
  editIssue(at, issue, { title: wanted.title, body: wanted.body });
  // Whoever may not push has labels and assignees silently dropped.
  if (wanted.labels !== undefined && isTrusted) setLabels(at, issue, wanted.labels);
  if (wanted.assignees !== undefined && isTrusted) setAssignees(at, issue, known(call, wanted.assignees));
  if (wanted.state !== undefined) {
    const isOpen = wanted.state === "open";
    if (isPull(issue)) setPullOpen(at, issue, isOpen);
    else setOpen(at, issue, isOpen, wanted.state_reason ?? undefined);
  }
  return ok(issueJson(call.world, call.repo, issue));
}

function commentIn(call: Call): { readonly comment: Comment; readonly issue: Issue } {
  const comment = call.repo.comments.get(numberOf(call, "comment")) ?? notFound();
  return { comment, issue: issueOf(call.world, call.repo, comment.issue) };
}

/** @throws Refusal 403 for what somebody else has written */
function demandOwn(call: Call, author: User): void {
  const isTrusted = ["write", "maintain", "admin"].includes(callerRole(call.repo, call.caller));
  if (author.id !== callerOf(call).id && !isTrusted)
    throw new Refusal(403, "Must have admin rights to Repository.");
}

function allComments(call: Call): Answer {
  const { world, repo, query } = call;
  const since = sinceOf(call);
  const by = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const sign = query.get("direction") === "desc" ? -1 : 1;
  const comments = [...repo.comments.values()]
    .filter(({ updatedAt }) => Math.floor(updatedAt / 1_000) * 1_000 >= since)
    .sort((a, b) => sign * (a[by] - b[by] || a.id - b.id));
  return paged(call, comments, (comment) => commentJson(world, repo, comment));
}

function comment(call: Call): Answer {
  const issue = issueIn(call);
  if (issue.isLocked && ["none", "read", "triage"].includes(callerRole(call.repo, call.caller)))
    throw new Refusal(403, "Unable to create comment because issue is locked.");
  const { body } = bodyOf(call, SAID, "IssueComment");
  const made = addComment(atOf(call), issue, body);
  const json = commentJson(call.world, call.repo, made);
  return { status: 201, body: json, headers: { location: String(json["url"]) } };
}

function labelsAnswer(call: Call, issue: Issue): Answer {
  const { items, headers } = pageOf(call, labelsJson(call.world, call.repo, issue));
  return { status: 200, body: items, headers };
}

function labelNames(call: Call): readonly string[] {
  return bodyOf(
    call,
    z.union([LABELS, z.object({ labels: LABELS }).transform(({ labels }) => labels)]),
    "Label",
  );
}

export const ISSUES: readonly Route[] = [
  { method: "GET", path: ROOT, need: READ, run: listed },
  {
    ...{ method: "POST", path: ROOT, need: WRITE, makesContent: true },
    run(call) {
      issuesOf(call);
      const { title, body = null, labels, assignees = [] } = bodyOf(call, NEW, "Issue");
      const isTrusted = !["none", "read"].includes(callerRole(call.repo, call.caller));
      const given = {
        labels: isTrusted ? (labels ?? []) : [],
        assignees: isTrusted ? known(call, assignees) : [],
      };
      return ok(issueJson(call.world, call.repo, openIssue(atOf(call), { title, body, ...given })), 201);
    },
  },
  {
    method: "GET",
    path: `${ROOT}/:number`,
    need: READ,
    run: (call) => ok(issueJson(call.world, call.repo, issueIn(call))),
  },
  { method: "PATCH", path: `${ROOT}/:number`, need: WRITE, run: change },
  {
    ...{ method: "GET", path: `${ROOT}/:number/comments`, need: READ },
    run(call) {
      const since = sinceOf(call);
      const all = commentsOf(call.repo, issueIn(call)).filter(({ updatedAt }) => updatedAt >= since);
      return paged(call, all, (one) => commentJson(call.world, call.repo, one));
    },
  },
  { method: "POST", path: `${ROOT}/:number/comments`, need: WRITE, makesContent: true, run: comment },
  { method: "GET", path: `${ROOT}/comments`, need: READ, run: allComments },
  {
    ...{ method: "GET", path: `${ROOT}/comments/:comment`, need: READ },
    run: (call) => ok(commentJson(call.world, call.repo, commentIn(call).comment)),
  },
  {
    ...{ method: "PATCH", path: `${ROOT}/comments/:comment`, need: WRITE },
    run(call) {
      const { comment: said, issue } = commentIn(call);
      demandOwn(call, said.author);
      editComment(atOf(call), issue, said, bodyOf(call, SAID, "IssueComment").body);
      return ok(commentJson(call.world, call.repo, said));
    },
  },
  {
    ...{ method: "DELETE", path: `${ROOT}/comments/:comment`, need: WRITE },
    run(call) {
      const { comment: said, issue } = commentIn(call);
      demandOwn(call, said.author);
      deleteComment(atOf(call), issue, said);
      return NO_CONTENT;
    },
  },
  {
    method: "GET",
    path: `${ROOT}/:number/labels`,
    need: READ,
    run: (call) => labelsAnswer(call, issueIn(call)),
  },
  {
    ...{ method: "POST", path: `${ROOT}/:number/labels`, need: TRIAGE },
    run(call) {
      const issue = issueIn(call);
      addLabels(atOf(call), issue, labelNames(call));
      return labelsAnswer(call, issue);
    },
  },
  {
    ...{ method: "PUT", path: `${ROOT}/:number/labels`, need: TRIAGE },
    run(call) {
      const issue = issueIn(call);
      setLabels(atOf(call), issue, labelNames(call));
      return labelsAnswer(call, issue);
    },
  },
  {
    ...{ method: "DELETE", path: `${ROOT}/:number/labels/:name`, need: TRIAGE },
    run(call) {
      const issue = issueIn(call);
      if (!removeLabel(atOf(call), issue, call.params["name"] ?? ""))
        throw new Refusal(404, "Label does not exist");
      return labelsAnswer(call, issue);
    },
  },
];
