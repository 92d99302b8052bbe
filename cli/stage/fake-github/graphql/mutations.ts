/** What the graph lets be changed: drafts, merge queues, and the threads of reviews. */

import { setDraft } from "../acts/pulls.ts";
import { enqueue, whyUnqueued } from "../acts/queue.ts";
import { reply, setResolved } from "../acts/reviews.ts";
import { type Call, callerOf } from "../http/call.ts";
import { demand } from "../http/guard.ts";
import type { Repo } from "../model/nouns.ts";
import { pullById, pullNode, remarkNode, threadById, threadNode } from "./graph.ts";
import { type Args, FieldError, type Node } from "./run.ts";

const PULLS = ["pull_requests"];

/** As REST would, in the words of GraphQL. An App needs the contents for what closes a thread. */
function demandWrite(call: Call, repo: Repo, grants: readonly string[]): void {
  try {
    for (const grant of grants) demand(repo, call.caller, { grant, level: "write", role: "write" });
  } catch (error) {
    throw new FieldError("FORBIDDEN", error instanceof Error ? error.message : "");
  }
}

/** What a mutation gives back. */
function payload(type: string, fields: Node["fields"]): Node {
  return { type, fields: { clientMutationId: () => null, ...fields } };
}

export function mutationRoot(call: Call): Node {
  const resolve = (isResolved: boolean) => (args: Args) => {
    const { repo, issue, thread } = threadById(call, inputOf(args, "threadId"));
    demandWrite(call, repo, call.caller.token?.kind === "installation" ? [...PULLS, "contents"] : PULLS);
    setResolved({ world: call.world, repo, by: callerOf(call) }, issue, thread, isResolved);
    return payload("ResolvePayload", { thread: () => threadNode(call, repo, issue, thread) });
  };
  const draft = (isDraft: boolean) => (args: Args) => {
    const { repo, issue } = pullById(call, inputOf(args, "pullRequestId"));
    demandWrite(call, repo, PULLS);
    if (!issue.isOpen) throw new FieldError("UNPROCESSABLE", "Pull request is closed");
    if (isDraft && !repo.hasDrafts)
      throw new FieldError("UNPROCESSABLE", "Draft pull requests are not supported in this repository.");
    setDraft({ world: call.world, repo, by: callerOf(call) }, issue, isDraft);
    return payload("DraftPayload", { pullRequest: () => pullNode(call, repo, issue) });
  };
  return {
    type: "Mutation",
    fields: {
      resolveReviewThread: resolve(true),
      unresolveReviewThread: resolve(false),
      markPullRequestReadyForReview: draft(false),
      convertPullRequestToDraft: draft(true),
      enqueuePullRequest(args) {
        const { repo, issue } = pullById(call, inputOf(args, "pullRequestId"));
        demandWrite(call, repo, [...PULLS, "contents"]);
        const why = whyUnqueued(repo, issue, inputOf(args, "expectedHeadOid"));
        if (why !== null) throw new FieldError("UNPROCESSABLE", why);
        enqueue({ world: call.world, repo, by: callerOf(call) }, issue);
        const entry = { type: "MergeQueueEntry", fields: { id: () => `MQE_${issue.id}` } };
        return payload("EnqueuePullRequestPayload", { mergeQueueEntry: () => entry });
      },
      addPullRequestReviewThreadReply(args) {
        const { repo, issue, thread } = threadById(call, inputOf(args, "pullRequestReviewThreadId"));
        const body = String(inputOf(args, "body"));
        if (body.trim() === "" || [...body].length > 65_536)
          throw new FieldError("UNPROCESSABLE", "Body is too long or blank");
        demandReply(call, repo);
        const made = reply({ world: call.world, repo, by: callerOf(call) }, issue, thread, body);
        return payload("ReplyPayload", { comment: () => remarkNode(repo, issue, thread, made) });
      },
    },
  };
}

function demandReply(call: Call, repo: Repo): void {
  try {
    demand(repo, call.caller, { grant: "pull_requests", level: "write", role: "read" });
  } catch (error) {
    throw new FieldError("FORBIDDEN", error instanceof Error ? error.message : "");
  }
}

function inputOf({ input }: Args, name: string): unknown {
  const value: unknown = typeof input === "object" && input !== null ? Reflect.get(input, name) : undefined;
  if (value === undefined || value === null)
    throw new FieldError("UNPROCESSABLE", `Argument '${name}' is required`);
  return value;
}
