/** That an issue waits for another, or no more. Assumed: it counts as a change of the one that waits. */

import { issueJson } from "../json/issue.ts";
import type { Issue } from "../model/nouns.ts";
import type { At } from "./issues.ts";

export function setBlocked({ world, repo, by }: At, issue: Issue, other: Issue, isBlocked: boolean): void {
  if (isBlocked) issue.blockedBy.add(other.id);
  else issue.blockedBy.delete(other.id);
  issue.updatedAt = Math.max(issue.updatedAt, world.now());
  const where = world.issueById(other.id)?.repo ?? repo;
  const payload = {
    action: isBlocked ? "blocked_by_added" : "blocked_by_removed",
    ...{ blocked_issue_id: issue.id, blocked_issue: issueJson(world, repo, issue) },
    ...{ blocking_issue_id: other.id, blocking_issue: issueJson(world, where, other) },
  };
  world.tell(repo, "issue_dependencies", payload, by);
  world.changed();
}
