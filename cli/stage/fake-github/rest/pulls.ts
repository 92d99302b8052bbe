/** Pull requests, their reviews and remarks. */

import { z } from "zod";
import { editIssue } from "../acts/issues.ts";
import { askReviewers, fitOf, mergePull, openPull, setBase, setPullOpen } from "../acts/pulls.ts";
import { type NewRemark, reply, review } from "../acts/reviews.ts";
import {
  type Answer,
  atOf,
  bodyOf,
  type Call,
  callerOf,
  numberOf,
  ok,
  type Route,
  SOME_TEXT,
  TEXT,
  TITLE,
} from "../http/call.ts";
import { callerRole } from "../http/guard.ts";
import { paged, sinceOf } from "../http/pages.ts";
import { pullJson, pullSimpleJson, remarkJson, reviewJson } from "../json/pull.ts";
import { type PullIssue, pullOf, pullsOf, remarkIn } from "../model/pulls.ts";
import { invalid, notFound, Refusal } from "../refusal.ts";

const READ = { grant: "pull_requests", level: "read", role: "read" } as const;
const WRITE = { grant: "pull_requests", level: "write", role: "read" } as const;
const MERGE = { grant: "contents", level: "write", role: "write" } as const;
const ROOT = "/repos/:owner/:repo/pulls";

const NEW = z.object({
  ...{ title: TITLE, head: z.string().min(1), base: z.string().min(1), body: TEXT.nullish() },
  ...{ draft: z.boolean().optional(), maintainer_can_modify: z.boolean().optional() },
});
const CHANGE = z.object({
  ...{ title: TITLE.optional(), body: TEXT.nullish(), state: z.enum(["open", "closed"]).optional() },
  ...{ base: z.string().min(1).optional(), maintainer_can_modify: z.boolean().optional() },
});
const MERGE_WISH = z.object({
  ...{ sha: z.string().optional(), merge_method: z.enum(["merge", "squash", "rebase"]).default("merge") },
  ...{ commit_title: z.string().optional(), commit_message: z.string().optional() },
});
const REMARK = z.object({
  ...{ path: z.string().min(1), line: z.int().min(1), body: SOME_TEXT },
  side: z.enum(["LEFT", "RIGHT"]).optional(),
});
const REVIEW = z.object({
  ...{ body: TEXT.default(""), event: z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]).optional() },
  ...{ commit_id: z.string().optional(), comments: z.array(REMARK).max(100).default([]) },
});
const STATES = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;
const NEW_REMARK = z.union([
  z.object({ body: SOME_TEXT, in_reply_to: z.int() }),
  REMARK.extend({ commit_id: z.string() }),
]);

export function pullIn(call: Call): PullIssue {
  return pullOf(call.world, call.repo, numberOf(call, "number"));
}

/** Right after it is made nothing is known of it, and the next look finds out. */
async function shown(call: Call, issue: PullIssue, status = 200): Promise<Answer> {
  const fit = await fitOf(call.world, call.repo, issue);
  if (status === 201) issue.pull.askedFor = null;
  return ok(pullJson(call.world, call.repo, issue, fit), status);
}

function listed(call: Call): Answer {
  const { world, repo, query } = call;
  const state = query.get("state") ?? "open";
  if (!["open", "closed", "all"].includes(state))
    invalid({ resource: "PullRequest", code: "invalid", field: "state" });
  const [head, base] = [query.get("head"), query.get("base")];
  // Without its owner the filter means nothing.
  const branch = head?.includes(":") === true ? head.slice(head.indexOf(":") + 1) : null;
  const isElsewhere =
    branch !== null && !head?.toLowerCase().startsWith(`${repo.owner.login.toLowerCase()}:`);
  const by = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const sign = (query.get("direction") ?? "desc") === "asc" ? 1 : -1;
  const pulls = pullsOf(repo)
    .filter(({ isOpen }) => state === "all" || isOpen === (state === "open"))
    .filter(({ pull }) => (branch === null || pull.headRef === branch) && !isElsewhere)
    .filter(({ pull }) => base === null || pull.baseRef === base)
    .sort((a, b) => sign * (a[by] - b[by] || a.number - b.number));
  return paged(call, pulls, (issue) => pullSimpleJson(world, repo, issue));
}

async function create(call: Call): Promise<Answer> {
  const { title, head, base, body = null, draft: isDraft = false } = bodyOf(call, NEW, "PullRequest");
  const prefix = `${call.repo.owner.login}:`;
  if (head.includes(":") && !head.startsWith(prefix))
    invalid({ resource: "PullRequest", code: "invalid", field: "head" });
  const branch = head.startsWith(prefix) ? head.slice(prefix.length) : head;
  return await shown(call, await openPull(atOf(call), { title, body, head: branch, base, isDraft }), 201);
}

async function change(call: Call): Promise<Answer> {
  const issue = pullIn(call);
  const at = atOf(call);
  const isTrusted = ["write", "maintain", "admin"].includes(callerRole(call.repo, call.caller));
  if (issue.author.id !== at.by.id && !isTrusted)
    throw new Refusal(403, "Must have admin rights to Repository.");
  const { title, body, base, state } = bodyOf(call, CHANGE, "PullRequest");
  editIssue(at, issue, { title, body });
  if (base !== undefined) setBase(at, issue, base);
  if (state !== undefined) setPullOpen(at, issue, state === "open");
  return await shown(call, issue);
}

