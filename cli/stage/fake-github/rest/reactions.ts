/**
 * Reactions, and which issues wait for which. Assumed of the latter, which the documents at hand do not have: what is
 * added is named by the id of the issue (`issue_id`), and what is there twice is refused with 422.
 */

import { z } from "zod";
import { react } from "../acts/issues.ts";
import { type Answer, atOf, bodyOf, type Call, NO_CONTENT, numberOf, ok, type Route } from "../http/call.ts";
import { callerRole } from "../http/guard.ts";
import { paged } from "../http/pages.ts";
import { issueJson, reactionJson } from "../json/issue.ts";
import type { Reaction } from "../model/nouns.ts";
import { remarkIn } from "../model/pulls.ts";
import { notFound, Refusal } from "../refusal.ts";
import { issueIn } from "./issues.ts";

const ROOT = "/repos/:owner/:repo";
const READ = { grant: "issues", level: "read", role: "read" } as const;
const WRITE = { grant: "issues", level: "write", role: "read" } as const;
const TRIAGE = { grant: "issues", level: "write", role: "triage" } as const;
const CONTENT = z.object({
  content: z.enum(["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]),
});

/** Where reactions can be: at issues, comments and remarks. */
const PLACES: Readonly<Record<string, (call: Call) => Reaction[]>> = {
  "/issues/:number": (call) => issueIn(call).reactions,
  "/issues/comments/:comment": (call) =>
    (call.repo.comments.get(numberOf(call, "comment")) ?? notFound()).reactions,
  "/pulls/comments/:comment": (call) => remarkIn(call.repo, numberOf(call, "comment")).remark.reactions,
};

function routesOf([path, reactions]: [string, (call: Call) => Reaction[]]): readonly Route[] {
  return [
    {
      ...{ method: "GET", path: `${ROOT}${path}/reactions`, need: READ },
      run: (call) => paged(call, reactions(call), (one) => reactionJson(call.world, one)),
    },
    {
      ...{ method: "POST", path: `${ROOT}${path}/reactions`, need: WRITE },
      run(call) {
        const { content } = bodyOf(call, CONTENT, "Reaction");
        const { reaction, isNew } = react(atOf(call), reactions(call), content);
        return ok(reactionJson(call.world, reaction), isNew ? 201 : 200);
      },
    },
    {
      ...{ method: "DELETE", path: `${ROOT}${path}/reactions/:reaction`, need: WRITE },
      run(call) {
        const all = reactions(call);
        const at = all.findIndex(({ id }) => id === numberOf(call, "reaction"));
        if (at < 0) notFound();
        all.splice(at, 1);
        call.world.changed();
        return NO_CONTENT;
      },
    },
  ];
}

/** Those that the caller may see. */
function blockers(call: Call): Answer {
  const { world, caller } = call;
  const found = [...issueIn(call).blockedBy]
    .map((id) => world.issueById(id))
    .filter((one) => one !== null)
    .filter(({ repo }) => callerRole(repo, caller) !== "none");
  return paged(call, found, ({ repo, issue }) => issueJson(world, repo, issue));
}

function block(call: Call): Answer {
  const issue = issueIn(call);
  const { issue_id: id } = bodyOf(call, z.object({ issue_id: z.int() }), "IssueDependency");
  const other = call.world.issueById(id) ?? notFound();
  if (issue.blockedBy.has(id)) throw new Refusal(422, "Target issue is already a dependency");
  if (id === issue.id) throw new Refusal(422, "An issue cannot be blocked by itself");
  issue.blockedBy.add(id);
  call.world.changed();
  return ok(issueJson(call.world, other.repo, other.issue), 201);
}

export const REACTIONS: readonly Route[] = [
  ...Object.entries(PLACES).flatMap(routesOf),
  { method: "GET", path: `${ROOT}/issues/:number/dependencies/blocked_by`, need: READ, run: blockers },
  { method: "POST", path: `${ROOT}/issues/:number/dependencies/blocked_by`, need: TRIAGE, run: block },
  {
    ...{ method: "DELETE", path: `${ROOT}/issues/:number/dependencies/blocked_by/:other`, need: TRIAGE },
    run(call) {
      const issue = issueIn(call);
      if (!issue.blockedBy.delete(numberOf(call, "other"))) notFound();
      call.world.changed();
      return ok(issueJson(call.world, call.repo, issue));
    },
  },
];
