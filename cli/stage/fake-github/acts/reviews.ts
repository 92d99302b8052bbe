/** Reviews and what is said at single lines, and what is told of it. */

import { pullSimpleJson, remarkJson, reviewJson } from "../json/pull.ts";
import type { Remark, Review, ReviewState, Thread } from "../model/nouns.ts";
import type { PullIssue } from "../model/pulls.ts";
import { invalid, Refusal } from "../refusal.ts";
import { type At, touch } from "./issues.ts";

export interface NewRemark {
  readonly path: string;
  readonly line: number;
  readonly side?: "LEFT" | "RIGHT" | undefined;
  readonly body: string;
}

const THREADS_MAX = 1_000;

/** @throws Refusal 422 for a verdict about one's own */
export function review(
  at: At,
  issue: PullIssue,
  {
    state,
    body,
    remarks = [],
    commit = issue.pull.headSha,
  }: {
    readonly state: ReviewState;
    readonly body: string;
    readonly remarks?: readonly NewRemark[];
    readonly commit?: string;
  },
): Review {
  const { world, by } = at;
  if (issue.author.id === by.id && (state === "APPROVED" || state === "CHANGES_REQUESTED"))
    invalid(`Can not ${state === "APPROVED" ? "approve" : "request changes on"} your own pull request`);
  if (issue.pull.threads.length + remarks.length > THREADS_MAX)
    throw new Refusal(422, "too many threads for this server");
  const made: Review = { id: world.nextId(), author: by, state, body, commit, at: world.now() };
  issue.pull.reviews.push(made);
  issue.pull.reviewers = issue.pull.reviewers.filter(({ id }) => id !== by.id);
  touch(at, issue);
  const threads = remarks.map((remark) => newThread(at, issue, made, remark));
  if (state === "PENDING") return made;
  tellReview(at, issue, made, "submitted");
  for (const thread of threads)
    for (const remark of thread.remarks) tellRemark(at, issue, thread, remark, "created");
  world.changed();
  return made;
}

function newThread(
  { world, by }: At,
  issue: PullIssue,
  { id: review, commit }: Review,
  given: NewRemark,
): Thread {
  const { path, line, side = "RIGHT", body } = given;
  const remark = {
    id: world.nextId(),
    review,
    author: by,
    body,
    at: world.now(),
    updatedAt: world.now(),
    reactions: [],
  };
  const thread: Thread = {
    ...{ id: `PRRT_${remark.id}`, path, line, side, commit, resolvedBy: null, remarks: [remark] },
  };
  issue.pull.threads.push(thread);
  return thread;
}

function tellReview(at: At, issue: PullIssue, made: Review, action: string): void {
  const { world, repo, by } = at;
  const json = { ...reviewJson(world, repo, issue, made), state: made.state.toLowerCase() };
  const payload = { action, review: json, pull_request: pullSimpleJson(world, repo, issue) };
  world.tell(repo, "pull_request_review", payload, by);
}

function tellRemark(at: At, issue: PullIssue, thread: Thread, remark: Remark, action: string): void {
  const { world, repo, by } = at;
  const comment = remarkJson(world, repo, issue, thread, remark);
  const payload = { action, comment, pull_request: pullSimpleJson(world, repo, issue) };
  world.tell(repo, "pull_request_review_comment", payload, by);
}

/** Says something in a thread; a review of its own goes with it, as on GitHub. */
export function reply(at: At, issue: PullIssue, thread: Thread, body: string): Remark {
  const { world, by } = at;
  const made: Review = {
    ...{
      id: world.nextId(),
      author: by,
      state: "COMMENTED",
      body: "",
      commit: issue.pull.headSha,
      at: world.now(),
    },
  };
  issue.pull.reviews.push(made);
  const remark: Remark = {
    ...{
      id: world.nextId(),
      review: made.id,
      author: by,
      body,
      at: world.now(),
      updatedAt: world.now(),
      reactions: [],
    },
  };
  thread.remarks.push(remark);
  touch(at, issue);
  tellReview(at, issue, made, "submitted");
  tellRemark(at, issue, thread, remark, "created");
  return remark;
}

export function dismiss(at: At, issue: PullIssue, made: Review): void {
  made.state = "DISMISSED";
  touch(at, issue);
  tellReview(at, issue, made, "dismissed");
}

export function setResolved(at: At, issue: PullIssue, thread: Thread, isResolved: boolean): void {
  const { world, repo, by } = at;
  if ((thread.resolvedBy !== null) === isResolved) return;
  thread.resolvedBy = isResolved ? by : null;
  const comments = thread.remarks.map((one) => remarkJson(world, repo, issue, thread, one));
  const payload = {
    ...{ action: isResolved ? "resolved" : "unresolved", thread: { node_id: thread.id, comments } },
    ...{ pull_request: pullSimpleJson(world, repo, issue) },
  };
  world.tell(repo, "pull_request_review_thread", payload, by);
}
