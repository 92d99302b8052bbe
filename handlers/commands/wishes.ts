/**
 * From a command to what is wished: the same for every source, whose kit says what the comment stands at. Pure.
 *
 * What is asked of a task is an intent, decided like everybody's. What only shows something, and what is asked of the
 * whole project, is an aside (`aside.ts`).
 */

import type { RaiseBudget } from "../../workflow/decide/budget-raised.ts";
import type { TaskTarget } from "../../workflow/intent.ts";
import { factsOf } from "../../workflow/project.ts";
import { NANOS_PER_USD } from "../../workflow/windows/budget.ts";
import type { Amount } from "../chat/amount.ts";
import { bodyText, lineText } from "../outside-text.ts";
import { asked, type Change, cancelWish, type Wish, type Wished } from "../wish.ts";
import type { Asking } from "./verbs.ts";

/** What the comment stands at. */
export interface Place {
  readonly target: TaskTarget;
  /** When it was written (ms); `null` where the source does not say. */
  readonly saidAt: number | null;
}

/** Of all but a start, which needs the text of the item. */
export type OfTask = Exclude<Asking, { kind: "start" }>;

export function commandWish(asks: OfTask, { target, saidAt }: Place, change: Change): Wish {
  const { project, actor, spot } = change;
  const wish = (wished: Wished): Wish => ({ project, actor, intent: wished, spot });
  const of = asked(change);
  switch (asks.kind) {
    case "cancel":
      return cancelWish(target, change, because(`${actor.name} asked for it`, asks.because));
    case "retry": {
      const said = asks.text === null ? {} : { said: bodyText(asks.text) };
      return wish({ kind: "retry_task", ...of, target, ...said });
    }
    case "approve":
    case "reject":
    case "abort": {
      const why = asks.because === null ? null : bodyText(asks.because);
      return wish({ kind: "answer_gate", ...of, target, answer: asks.kind, why, artifact: null, saidAt });
    }
    case "answer": {
      const said = bodyText(asks.text);
      const none = { question: null, answers: {}, secrets: null };
      return wish({ kind: "answer_question", ...of, target, ...none, said, saidAt });
    }
    case "say":
      return wish({ kind: "say", ...of, target, text: bodyText(asks.text), facts: factsOf(project) });
    case "pause": {
      const why = asks.because === null ? null : lineText(asks.because);
      return wish({ kind: "pause_task", ...of, target, why, until: null, forMs: asks.forMs });
    }
    case "resume":
      return wish({ kind: "resume_task", ...of, target, onlyDue: false });
    case "raise":
      return wish({ kind: "raise_budget", ...of, target, scope: "task", ...inUnits(asks.amount) });
    case "freeze":
    case "unfreeze": {
      const why = asks.because === null ? "asked in a comment" : lineText(asks.because);
      return wish({ kind: "aside", ...of, target, what: asks.kind, why });
    }
    case "show":
      return wish({ kind: "aside", ...of, target, what: asks.what, why: null });
    default:
      return asks satisfies never;
  }
}

function because(sentence: string, why: string | null): string {
  return why === null ? sentence : `${sentence}: ${lineText(why)}`;
}

function inUnits({ unit, amount }: Amount): Pick<RaiseBudget, "unit" | "amount"> {
  return unit === "usd" ? { unit: "nanos", amount: Math.round(amount * NANOS_PER_USD) } : { unit, amount };
}
