/**
 * Merge queues: what goes into a branch that has one is put into that, by GraphQL, and GitHub merges it when its checks
 * are good together with what stands before it.
 *
 * Q1. It is looked at before it is put there, so that a lost answer puts nothing there twice.
 * Q2. Why it was taken out is told in words of GitHub that are documented nowhere: what speaks of a conflict is one,
 *     what speaks of checks or of time means them, and all else is left to people. Assumed, too: who may merge may put
 *     it there, and the method of merging is that of the queue.
 */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import type { Forge, MergeTried } from "../tell.ts";
import { at, type GithubApi, graphql, list } from "./api.ts";
import type { PullRequest } from "./shapes.ts";

type Tried = Answer<MergeTried>;
type How = Parameters<Forge["merge"]>[2];

const Rule = z.object({ type: z.string() });

/** Whether a rule of the branch says so. A protection of the older kind does not tell, and what is hidden is none. */
export async function hasQueue(
  { caller }: Pick<GithubApi, "caller">,
  repo: string,
  branch: string,
): Promise<Answer<boolean>> {
  const path = at(repo, "rules", "branches", branch);
  const found = await list(caller, { method: "GET", path }, Rule, 3);
  if (found.kind === "ok")
    return { kind: "ok", value: found.value.items.some(({ type }) => type === "merge_queue") };
  return found.kind === "refused" && found.because !== "auth" ? { kind: "ok", value: false } : found;
}

/** What GitHub says to whoever merges past a queue. */
export function speaksOfQueue(message: string): boolean {
  return /merge queue/i.test(message);
}

const LOOK = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      isInMergeQueue
      timelineItems(last: 1, itemTypes: [REMOVED_FROM_MERGE_QUEUE_EVENT]) {
        nodes { ... on RemovedFromMergeQueueEvent { reason } }
      }
    }
  }
}`;

const Looked = z.object({
  repository: z.object({
    pullRequest: z.object({
      isInMergeQueue: z.boolean(),
      timelineItems: z.object({ nodes: z.array(z.object({ reason: z.string().nullish() }).nullable()) }),
    }),
  }),
});

const ENQUEUE = `mutation($id: ID!, $commit: GitObjectID!) {
  enqueuePullRequest(input: {pullRequestId: $id, expectedHeadOid: $commit}) { mergeQueueEntry { id } }
}`;

export async function queued(
  api: GithubApi,
  repo: string,
  pull: PullRequest,
  { commit, base, wasQueued }: How,
): Promise<Tried> {
  const [owner = "", name = ""] = repo.split("/");
  const variables = { owner, name, number: pull.number };
  const looked = await graphql(api, repo, { query: LOOK, variables }, Looked);
  if (looked.kind !== "ok") return looked;
  const { isInMergeQueue, timelineItems } = looked.value.repository.pullRequest;
  const waits: Tried = {
    kind: "ok",
    value: { kind: "waits", for: "queue", reason: `it stands in the merge queue of ${base}` },
  };
  if (isInMergeQueue) return waits;
  if (wasQueued) return dropped(base, timelineItems.nodes.at(-1)?.reason ?? "");
  const id = pull.node_id ?? "";
  const told = await graphql(api, repo, { query: ENQUEUE, variables: { id, commit } }, z.unknown());
  return told.kind === "ok" ? waits : told;
}

/** Q2. */
function dropped(base: string, said: string): Tried {
  const because = /conflict/i.test(said)
    ? "conflict"
    : /check|\bci(?![a-z])|ci_|fail|time/i.test(said)
      ? "checks"
      : "other";
  const why = said === "" ? "" : `: ${said.slice(0, 200)}`;
  return {
    kind: "ok",
    value: { kind: "dropped", because, reason: `it was taken out of the merge queue of ${base}${why}` },
  };
}
