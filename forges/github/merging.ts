/**
 * Merging a pull request.
 *
 * M1. What has happened is read before and after: a merge that GitHub has made is told as one, whoever asked for it.
 *     It goes into the base that was looked at, or nowhere: who may turn it to another branch may not always push
 *     there.
 * M2. A branch whose base has a queue is put there (`queue.ts`), whoever could pass it by.
 * M3. A branch is deleted only while it stands at the commit that is named: somebody may go on with it.
 */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import type { Reply } from "../api/call.ts";
import { askOrNull, DONE, done, read } from "../api/read.ts";
import { messageIn, refusalOf, sentence } from "../api/refusal.ts";
import type { Forge, MergeTried } from "../tell.ts";
import { at, type GithubApi } from "./api.ts";
import { pullAt } from "./pulls.ts";
import { hasQueue, queued, speaksOfQueue } from "./queue.ts";
import { isMerged, type PullRequest } from "./shapes.ts";

type How = Parameters<Forge["merge"]>[2];
type Tried = Answer<MergeTried>;

const Merged = z.object({ sha: z.string().nullish() });
const Branch = z.object({ commit: z.object({ sha: z.string() }) });

export function tellMerging(api: GithubApi): Pick<Forge, "merge" | "dropBranch"> {
  return {
    async merge(repo, number, how): Promise<Tried> {
      const before = await pullAt(api, repo, number);
      if (before.kind !== "ok") return before;
      const told = standing(number, before.value, how);
      if (told !== null) return told;
      const pull = before.value;
      const isQueued = pull === null ? null : await hasQueue(api, repo, how.base);
      if (isQueued !== null && isQueued.kind !== "ok") return isQueued;
      if (pull !== null && isQueued?.value === true) return inQueue(api, repo, pull, how);
      const path = at(repo, "pulls", number, "merge");
      const body = {
        sha: how.commit,
        merge_method: how.method,
        ...(how.title !== null && how.method !== "rebase" && { commit_title: how.title }),
      };
      const sent = await api.caller.call({ method: "PUT", path, body, also: [403, 405, 409] });
      if (sent.kind !== "ok") return sent;
      if (sent.value.status < 300) {
        const merged = read(api.caller.name, sent.value, Merged);
        const commit = merged.kind === "ok" ? (merged.value.sha ?? null) : null;
        return { kind: "ok", value: { kind: "merged", commit } };
      }
      const after = await pullAt(api, repo, number);
      if (after.kind !== "ok") return after;
      const now = standing(number, after.value, how);
      if (now !== null) return now;
      if (after.value !== null && speaksOfQueue(messageIn(sent.value.body)))
        return inQueue(api, repo, after.value, how);
      return meaningOf(sent.value, after.value);
    },
    /** M3. */
    async dropBranch(repo, name, commit): Promise<Answer<null>> {
      const { caller } = api;
      const branch = await askOrNull(caller, { method: "GET", path: at(repo, "branches", name) }, Branch);
      if (branch.kind !== "ok") return branch;
      if (branch.value?.commit.sha !== commit) return DONE;
      const path = at(repo, "git", "refs", "heads", ...name.split("/"));
      return done(caller, { method: "DELETE", path, also: [404, 422] });
    },
  };
}

/** What GitHub says to whoever puts it there are the words that it has for whoever merges. */
async function inQueue(api: GithubApi, repo: string, pull: PullRequest, how: How): Promise<Tried> {
  const told = await queued(api, repo, pull, how);
  if (told.kind !== "refused" || told.because !== "invalid") return told;
  const known = WAITS.find(([words]) => words.test(told.reason))?.[1];
  if (/conflict/i.test(told.reason)) return { kind: "ok", value: { kind: "conflict" } };
  return known === undefined
    ? { ...told, because: "state" }
    : { kind: "ok", value: { kind: "waits", for: known, reason: told.reason } };
}

/** What needs no try; `null`: it is open, and its head is the commit. */
function standing(number: number, pull: PullRequest | null, { commit, base }: How): Tried | null {
  if (pull === null)
    return { kind: "refused", because: "missing", reason: `GitHub: there is no pull request ${number}` };
  // Which commit it became is told by the merge alone: the field of the pull request is about to go.
  if (isMerged(pull)) return { kind: "ok", value: { kind: "merged", commit: null } };
  if (pull.state !== "open")
    return { kind: "refused", because: "state", reason: `GitHub: pull request ${number} is closed` };
  if (pull.base.ref !== base)
    return {
      kind: "refused",
      because: "conflict",
      reason: `GitHub: pull request ${number} goes into ${pull.base.ref} now, and not into ${base}`,
    };
  if (pull.head.sha !== commit) return { kind: "ok", value: { kind: "moved", commit: pull.head.sha } };
  if (pull.draft === true)
    return { kind: "refused", because: "state", reason: `GitHub: pull request ${number} is a draft` };
  return null;
}

type Waits = Extract<MergeTried, { kind: "waits" }>["for"];

/** Of the sentences that GitHub says with 403 and 405: nothing else tells one meaning from another. */
const WAITS: readonly (readonly [RegExp, Waits])[] = [
  [/base branch was modified|try the merge again|merge already in progress/i, "host"],
  [/status check|checks? (are|is) (expected|pending|failing|in progress)|workflow/i, "checks"],
  [/review|approv|code owner|conversation|unresolved|signature/i, "people"],
];

/** The state of the pull request says it where the sentence leaves it open. */
function meaningOf(reply: Reply, pull: PullRequest | null): Tried {
  const message = messageIn(reply.body);
  const waits = (whom: Waits): Tried => ({
    kind: "ok",
    value: { kind: "waits", for: whom, reason: sentence(message) },
  });
  // Its head has moved, and moved back: somebody is at it.
  if (reply.status === 409) return waits("host");
  if (/conflict/i.test(message) || pull?.mergeable === false)
    return { kind: "ok", value: { kind: "conflict" } };
  const known = /merges are not allowed/i.test(message)
    ? undefined
    : WAITS.find(([words]) => words.test(message))?.[1];
  if (known !== undefined) return waits(known);
  if (/not mergeable/i.test(message)) return waits(pull?.mergeable === true ? "people" : "host");
  return reply.status === 403 && !/rule/i.test(message)
    ? refusalOf("GitHub", reply, [])
    : { kind: "refused", because: "state", reason: `GitHub answered ${reply.status}: ${sentence(message)}` };
}
