/** The graph of the scripted GitHub, as far as clients need it beside REST: pull requests and their threads. */

import { fitOf } from "../acts/pulls.ts";
import { decisionOf, rollupOf, whyBlocked } from "../acts/rules.ts";
import type { Call } from "../http/call.ts";
import { callerOf } from "../http/call.ts";
import { callerRole } from "../http/guard.ts";
import { issueUrl } from "../json/issue.ts";
import { iso, nodeId } from "../json/user.ts";
import type { Remark, Repo, Thread } from "../model/nouns.ts";
import { type PullIssue, pullsOf } from "../model/pulls.ts";
import type { User } from "../model/user.ts";
import { type Args, FieldError, type Node } from "./run.ts";

const NUMBER_MAX = 100;
const REMOVED = "REMOVED_FROM_MERGE_QUEUE_EVENT";

function connection<T>(
  name: string,
  type: string,
  args: Args,
  all: readonly T[],
  node: (item: T) => Node,
): Node {
  const { first, last, after } = args;
  if (typeof first !== "number" && typeof last !== "number")
    throw new FieldError(
      "MISSING_PAGINATION_BOUNDARIES",
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  const count = Number(first ?? last);
  if (count < 1 || count > NUMBER_MAX)
    throw new FieldError(
      "EXCESSIVE_PAGINATION",
      `Requesting ${count} records on the \`${name}\` connection exceeds the limit of 100.`,
    );
  const start =
    typeof first === "number"
      ? Number(typeof after === "string" ? after : 0)
      : Math.max(0, all.length - count);
  const end = Math.min(all.length, start + count);
  return {
    type,
    fields: {
      nodes: () => all.slice(start, end).map(node),
      totalCount: () => all.length,
      pageInfo: () => ({
        type: "PageInfo",
        fields: {
          hasNextPage: () => end < all.length,
          hasPreviousPage: () => start > 0,
          endCursor: () => String(end),
          startCursor: () => String(start),
        },
      }),
    },
  };
}

function actor({ login, type, id }: User): Node {
  const fields = { login: () => login, id: () => nodeId("U", id), url: () => `/${login}` };
  return { type: type === "Bot" ? "Bot" : "User", fields };
}

export function remarkNode(repo: Repo, issue: PullIssue, thread: Thread, remark: Remark): Node {
  return {
    type: "PullRequestReviewComment",
    fields: {
      id: () => nodeId("PRRC", remark.id),
      databaseId: () => remark.id,
      fullDatabaseId: () => String(remark.id),
      body: () => remark.body,
      author: () => actor(remark.author),
      path: () => thread.path,
      line: () => thread.line,
      createdAt: () => iso(remark.at),
      updatedAt: () => iso(remark.updatedAt),
      url: () => `/${repo.owner.login}/${repo.name}/pull/${issue.number}#discussion_r${remark.id}`,
    },
  };
}

export function threadNode(call: Call, repo: Repo, issue: PullIssue, thread: Thread): Node {
  const mayWrite = ["write", "maintain", "admin"].includes(callerRole(repo, call.caller));
  return {
    type: "PullRequestReviewThread",
    fields: {
      id: () => thread.id,
      isResolved: () => thread.resolvedBy !== null,
      isOutdated: () => thread.commit !== issue.pull.headSha,
      isCollapsed: () => thread.resolvedBy !== null,
      path: () => thread.path,
      line: () => thread.line,
      startLine: () => null,
      resolvedBy: () => (thread.resolvedBy === null ? null : actor(thread.resolvedBy)),
      viewerCanReply: () => call.caller.token !== null,
      viewerCanResolve: () => mayWrite && thread.resolvedBy === null,
      viewerCanUnresolve: () => mayWrite && thread.resolvedBy !== null,
      comments: (args) =>
        connection("comments", "PullRequestReviewCommentConnection", args, thread.remarks, (one) =>
          remarkNode(repo, issue, thread, one),
        ),
    },
  };
}

export function pullNode(call: Call, repo: Repo, issue: PullIssue): Node {
  const { pull } = issue;
  const fit = async (): Promise<boolean | null> => (await fitOf(call.world, repo, issue)).fits;
  return {
    type: "PullRequest",
    fields: {
      id: () => nodeId("PR", issue.id),
      number: () => issue.number,
      title: () => issue.title,
      body: () => issue.body ?? "",
      url: () => issueUrl(call.world, repo, issue),
      isDraft: () => pull.isDraft,
      state: () => (pull.merged !== null ? "MERGED" : issue.isOpen ? "OPEN" : "CLOSED"),
      merged: () => pull.merged !== null,
      headRefName: () => pull.headRef,
      headRefOid: () => pull.headSha,
      baseRefName: () => pull.baseRef,
      baseRefOid: () => pull.baseSha,
      reviewDecision: () => decisionOf(repo, issue),
      isInMergeQueue: () => pull.queue.isIn,
      timelineItems: (args) => {
        const kinds: readonly unknown[] = Array.isArray(args["itemTypes"]) ? args["itemTypes"] : [];
        if (kinds.some((kind) => kind !== REMOVED) || kinds.length === 0)
          throw new FieldError("UNPROCESSABLE", "this server knows no other items");
        const removed = pull.queue.removed === null ? [] : [pull.queue.removed];
        return connection("timelineItems", "PullRequestTimelineItemsConnection", args, removed, (reason) => ({
          type: "RemovedFromMergeQueueEvent",
          fields: { reason: () => reason },
        }));
      },
      viewerCanEnableAutoMerge: () => false,
      mergeable: async () =>
        ({ null: "UNKNOWN", true: "MERGEABLE", false: "CONFLICTING" })[String(await fit())],
      async mergeStateStatus() {
        const fits = await fit();
        if (fits === null) return "UNKNOWN";
        if (!fits) return "DIRTY";
        if (pull.isDraft || whyBlocked(repo, issue) !== null) return "BLOCKED";
        return ["FAILURE", "PENDING"].includes(rollupOf(repo, pull.headSha) ?? "") ? "UNSTABLE" : "CLEAN";
      },
      statusCheckRollup() {
        const state = rollupOf(repo, pull.headSha);
        return state === null ? null : { type: "StatusCheckRollup", fields: { state: () => state } };
      },
      reviewThreads: (args) =>
        connection("reviewThreads", "PullRequestReviewThreadConnection", args, pull.threads, (one) =>
          threadNode(call, repo, issue, one),
        ),
    },
  };
}

function seen(call: Call, repo: Repo): boolean {
  return callerRole(repo, call.caller) !== "none";
}

export function pullById(call: Call, id: unknown): { readonly repo: Repo; readonly issue: PullIssue } {
  for (const repo of call.world.repos.values())
    for (const issue of seen(call, repo) ? pullsOf(repo) : [])
      if (nodeId("PR", issue.id) === id) return { repo, issue };
  throw new FieldError(
    "NOT_FOUND",
    `Could not resolve to a node with the global id of '${String(id).slice(0, 60)}'`,
  );
}

export function threadById(
  call: Call,
  id: unknown,
): { readonly repo: Repo; readonly issue: PullIssue; readonly thread: Thread } {
  for (const repo of call.world.repos.values())
    for (const issue of seen(call, repo) ? pullsOf(repo) : [])
      for (const thread of issue.pull.threads) if (thread.id === id) return { repo, issue, thread };
  throw new FieldError(
    "NOT_FOUND",
    `Could not resolve to a node with the global id of '${String(id).slice(0, 60)}'`,
  );
}

export function queryRoot(call: Call): Node {
  return {
    type: "Query",
    fields: {
      viewer: () => actor(callerOf(call)),
      repository({ owner, name }) {
        const repo = call.world.repos.get(`${String(owner)}/${String(name)}`.toLowerCase());
        if (repo === undefined || !seen(call, repo))
          throw new FieldError(
            "NOT_FOUND",
            `Could not resolve to a Repository with the name '${String(owner)}/${String(name)}'.`,
          );
        return { type: "Repository", fields: repositoryFields(call, repo) };
      },
      node({ id }) {
        if (String(id).startsWith("PRRT_")) {
          const { repo, issue, thread } = threadById(call, id);
          return threadNode(call, repo, issue, thread);
        }
        const { repo, issue } = pullById(call, id);
        return pullNode(call, repo, issue);
      },
    },
  };
}

function repositoryFields(call: Call, repo: Repo): Node["fields"] {
  return {
    id: () => nodeId("R", repo.id),
    nameWithOwner: () => `${repo.owner.login}/${repo.name}`,
    issue({ number }) {
      const issue = repo.issues.get(Number(number));
      if (issue === undefined || issue.pull !== null)
        throw new FieldError(
          "NOT_FOUND",
          `Could not resolve to an Issue with the number of ${Number(number)}.`,
        );
      const { edited } = issue;
      const fields = {
        lastEditedAt: () => (edited === null ? null : iso(edited.at)),
        editor: () => (edited === null ? null : actor(edited.by)),
      };
      return { type: "Issue", fields };
    },
    pullRequest({ number }) {
      const issue = pullsOf(repo).find((one) => one.number === number);
      if (issue === undefined)
        throw new FieldError(
          "NOT_FOUND",
          `Could not resolve to a PullRequest with the number of ${Number(number)}.`,
        );
      return pullNode(call, repo, issue);
    },
  };
}
