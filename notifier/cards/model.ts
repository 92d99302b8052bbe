/**
 * What is to be read of a task in a chat: its card, and what is said beside it when it wants a person. Pure.
 *
 * D1. It is made of facts alone: the same facts give the same message, however much time has passed. What passes by
 *     itself (since when, until when) is a moment that the chat shows as such.
 * D2. Text from outside goes through `visible…`, secrets through `redact`; markup is none of its business.
 */

import { activityIn } from "../../agents/transcript.ts";
import type { Line, Message, Piece } from "../../chats/chat.ts";
import { limitOf } from "../../workflow/budget.ts";
import { titleOf } from "../../workflow/phases/question.ts";
import { runMoves } from "../../workflow/states.ts";
import { askButtons, cardButtons, hiddenOptions } from "./buttons.ts";
import { causeLines, withoutKey } from "./causes.ts";
import type { CardFacts } from "./facts.ts";
import { amount, cents, tellUsed, usedBy } from "./figures.ts";
import { NAME_CHARS_MAX, type Pen, penOf } from "./pen.ts";
import { phaseLines } from "./phases.ts";
import { CARD_STATES, type CardState, cardState, openApproval, openQuestion } from "./state.ts";

/** What a chat is to show of a task. */
export interface Shown {
  readonly state: CardState;
  readonly card: Message;
  /** What makes a sound, and goes when it is over; `null` where nobody is wanted. */
  readonly ask: { readonly about: string; readonly message: Message } | null;
}

export interface Drawing {
  readonly redact: (text: string) => string;
  /** Whether what the agent does is shown. */
  readonly showsActivity: boolean;
}

const TITLE_CHARS_MAX = 300;

export function draw(facts: CardFacts, drawing: Drawing): Shown {
  const state = cardState(facts);
  const pen = penOf(drawing.redact);
  const lines = [
    headLine(facts, state, pen),
    ...stateLines(facts, state, pen),
    ...askedLines(facts, pen),
    ...phaseLines(facts, pen),
    ...(drawing.showsActivity ? activityLine(facts, pen) : []),
    ...totalLine(facts),
    ...placeLine(facts, pen),
    ...endLine(facts, state, pen),
  ];
  const card = { lines, buttons: cardButtons(facts, state, pen) };
  return { state, card, ask: askOf(facts, state, pen) };
}

function headLine({ task }: CardFacts, state: CardState, pen: Pen): Line {
  const key: Piece = task.url === null ? { text: task.key, as: "bold" } : { text: task.key, href: task.url };
  const title = pen.line(task.title, TITLE_CHARS_MAX);
  return {
    weight: 100,
    pieces: [{ text: `${CARD_STATES[state].sign} ` }, key, { text: "  " }, { text: title, as: "bold" }],
  };
}

/** What it waits for, since when, and whose time that is. */
function stateLines(facts: CardFacts, state: CardState, pen: Pen): readonly Line[] {
  const { word, whose } = CARD_STATES[state];
  const since = sinceOf(facts, state);
  const pieces: Piece[] = [
    { text: word, as: "bold" },
    ...(whose === null || state === "working" ? [] : [{ text: ` · ${whose} time`, as: "quiet" } as const]),
    ...(since === null ? [] : [{ text: " · " }, { time: since, as: "since" } as const]),
  ];
  const head: Line = { weight: 98, pieces };
  if (state === "working" || state === "done") return [head];
  return [head, ...causeLines(facts, pen)];
}

function sinceOf({ task, causes, phases }: CardFacts, state: CardState): number | null {
  switch (state) {
    case "done":
    case "failed":
    case "cancelled":
      return task.finishedAt;
    case "paused":
      return task.pausedAt;
    case "working":
      return phases.at(-1)?.enteredAt ?? causes[0]?.since ?? null;
    default:
      return causes[0]?.since ?? task.updatedAt;
  }
}

/** The words that are asked. */
function askedLines(facts: CardFacts, pen: Pen): readonly Line[] {
  const question = openQuestion(facts);
  if (question !== null) {
    const { form } = question;
    const fields = form.fields.map(
      ({ label, type }) => `• ${label}${type === "secret" ? " (secret: not here)" : ""}`,
    );
    const why = form.title === null ? [] : [form.reason];
    const options = hiddenOptions(question, pen).flatMap((option) => quote(option, 91, pen));
    return [...quote([titleOf(form), ...why, ...fields].join("\n"), 92, pen), ...options];
  }
  const approval = openApproval(facts);
  if (approval === null) return [];
  const phase = facts.phases.find(({ seq }) => seq === approval.seq);
  return phase?.summary == null ? [] : quote(phase.summary, 88, pen);
}

