/** Why a task waits, a line each, as its card tells it. Pure. */

import type { Line, Piece } from "../../chats/chat.ts";
import { type Cause, utc } from "../../workflow/explain/lane.ts";
import { titleOf } from "../../workflow/phases/question.ts";
import type { CardFacts } from "./facts.ts";
import type { Pen } from "./pen.ts";
import { openQuestion } from "./state.ts";

const CAUSES_SHOWN = 3;

/** What weighs most comes first. Its place in the queue changes with every claim of others; a question is quoted. */
export function causeLines(facts: CardFacts, pen: Pen): readonly Line[] {
  const { task, causes } = facts;
  const question = openQuestion(facts);
  const asked = question === null ? null : titleOf(question.form);
  return causes
    .filter(({ about }) => about !== "work" && about !== "queue")
    .filter(({ reason }) => asked === null || !reason.endsWith(asked))
    .slice(0, CAUSES_SHOWN)
    .map((cause, index) => ({ weight: 90 - index, pieces: piecesOf(cause, task.key, pen) }));
}

/** The moment until which it waits is one that the chat shows: in the place where the sentence names it, if it does. */
function piecesOf({ reason, until }: Cause, key: string, pen: Pen): readonly Piece[] {
  const told = pen.line(withoutKey(reason, key));
  if (until === null) return [{ text: told }];
  const time: Piece = { time: until, as: "at" };
  const named = utc(until);
  const at = told.indexOf(named);
  if (at === -1) return [{ text: `${told} · until ` }, time];
  const after = told.slice(at + named.length);
  return [{ text: told.slice(0, at) }, time, ...(after === "" ? [] : [{ text: after }])];
}

/** The line above has the key, and that it failed. */
export function withoutKey(reason: string, key: string): string {
  return reason.startsWith(`${key} `) ? reason.slice(key.length + 1).replace(/^failed: /, "") : reason;
}
