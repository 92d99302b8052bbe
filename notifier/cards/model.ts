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
import type { Cause } from "../../workflow/explain/lane.ts";
import type { Phase } from "../../workflow/phases/phase.ts";
import { titleOf } from "../../workflow/phases/question.ts";
import type { Run } from "../../workflow/run.ts";
import { runMoves } from "../../workflow/states.ts";
import { visibleLine, visibleText } from "../../workflow/text/visible.ts";
import { askButtons, cardButtons } from "./buttons.ts";
import type { CardFacts } from "./facts.ts";
import { amount, cents, span, tellUsed, usedBy } from "./figures.ts";
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
const SENTENCE_CHARS_MAX = 700;
const QUOTE_CHARS_MAX = 900;
const NAME_CHARS_MAX = 60;
/** Phases beyond these are the oldest, and told in one line. */
const PHASES_SHOWN = 14;

export function draw(facts: CardFacts, drawing: Drawing): Shown {
  const state = cardState(facts);
  const pen = penOf(drawing);
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
  const card = { lines, buttons: cardButtons(facts, state) };
  return { state, card, ask: askOf(facts, state, pen) };
}

interface Pen {
  line(text: string, most?: number): string;
  text(text: string): string;
}

function penOf({ redact }: Drawing): Pen {
  const cut = (text: string, most: number): string =>
    text.length <= most
      ? text
      : `${text
          .slice(0, most - 1)
          .toWellFormed()
          .trimEnd()}…`;
  return {
    line: (text, most = SENTENCE_CHARS_MAX) => cut(redact(visibleLine(text.slice(0, 4 * most))), most),
    text: (text) => cut(redact(visibleText(text.slice(0, 4 * QUOTE_CHARS_MAX))).trim(), QUOTE_CHARS_MAX),
  };
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
  const causes = facts.causes.filter(({ about }) => about !== "work").slice(0, 3);
  return [head, ...causes.map((cause, index) => causeLine(cause, 90 - index, pen))];
}

function causeLine({ reason, until }: Cause, weight: number, pen: Pen): Line {
  const told = pen.line(reason);
  const pieces: Piece[] = [{ text: told }];
  if (until !== null) pieces.push({ text: " · until " }, { time: until, as: "at" });
  return { weight, pieces };
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
    return quote([titleOf(form), ...fields].join("\n"), 92, pen);
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

const SIGNS: Readonly<Record<Phase["status"], string>> = {
  pending: "○",
  running: "▶",
  validating: "◐",
  gated: "✋",
  completed: "✓",
  failed: "✗",
  skipped: "–",
};

function phaseLines({ phases, runs }: CardFacts, pen: Pen): readonly Line[] {
  if (phases.length === 0) return [];
  const hidden = Math.max(0, phases.length - PHASES_SHOWN);
  const more: Line[] =
    hidden === 0 ? [] : [{ weight: 45, pieces: [{ text: `… ${hidden} earlier phases`, as: "quiet" }] }];
  const shown = phases.slice(hidden).map((phase, index, all) => ({
    // The newest says most.
    weight: 80 - (all.length - 1 - index),
    pieces: phasePieces(phase, runs, pen),
  }));
  return [...more, ...shown];
}

function phasePieces(phase: Phase, runs: readonly Run[], pen: Pen): readonly Piece[] {
  const { status, cycle, enteredAt, finishedAt, verdict } = phase;
  const own = runs.filter(
    (run) =>
      run.phase === phase.phase &&
      run.claimedAt >= enteredAt &&
      (finishedAt === null || run.claimedAt <= finishedAt),
  );
  const [run] = own;
  const model = run?.model ?? run?.usage[0]?.model ?? null;
  const details = [
    ...(verdict === null ? [] : [pen.line(verdict, NAME_CHARS_MAX)]),
    ...(finishedAt === null ? [] : [span(finishedAt - enteredAt)]),
    ...(model === null ? [] : [pen.line(model, NAME_CHARS_MAX)]),
    ...(run?.effort == null ? [] : [pen.line(run.effort, NAME_CHARS_MAX)]),
    ...tellUsed(usedBy(own)),
  ];
  const name = pen.line(phase.phase, NAME_CHARS_MAX);
  return [
    { text: `${SIGNS[status]} ` },
    { text: cycle > 1 ? `${name} ×${cycle}` : name, ...(finishedAt === null && { as: "bold" as const }) },
    ...(details.length === 0 ? [] : [{ text: ` · ${details.join(" · ")}`, as: "quiet" as const }]),
  ];
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
  const told = question === null ? (causes[0]?.reason ?? CARD_STATES[state].word) : titleOf(question.form);
  const lines: Line[] = [
    {
      weight: 100,
      pieces: [
        { text: `${CARD_STATES[state].sign} ` },
        { text: task.key, as: "bold" },
        { text: `  ${title}` },
      ],
    },
    { weight: 90, pieces: [{ text: pen.line(told) }] },
  ];
  const retry = { label: "Retry", action: "retry", tone: "good" } as const;
  const asked = askButtons(facts);
  return { about, message: { lines, buttons: asked.length > 0 || question !== null ? asked : [[retry]] } };
}
