/** What a digest says: what a day or a week has brought, and what waits for somebody. Pure. */

import type { Line, Message, Piece } from "../../chats/chat.ts";
import type { DigestSpend, DigestTask } from "../../store/told/digest.ts";
import { amount, cents } from "../cards/figures.ts";
import { NAME_CHARS_MAX, penOf } from "../cards/pen.ts";

/** A window, and when it opens or closes next (ms). */
export interface NextWindow {
  readonly name: string;
  readonly isOpen: boolean;
  readonly at: number;
}

export interface DigestFacts {
  readonly every: "day" | "week";
  /** The span that is summed up (ms). */
  readonly from: number;
  readonly until: number;
  readonly done: readonly DigestTask[];
  readonly failed: readonly DigestTask[];
  readonly waiting: readonly DigestTask[];
  /** Works that could not be published, and wait. */
  readonly kept: number;
  /** The dearest first. */
  readonly spent: readonly DigestSpend[];
  readonly windows: readonly NextWindow[];
}

/** Of each list; the others are counted. */
const LISTED_MAX = 5;
const TITLE_CHARS_MAX = 100;

/** @returns `null` when there is nothing to tell: a quiet day has no digest */
export function digestMessage(facts: DigestFacts, redact: (text: string) => string): Message | null {
  const { every, from, until, done, failed, waiting, kept, spent, windows } = facts;
  if (done.length + failed.length + waiting.length + kept + spent.length === 0) return null;
  const lines = [
    line(100, { text: every === "day" ? "🗒 The day" : "🗒 The week", as: "bold" }),
    line(60, { time: from, as: "at" }, { text: " – " }, { time: until, as: "at" }),
    ...listOf("✋", waiting.length === 1 ? "waits for you" : "wait for you", waiting, 95, redact),
    ...listOf("❌", "failed", failed, 90, redact),
    ...listOf("✅", "done", done, 80, redact),
    ...(kept === 0
      ? []
      : [line(85, { text: `📦 ${kept} kept, to be published: ` }, { text: "chargehand kept", as: "code" })]),
    ...spentLines(spent, redact),
    ...windows
      .slice(0, LISTED_MAX)
      .map(({ name, isOpen, at }) =>
        line(
          40,
          { text: `🕓 ${penOf(redact).line(name, NAME_CHARS_MAX)} ${isOpen ? "closes" : "opens"} ` },
          { time: at, as: "at" },
        ),
      ),
  ];
  return { lines, buttons: [] };
}

function line(weight: number, ...pieces: readonly Piece[]): Line {
  return { weight, pieces };
}

function listOf(
  sign: string,
  word: string,
  tasks: readonly DigestTask[],
  weight: number,
  redact: (text: string) => string,
): readonly Line[] {
  if (tasks.length === 0) return [];
  const pen = penOf(redact);
  const told = tasks
    .slice(0, LISTED_MAX)
    .map(({ key, title }) =>
      line(
        weight - 20,
        { text: "• " },
        { text: key, as: "bold" },
        { text: ` ${pen.line(title, TITLE_CHARS_MAX)}` },
      ),
    );
  const rest = tasks.length - told.length;
  return [
    line(weight, { text: `${sign} ${tasks.length} ${word}`, as: "bold" }),
    ...told,
    ...(rest > 0 ? [line(weight - 20, { text: `• and ${rest} more`, as: "quiet" })] : []),
  ];
}

function spentLines(spent: readonly DigestSpend[], redact: (text: string) => string): readonly Line[] {
  if (spent.length === 0) return [];
  const pen = penOf(redact);
  const sum = spent.reduce(
    (all, one) => ({
      tokens: all.tokens + one.tokens,
      nanos: all.nanos + one.nanos,
      isUnpriced: all.isUnpriced || one.isUnpriced,
    }),
    { tokens: 0, nanos: 0, isUnpriced: false },
  );
  const told = spent
    .slice(0, LISTED_MAX)
    .map((one) =>
      line(
        50,
        { text: `• ${pen.line(one.project, NAME_CHARS_MAX)} · ` },
        { text: pen.line(one.model, NAME_CHARS_MAX), as: "code" },
        { text: ` · ${usedOf(one)}` },
      ),
    );
  const rest = spent.length - told.length;
  return [
    line(75, { text: `Σ ${usedOf(sum)}` }),
    ...told,
    ...(rest > 0 ? [line(50, { text: `• and ${rest} more`, as: "quiet" })] : []),
  ];
}

/** What has no price is said to have none, and never counts as nothing. */
function usedOf({ tokens, nanos, isUnpriced }: Pick<DigestSpend, "tokens" | "nanos" | "isUnpriced">): string {
  const cost = isUnpriced ? (nanos === 0 ? "unpriced" : `${cents(nanos)} and unpriced`) : cents(nanos);
  return `${cost} · ${amount(tokens)} tok`;
}
