/**
 * What somebody is told, at the item where they asked, of what is not done. Pure.
 *
 * F1. Once to each person, item and kind of reason, and to no bot: two that answer each other never end.
 * F2. A person is not called by name: a comment below theirs is heard of anyway, and a name is an alarm.
 * F3. Only who has asked for something: nobody is told of a label that means nothing here, or of a change that was
 *     heard of before.
 */

import type { Spot } from "../workflow/outside/calls.ts";
import type { Reply } from "../workflow/outside/reply.ts";
import type { Project } from "../workflow/project.ts";
import { plainLine } from "../workflow/text/markdown.ts";
import type { EventActor } from "./wish.ts";

export type RefusalKind = "not_trusted" | "not_understood" | "not_possible";

export interface Refusal {
  readonly kind: RefusalKind;
  readonly project: Project;
  /** Where it was asked; `null` where nothing can be told. */
  readonly spot: Spot | null;
  readonly actor: EventActor;
  /** A sentence, in which anything may stand. */
  readonly reason: string;
}

const HEADS: Readonly<Record<RefusalKind, string>> = {
  not_trusted: "Nothing was done",
  not_understood: "That was not understood",
  not_possible: "That is not possible now",
};

const REMEDIES: Readonly<Record<RefusalKind, string | null>> = {
  not_trusted:
    "Whoever may write to this project may ask for it, and so may those whom `trust` of its configuration names.",
  not_understood: null,
  not_possible: null,
};

/** `null` where nobody is told. @param redact takes secrets out of a text */
export function replyTo(
  { kind, project, spot, actor, reason }: Refusal,
  redact: (text: string) => string,
): Reply | null {
  if (spot === null || actor.isBot || !project.tell.comment) return null;
  const remedy = REMEDIES[kind];
  const head = `**${HEADS[kind]}**: ${plainLine(redact(reason))}.`;
  return {
    to: spot,
    text: remedy === null ? head : `${head}\n\n${remedy}`,
    once: { person: actor.name.toLowerCase(), about: kind },
  };
}
