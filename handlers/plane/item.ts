/** The intents that Plane's events become. Pure. */

import type { CancelTask } from "../../workflow/decide/cancel-task.ts";
import type { RetryTask } from "../../workflow/decide/retry-task.ts";
import type { StartTask } from "../../workflow/decide/start-task.ts";
import type { Asked } from "../../workflow/intent.ts";
import { factsOf, type Project } from "../../workflow/project.ts";
import type { ExternalRef } from "../../workflow/task.ts";
import type { EventActor } from "../decoded.ts";
import { bodyText, titleText } from "../outside-text.ts";
import type { ItemText } from "./change.ts";

/** The change that asks: its semantic key (A13) and the rule of the project that matched. */
export interface Change {
  readonly project: Project;
  readonly actor: EventActor;
  readonly key: string;
  readonly because: string;
}

/** @param explicit a person asked in so many words. A moved card is none: cards are moved by habit and by robots. */
export function startIntent(
  itemId: string,
  text: ItemText,
  author: string | null,
  change: Change,
  explicit: boolean,
): StartTask {
  return {
    kind: "start_task",
    ...asked(change),
    refs: [workItemRef(itemId)],
    title: text.title,
    body: text.body,
    // Plane's webhooks carry neither the address of its web app nor the name of the workspace in it.
    url: null,
    author,
    number: text.number,
    priority: 0,
    explicit,
    facts: factsOf(change.project),
  };
}

export function cancelIntent(itemId: string, change: Change, reason: string): CancelTask {
  return { kind: "cancel_task", ...asked(change), target: { refs: [workItemRef(itemId)] }, reason };
}

export function retryIntent(itemId: string, change: Change): RetryTask {
  return {
    kind: "retry_task",
    ...asked(change),
    target: { refs: [workItemRef(itemId)] },
    agent: change.project.agent,
  };
}

export function workItemRef(itemId: string): ExternalRef {
  return { source: "plane", kind: "work_item", id: itemId };
}

/** What orders the deliveries about one work item. */
export function subjectOf(itemId: string): string {
  return `plane:${itemId}`;
}

/** A work item's text, made fit for a task. */
export function itemText({ title, body, number }: ItemText): ItemText {
  return { title: titleText(title), body: bodyText(body), number };
}

function asked({ project, actor, key, because }: Change): Asked {
  return { project: project.name, by: { kind: "plane", name: actor.name }, key: key, because };
}
