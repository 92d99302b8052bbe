/** GitHub's issues in the words of the house: names, keys of their changes, who acts and for which projects. Pure. */

import type { Spot } from "../../workflow/outside/calls.ts";
import type { Project } from "../../workflow/project.ts";
import type { ExternalRef } from "../../workflow/task.ts";
import { same } from "../../workflow/text/same.ts";
import type { Audience } from "../kit.ts";
import { nameText } from "../outside-text.ts";
import { isOwn } from "../own.ts";
import type { EventActor, Item } from "../wish.ts";
import type { IssueEvent, User } from "./payload.ts";

/** Such as `github:acme/shop#12`: what orders the deliveries about one issue. */
export function subjectOf({ repository, issue }: IssueEvent): string {
  return `github:${repository.full_name}#${issue.number}`;
}

/** The key of a change of the issue itself; GitHub stamps every change with a new `updated_at`. */
export function changeKey(event: IssueEvent, change: string): string {
  return `${subjectOf(event)}:${change}:${nameText(event.issue.updated_at)}`;
}

/** The issue as what a task stands for. */
export function itemOf({ issue, repository }: Pick<IssueEvent, "issue" | "repository">): Item {
  return {
    refs: refsOf({ issue, repository }),
    title: issue.title,
    body: issue.body ?? "",
    url: issue.html_url,
    author: issue.user === null ? null : issue.user.login,
    number: issue.number,
  };
}

/** The number is what people know; the id stays when the issue's repository gets another name. */
export function refsOf({
  repository,
  issue,
}: Pick<IssueEvent, "issue" | "repository">): readonly ExternalRef[] {
  return [
    { source: "github", kind: "issue", id: `${repository.full_name}#${issue.number}` },
    { source: "github", kind: "issue_id", id: String(issue.id) },
  ];
}

/** Where it was asked. @param comment its id; `null` for the issue itself */
export function spotOf(
  { repository, issue }: Pick<IssueEvent, "issue" | "repository">,
  comment: number | null,
): Spot {
  return {
    source: "github",
    place: repository.full_name,
    item: String(issue.number),
    comment: comment === null ? null : String(comment),
  };
}

export type Addressed =
  | { readonly kind: "ok"; readonly projects: readonly Project[] }
  | { readonly kind: "ignore"; readonly reason: string };

/** The projects an event is for, or why it is for none. A repository may belong to several projects. */
export function addressed(
  { projects, own }: Pick<Audience<unknown, unknown>, "projects" | "own">,
  { repository, sender }: Pick<IssueEvent, "repository" | "sender">,
): Addressed {
  if (isOwn(own, { login: sender.login, id: sender.id === undefined ? null : String(sender.id) }))
    return { kind: "ignore", reason: "Chargehand's own doing" };
  const mine = projects.filter(({ repo }) => repo !== null && same(repo, repository.full_name));
  if (mine.length > 0) return { kind: "ok", projects: mine };
  return { kind: "ignore", reason: `no project has the repository '${repository.full_name}'` };
}

/** Somebody as an actor of an event that names them, with what the event itself proves about them. */
export function actorOf(
  { login, type }: User,
  proof: { readonly standing: string | null; readonly implies: string | null },
): EventActor {
  // Anybody may choose a name, so a name makes nobody trusted; but either sign of a bot is enough to be careful.
  const isBot = type === "Bot" || login.toLowerCase().endsWith("[bot]");
  return { name: login, isBot, ...proof };
}