async function merge(call: Call): Promise<Answer> {
  const { sha = null, merge_method: method, ...said } = bodyOf(call, MERGE_WISH, "PullRequest");
  const wish = { method, sha, title: said.commit_title ?? null, message: said.commit_message ?? null };
  const made = await mergePull(atOf(call), pullIn(call), wish);
  return ok({ sha: made, merged: true, message: "Pull Request successfully merged" });
}

/** @throws Refusal 422 for lines of a file that is no part of it */
function createReview(call: Call): Answer {
  const issue = pullIn(call);
  const {
    body,
    event,
    commit_id: commit = issue.pull.headSha,
    comments,
  } = bodyOf(call, REVIEW, "PullRequestReview");
  if (event === "REQUEST_CHANGES" && body.trim() === "")
    invalid("Could not create review: body can't be blank");
  if (event === "COMMENT" && body.trim() === "" && comments.length === 0) invalid("body can't be blank");
  const state = event === undefined ? "PENDING" : STATES[event];
  const made = review(atOf(call), issue, { state, body, remarks: comments, commit });
  return ok(reviewJson(call.world, call.repo, issue, made));
}

/** The first of a thread alone can be answered by its id. */
function answer(call: Call, id: number, body: string): Answer {
  const { issue, thread, remark } = remarkIn(call.repo, id);
  if (thread.remarks[0]?.id !== remark.id)
    invalid({
      resource: "PullRequestReviewComment",
      code: "custom",
      field: "in_reply_to",
      message: "in_reply_to is not a top-level comment",
    });
  const made = reply(atOf(call), issue, thread, body);
  return ok(remarkJson(call.world, call.repo, issue, thread, made), 201);
}

function createRemark(call: Call): Answer {
  const issue = pullIn(call);
  const given = bodyOf(call, NEW_REMARK, "PullRequestReviewComment");
  if ("in_reply_to" in given) return answer(call, given.in_reply_to, given.body);
  const remark: NewRemark = given;
  review(atOf(call), issue, { state: "COMMENTED", body: "", remarks: [remark], commit: given.commit_id });
  const thread = issue.pull.threads.at(-1) ?? notFound();
  return ok(remarkJson(call.world, call.repo, issue, thread, thread.remarks[0] ?? notFound()), 201);
}

function remarks(call: Call): Answer {
  const issue = pullIn(call);
  const since = sinceOf(call);
  const all = issue.pull.threads
    .flatMap((thread) => thread.remarks.map((remark) => ({ thread, remark })))
    .filter(({ remark }) => remark.updatedAt >= since)
    .sort((a, b) => a.remark.id - b.remark.id);
  return paged(call, all, ({ thread, remark }) => remarkJson(call.world, call.repo, issue, thread, remark));
}

export const PULLS: readonly Route[] = [
  { method: "GET", path: ROOT, need: READ, run: listed },
  { method: "POST", path: ROOT, need: { ...WRITE, role: "write" }, makesContent: true, run: create },
  { method: "GET", path: `${ROOT}/:number`, need: READ, run: (call) => shown(call, pullIn(call)) },
  { method: "PATCH", path: `${ROOT}/:number`, need: WRITE, run: change },
  { method: "PUT", path: `${ROOT}/:number/merge`, need: MERGE, makesContent: true, run: merge },
  {
    ...{ method: "GET", path: `${ROOT}/:number/merge`, need: READ },
    run: (call) => (pullIn(call).pull.merged === null ? notFound() : { status: 204 }),
  },
  {
    ...{ method: "GET", path: `${ROOT}/:number/reviews`, need: READ },
    run(call) {
      const issue = pullIn(call);
      const who = call.caller.token === null ? null : callerOf(call);
      const seen = issue.pull.reviews.filter(({ state, author }) => state !== "PENDING" || author === who);
      return paged(call, seen, (one) => reviewJson(call.world, call.repo, issue, one));
    },
  },
  { method: "POST", path: `${ROOT}/:number/reviews`, need: WRITE, makesContent: true, run: createReview },
  { method: "GET", path: `${ROOT}/:number/comments`, need: READ, run: remarks },
  { method: "POST", path: `${ROOT}/:number/comments`, need: WRITE, makesContent: true, run: createRemark },
  {
    ...{ method: "POST", path: `${ROOT}/:number/comments/:comment/replies`, need: WRITE, makesContent: true },
    run(call) {
      // Apps may not use it.
      if (call.caller.token?.kind === "installation")
        throw new Refusal(403, "Resource not accessible by integration");
      const { issue } = remarkIn(call.repo, numberOf(call, "comment"));
      if (issue.number !== numberOf(call, "number")) notFound();
      return answer(
        call,
        numberOf(call, "comment"),
        bodyOf(call, z.object({ body: SOME_TEXT }), "PullRequestReviewComment").body,
      );
    },
  },
  {
    ...{
      method: "POST",
      path: `${ROOT}/:number/requested_reviewers`,
      need: { ...WRITE, role: "write" },
      makesContent: true,
    },
    run(call) {
      const { reviewers } = bodyOf(
        call,
        z.object({ reviewers: z.array(z.string()).max(15).default([]) }),
        "PullRequest",
      );
      const people = reviewers
        .map((login) => call.world.users.get(login.toLowerCase()))
        .filter((one) => one !== undefined);
      const issue = pullIn(call);
      askReviewers(atOf(call), issue, people);
      return ok(pullSimpleJson(call.world, call.repo, issue), 201);
    },
  },
];
