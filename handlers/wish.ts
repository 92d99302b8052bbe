/** Wishes: what a project is to do for whoever caused an event, if that person may. The same for all sources; pure. */

import type { Intent } from "../workflow/decide/decide.ts";
import type { StartTask } from "../workflow/decide/start-task.ts";
import type { Source } from "../workflow/delivery.ts";
import type { Asked, TaskTarget } from "../workflow/intent.ts";
import type { Spot } from "../workflow/outside/calls.ts";
import { factsOf, type Project } from "../workflow/project.ts";
import type { ExternalRef } from "../workflow/task.ts";
import { bodyText, titleText, webAddress } from "./outside-text.ts";

/** Who caused an event, as far as the event tells. */
export interface EventActor {
  /** Login, or user id where people have no login (Plane). */
  readonly name: string;
  readonly isBot: boolean;
  /** What the source calls this very person's relation to the project (GitHub's association), if the payload does. */
  readonly standing: string | null;
  /** Why the event by itself proves the right to cause it; `null` when it proves nothing. */
  readonly implies: string | null;
}

/** What is no change of a task: something to be read about one, or a word on its whole project. */
export interface Aside extends Asked {
  readonly kind: "aside";
  /** The task that it is about, or at which it was said. */
  readonly target: TaskTarget;
  readonly what: "status" | "explain" | "budget" | "help" | "freeze" | "unfreeze";
  /** One line; `null` of what is only shown. */
  readonly why: string | null;
}

export type Wished = Extract<Intent, Asked> | Aside;

/** What one project is to do. */
export interface Wish {
  readonly project: Project;
  readonly intent: Wished;
  readonly actor: EventActor;
  /** Why it needs nobody's right: the source itself tells it, and nothing begins by it. Left out, somebody's. */
  readonly told?: string;
  /** Where it was asked, to be answered there; `null` where nothing can be told. */
  readonly spot: Spot | null;
}

/** The change outside by which somebody wishes it. */
export interface Change {
  readonly source: Source;
  readonly project: Project;
  readonly actor: EventActor;
  /** Semantic: the same for every event that tells of this change. */
  readonly key: string;
  /** The rule of the project that matched. */
  readonly because: string;
  readonly spot: Spot | null;
}

/** What the task is to stand for, as the source has it. */
export interface Item {
  /** All its names there. */
  readonly refs: readonly ExternalRef[];
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
  readonly author: string | null;
  readonly number: number | null;
}

/**
 * @param explicit a person asked in so many words
 * @param said what they have said besides
 */
export function startWish(item: Item, change: Change, explicit: boolean, said: string | null = null): Wish {
  const intent: StartTask = {
    kind: "start_task",
    ...asked(change),
    refs: item.refs,
    title: titleText(item.title),
    body: bodyText(item.body),
    url: item.url === null ? null : webAddress(item.url),
    author: item.author,
    number: item.number,
    priority: 0,
    explicit,
    ...(said !== null && { said: bodyText(said) }),
    facts: factsOf(change.project),
  };
  return wish(change, intent);
}

/** @param isClosed what it stands for was closed, which its own success does, too */
export function cancelWish(target: TaskTarget, change: Change, reason: string, isClosed = false): Wish {
  const closed = isClosed ? { isClosed } : {};
  return wish(change, { kind: "cancel_task", ...asked(change), target, reason, isOver: true, ...closed });
}

/** What it waits for there is asked for later, as it stands then. @param why not everybody may declare it there */
export function needsWish(
  target: TaskTarget,
  change: Change,
  at: { readonly place: string; readonly id: string },
  why: string,
): Wish {
  const { source } = change;
  const intent = { kind: "declare_needs", ...asked(change), target, source, at, needs: [] } as const;
  return { ...wish(change, intent), told: why };
}

/** @param now what was changed, as it reads now; what is left out was not, whatever it reads now */
export function editWish(
  target: TaskTarget,
  change: Change,
  now: { readonly title: string | null; readonly body: string | null },
): Wish {
  const title = now.title === null ? {} : { title: titleText(now.title) };
  const body = now.body === null ? {} : { body: bodyText(now.body) };
  return wish(change, { kind: "edit_task", ...asked(change), target, ...title, ...body });
}

function wish({ project, actor, spot }: Change, intent: Wish["intent"]): Wish {
  return { project, actor, intent, spot };
}

/** What all wishes of a change have in common. */
export function asked({ source, project, actor, key, because }: Change): Asked {
  return { project: project.name, by: { kind: source, name: actor.name }, key, because };
}
