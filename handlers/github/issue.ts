/** The intents that GitHub's events become: names, text and author of the issue, and who asks for what. Pure. */

import type { CancelTask } from "../../workflow/decide/cancel-task.ts";
import type { RetryTask } from "../../workflow/decide/retry-task.ts";
import type { StartTask } from "../../workflow/decide/start-task.ts";
import type { Asked } from "../../workflow/intent.ts";
import { factsOf, type Project } from "../../workflow/project.ts";
import type { ExternalRef } from "../../workflow/task.ts";
import type { EventActor } from "../decoded.ts";
import { bodyText, nameText, titleText, webAddress } from "../outside-text.ts";
import type { OwnLogin } from "../source.ts";
import { same } from "../triggers.ts";
import type { IssueEvent, User } from "./payload.ts";

/** The change that asks: its semantic key (A13) and the rule of the project that matched. */
export interface Change {
  readonly project: Project;
  readonly actor: EventActor;
  readonly key: string;
  readonly because: string;
}

export function startIntent({ issue, ...event }: IssueEvent, change: Change, explicit: boolean): StartTask {
  return {
    kind: "start_task",
    ...asked(change),
    refs: refsOf({ issue, ...event }),
    title: titleText(issue.title),
    body: bodyText(issue.body ?? ""),
    url: webAddress(issue.html_url),
    author: issue.user === null ? null : issue.user.login,
    number: issue.number,
    priority: 0,
    explicit,
    facts: factsOf(change.project),
  };
}

export function cancelIntent(event: IssueEvent, change: Change, reason: string): CancelTask {
  return { kind: "cancel_task", ...asked(change), target: { refs: refsOf(event) }, reason };
}

export function retryIntent(event: IssueEvent, change: Change): RetryTask {
  return {
    kind: "retry_task",
    ...asked(change),
    target: { refs: refsOf(event) },
    agent: change.project.agent,
  };
}

/** Such as `github:acme/shop#12`: what orders the deliveries about one issue. */
export function subjectOf({ repository, issue }: IssueEvent): string {
  return `github:${repository.full_name}#${issue.number}`;
}

/** The key of a change of the issue itself; GitHub stamps every change with a new `updated_at`. */
export function changeKey(event: IssueEvent, change: string): string {
  return `${subjectOf(event)}:${change}:${nameText(event.issue.updated_at)}`;
}

/** The number is what people know; the id stays when the issue's repository gets another name. */
function refsOf({ repository, issue }: IssueEvent): readonly ExternalRef[] {
  return [
    { source: "github", kind: "issue", id: `${repository.full_name}#${issue.number}` },
    { source: "github", kind: "issue_id", id: String(issue.id) },
  ];
}

export type Addressed =
  | { readonly kind: "ok"; readonly projects: readonly Project[] }
  | { readonly kind: "ignore"; readonly reason: string };

/** The projects an event is for, or why it is for none. A repository may belong to several projects. */
export function addressed(
  projects: readonly Project[],
  own: OwnLogin | null,
  { repository, sender }: IssueEvent,
): Addressed {
  if (isOwn(sender, own)) return { kind: "ignore", reason: "Chargehand's own doing" };
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

function isOwn(sender: User, own: OwnLogin | null): boolean {
  if (own === null) return false;
  const isSameId = own.id !== null && sender.id !== undefined && own.id === String(sender.id);
  return isSameId || (own.login !== null && same(own.login, sender.login));
}

function asked({ project, actor, key, because }: Change): Asked {
  return { project: project.name, by: { kind: "github", name: actor.name }, key, because };
}