function quote(text: string, weight: number, pen: Pen): readonly Line[] {
  const told = pen.text(text);
  return told === ""
    ? []
    : told.split("\n").map((line) => ({ weight, pieces: [{ text: line }], isQuote: true }));
}

/** What its agent does now. */
function activityLine({ runs }: CardFacts, pen: Pen): readonly Line[] {
  const live = runs.find(({ status }) => runMoves.live.includes(status));
  const activity = live === undefined ? null : activityIn(live.transcript);
  if (activity === null) return [];
  const about: Piece[] =
    activity.about === null ? [] : [{ text: " " }, { text: pen.line(activity.about, 120), as: "code" }];
  return [
    { weight: 40, pieces: [{ text: `› ${pen.line(activity.tool, NAME_CHARS_MAX)}`, as: "quiet" }, ...about] },
  ];
}

function totalLine({ runs, standings }: CardFacts): readonly Line[] {
  const left = standings
    .filter(({ scope, unit }) => scope === "task" && unit !== "runs")
    .map((one) => {
      const rest = Math.max(0, limitOf(one) - one.used);
      return `${one.unit === "nanos" ? cents(rest) : `${amount(rest)} tok`} left`;
    });
  if (runs.length === 0) return [];
  const times = `${runs.length} ${runs.length === 1 ? "run" : "runs"}`;
  const told = ["Σ", [times, ...tellUsed(usedBy(runs)), ...left].join(" · ")].join(" ");
  return [{ weight: 70, pieces: [{ text: told }] }];
}

function placeLine({ task }: CardFacts, pen: Pen): readonly Line[] {
  if (task.branch === null) return [];
  return [{ weight: 60, pieces: [{ text: "⎇ " }, { text: pen.line(task.branch, 200), as: "code" }] }];
}

/** What its last agent said of what is done. */
function endLine({ runs, phases }: CardFacts, state: CardState, pen: Pen): readonly Line[] {
  if (state !== "done" && state !== "failed") return [];
  const said = runs[0]?.summary ?? phases.at(-1)?.summary ?? null;
  return said === null ? [] : quote(said, 55, pen);
}

/** A short message with a sound, for what wants a person. */
function askOf(facts: CardFacts, state: CardState, pen: Pen): Shown["ask"] {
  const { task, causes } = facts;
  const approval = openApproval(facts);
  const question = openQuestion(facts);
  const about =
    approval !== null
      ? `approval ${approval.id}`
      : question !== null
        ? `question ${question.id}`
        : state === "failed" || state === "blocked"
          ? `${state} ${task.key} ${task.finishedAt ?? ""}`.trim()
          : null;
  if (about === null) return null;
  const title = pen.line(task.title, 120);
  const why = causes[0] === undefined ? CARD_STATES[state].word : withoutKey(causes[0].reason, task.key);
  const lines: Line[] = [
    {
      weight: 100,
      pieces: [
        { text: `${CARD_STATES[state].sign} ` },
        { text: task.key, as: "bold" },
        { text: `  ${title}` },
      ],
    },
    ...(question === null ? [{ weight: 95, pieces: [{ text: pen.line(why) }] }] : []),
    // The card, which has it too, may stand far above.
    ...askedLines(facts, pen),
    ...elsewhereLine(facts, pen),
  ];
  const retry = { label: "Retry", action: "retry", tone: "good" } as const;
  const asked = askButtons(facts, pen);
  return { about, message: { lines, buttons: asked.length > 0 || question !== null ? asked : [[retry]] } };
}

/** Where a question is answered that no chat is to hear the answer of. */
function elsewhereLine(facts: CardFacts, pen: Pen): readonly Line[] {
  const isSecret = openQuestion(facts)?.form.fields.some(({ type }) => type === "secret") ?? false;
  const remedy = facts.causes[0]?.remedy ?? null;
  if (!isSecret || remedy === null) return [];
  return [{ weight: 80, pieces: [{ text: `It asks for a secret, so not here: ${pen.line(remedy)}` }] }];
}
