/**
 * That an issue waits for others, or no more. Pure.
 *
 * The documents that were read here say nothing of the event. Assumed, as programs that listen to it have it: it is
 * called `issue_dependencies`, `blocked_by_added` and `blocked_by_removed` name the issue that waits as `blocked_issue`
 * and come from its repository, and the other two actions tell the same from the other side. Only people with triage
 * rights can declare it. How an issue is made of parts (`sub_issues`) is another thing: a part holds nobody.
 */

import type { ExternalRef } from "../../workflow/task.ts";
import { type Decoded, ignore } from "../decoded.ts";
import type { Audience } from "../kit.ts";
import { nameText } from "../outside-text.ts";
import { readPayload } from "../payload.ts";
import type { Payload } from "../source.ts";
import { needsWish, type Wish } from "../wish.ts";
import type { Known, Need } from "./facts.ts";
import { actorOf, addressed } from "./issue.ts";
import { DEPENDENCY_EVENT } from "./payload.ts";

const CHANGES = ["blocked_by_added", "blocked_by_removed"];

export function decodeDependencies(payload: Payload, audience: Audience<unknown, Known>): Decoded<Need> {
  const read = readPayload(DEPENDENCY_EVENT, payload);
  if (read.kind === "failed") return read;
  const { action, blocked_issue: issue, blocking_issue: other, repository, sender } = read.value;
  if (!CHANGES.includes(action)) return ignore(`nothing listens to 'issue_dependencies.${nameText(action)}'`);
  const found = addressed(audience, { repository, sender });
  if (found.kind === "ignore") return found;
  const name = `${repository.full_name}#${issue.number}`;
  const subject = `github:${name}`;
  const refs: readonly ExternalRef[] = [
    { source: "github", kind: "issue", id: name },
    ...(issue.id == null ? [] : [{ source: "github", kind: "issue_id", id: String(issue.id) } as const]),
  ];
  const actor = actorOf(sender, { standing: null, implies: null });
  const key = `${subject}:${action}:${other?.id ?? ""}:${nameText(issue.updated_at)}`;
  const wishes = found.projects.map((project): Wish => {
    const change = {
      source: audience.source,
      project,
      actor,
      key,
      because: "its dependencies changed",
      spot: null,
    };
    const at = { place: repository.full_name, id: String(issue.number) };
    return needsWish({ refs }, change, at, "GitHub lets only people with triage rights declare it");
  });
  return { kind: "wish", subject, wishes };
}
