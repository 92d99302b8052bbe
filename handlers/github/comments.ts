/**
 * Comments at GitHub's issues and pull requests: commands, and at a task's pull request all that is said. Pure.
 *
 * M1. A command at an issue is about the task that the issue stands for, or makes it. At a pull request it is about the
 *     task whose work that is; it makes none.
 * M2. In a conversation of people about the work every word of somebody who is trusted is meant for it: a comment at a
 *     task's pull request without a command is feedback. Whom nobody trusts is not answered there.
 */

import { factsOf, type Project } from "../../workflow/project.ts";
import { same } from "../../workflow/text/same.ts";
import { type Command, readCommand } from "../commands/command.ts";
import type { Asking } from "../commands/verbs.ts";
import { commandWish } from "../commands/wishes.ts";
import { type Decoded, ignore } from "../decoded.ts";
import type { Audience } from "../kit.ts";
import { bodyText } from "../outside-text.ts";
import { OWN_MARKER } from "../own.ts";
import { timeOf } from "../payload.ts";
import { asked, type Change, startWish, type Wish } from "../wish.ts";
import { type Known, type Need, needKey } from "./facts.ts";
import { actorOf, addressed, itemOf, refsOf, spotOf, subjectOf } from "./issue.ts";
import type { CommentEvent } from "./payload.ts";

export function commented(event: CommentEvent, audience: Audience<unknown, Known>): Decoded<Need> {
  const { comment, issue } = event;
  if (comment.body.includes(OWN_MARKER)) return ignore("Chargehand's own comment");
  const found = addressed(audience, event);
  if (found.kind === "ignore") return found;
  const isWriter = comment.user !== null && same(comment.user.login, event.sender.login);
  const standing = isWriter ? (comment.author_association ?? null) : null;
  const actor = actorOf(event.sender, { standing, implies: null });
  const spot = spotOf(event, comment.id);
  let otherwise = ignore("a comment without a command");
  const wishes: Wish[] = [];
  for (const project of found.projects) {
    const command = readCommand(project.start, comment.body);
    if (command?.kind === "unknown") {
      const { reason } = command;
      otherwise = ignore(reason, { kind: "not_understood", project, spot, actor, reason });
      continue;
    }
    const because = command === null ? "comment at its pull request" : `command ${command.words}`;
    const key = `github:comment:${comment.id}`;
    const change: Change = { source: audience.source, project, actor, key, because, spot };
    const isPull = issue.pull_request !== undefined;
    if (command === null && !isPull) continue;
    const wish =
      command === null || isPull
        ? atPull(event, command, change, audience)
        : atIssue(event, command.asks, change);
    if ("need" in wish) return { kind: "need", subject: subjectOf(event), need: wish.need };
    if ("reason" in wish) otherwise = ignore(wish.reason);
    else wishes.push(wish);
  }
  return wishes.length > 0 ? { kind: "wish", subject: subjectOf(event), wishes } : otherwise;
}

function atIssue(event: CommentEvent, asks: Asking, change: Change): Wish {
  if (asks.kind === "start") return startWish(itemOf(event), change, true, asks.text);
  const saidAt = timeOf(event.comment.created_at);
  return commandWish(asks, { target: { refs: refsOf(event) }, saidAt }, change);
}

type Result = Wish | { readonly need: Need } | { readonly reason: string };

/** M1, M2. */
function atPull(
  event: CommentEvent,
  command: Extract<Command, { kind: "command" }> | null,
  change: Change,
  { known }: Audience<unknown, Known>,
): Result {
  const { comment, issue, repository } = event;
  const { project } = change;
  const need = pullNeed(project, repository.full_name, issue.number);
  const task = known.tasks.get(needKey(need));
  if (task === undefined) return { need };
  if (task.kind !== "one") return { reason: `pull request ${issue.number} is of no task here` };
  const place = { target: { key: task.key }, saidAt: timeOf(comment.created_at) };
  if (command === null) {
    if (comment.body.trim() === "") return { reason: "an empty comment" };
    return say(change, task.key, comment.body);
  }
  const { asks } = command;
  if (asks.kind !== "start") return commandWish(asks, place, change);
  // There is its task, which is told; without a word it begins again.
  if (asks.text !== null) return commandWish({ kind: "say", text: asks.text }, place, change);
  return commandWish({ kind: "retry", text: null }, place, change);
}

function say(change: Change, key: string, text: string): Wish {
  const { project, actor } = change;
  const target = { key };
  const facts = factsOf(project);
  const intent = { kind: "say", ...asked(change), target, text: bodyText(text), facts } as const;
  return { project, actor, intent, spot: null };
}

function pullNeed({ name }: Project, repo: string, pull: number): Need {
  return { kind: "task", project: name, repo, pull, branches: [], commit: null };
}
