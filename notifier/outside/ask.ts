/**
 * What is asked of people, in a comment of its own: whoever watches an item hears of a new comment, and not of one that
 * was edited. Pure.
 *
 * A1. One comment for each question and each approval, by its id, for as long as somebody may answer; then it says what
 *     has become of it. What was over before it was told stays untold.
 * A2. It begins with words of ours, so that none of it is ever read as a command.
 */

import type { Face, WantedFace } from "../../workflow/outside/face.ts";
import { ASK, isAsk } from "../../workflow/outside/face.ts";
import { codeSpan, plainLine } from "../../workflow/text/markdown.ts";
import type { CardFacts } from "../cards/facts.ts";
import { NAME_CHARS_MAX, type Pen, penOf } from "../cards/pen.ts";
import { CARD_STATES, cardState, openApproval, openQuestion } from "../cards/state.ts";
import { askedParts } from "./asked.ts";
import { type CommentSetting, LINKED } from "./comment.ts";
import type { Place } from "./wanted.ts";

const TEXT_CHARS_MAX = 8_000;

/** What became of one ask, by its aspect; `null` for what may still be answered. */
interface Asked {
  readonly aspect: `${typeof ASK}${string}`;
  readonly outcome: string | null;
  /** With this ask alone. */
  readonly facts: CardFacts;
}

/** @param faces of the task, as they are known */
export function askFaces(
  facts: CardFacts,
  places: readonly Place[],
  faces: readonly Face[],
  setting: Pick<CommentSetting, "redact" | "command">,
): readonly WantedFace[] {
  const pen = penOf(setting.redact);
  const asks = asksOf(facts, pen);
  return places.flatMap(({ source, at }): WantedFace[] => {
    const own = faces.filter((face) => face.source === source);
    const where = { source, place: at.place, item: at.id };
    const now = asks
      .filter(({ aspect, outcome }) => outcome === null || own.some((face) => face.aspect === aspect))
      .map((ask) => ({
        ...where,
        aspect: ask.aspect,
        wish: { text: textOf(ask, setting.command, pen) },
      }));
    // Another was asked before anybody could tell how this one ended.
    const before = own.flatMap(({ aspect }): WantedFace[] =>
      isAsk(aspect) && !asks.some((ask) => ask.aspect === aspect)
        ? [{ ...where, aspect, wish: { text: headLine(facts, "this is asked no more") } }]
        : [],
    );
    return [...now, ...before];
  });
}

function asksOf(facts: CardFacts, pen: Pen): readonly Asked[] {
  const { approval, question } = facts;
  const asks: Asked[] = [];
  if (approval !== null) {
    const { id, status, decidedBy } = approval;
    const outcome = openApproval(facts) === null ? outcomeOf(status, decidedBy, pen) : null;
    asks.push({ aspect: `${ASK}approval-${id}`, outcome, facts: { ...facts, question: null } });
  }
  if (question !== null) {
    const { id, status, answeredBy } = question;
    const outcome = openQuestion(facts) === null ? outcomeOf(status, answeredBy, pen) : null;
    asks.push({ aspect: `${ASK}question-${id}`, outcome, facts: { ...facts, approval: null } });
  }
  return asks;
}

function outcomeOf(status: string, by: string | null, pen: Pen): string {
  return by === null ? status : `${status} by ${plainLine(pen.line(by, NAME_CHARS_MAX))}`;
}

function textOf({ outcome, facts }: Asked, command: string | null, pen: Pen): string {
  const { approval } = facts;
  const about = approval === null ? "" : `, of phase ${codeSpan(pen.line(approval.phase, NAME_CHARS_MAX))}`;
  const what = approval === null ? "a question" : "an approval";
  if (outcome !== null) return headLine(facts, `${what}${about}: **${outcome}**`);
  const parts = [
    headLine(facts, `waits for ${approval === null ? "an answer" : `${what}${about}`}`),
    ...askedParts(facts, cardState(facts), pen, command),
  ];
  const text = parts.filter((part) => part !== "").join("\n\n");
  return text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX).toWellFormed()}…`;
}

function headLine({ task }: CardFacts, what: string): string {
  return `${CARD_STATES.asking.sign} **${task.key}** · ${what}`;
}

/** With a way to the comment about the task, whose address is known when this is told. */
export function withCard(text: string, url: string | null): string {
  return url === null || !LINKED.test(url) ? text : `${text}\n\n[How it stands](${url})`;
}
