/**
 * A message as stretches of text, each with what it is to look like: from them the markup is made, or none.
 *
 * P1. Telegram looks for commands, names, hashtags, addresses and numbers in whatever is no code, and makes links of
 *     them: a stranger's title could call people, or put a command under a finger. What looks like one becomes code.
 * P2. Its documentation lets no code stand within bold or a link, so a stretch has one look, and never two.
 */

import type { Line, Message, Piece } from "../chat.ts";

export interface Span {
  readonly text: string;
  readonly look: "plain" | "bold" | "italic" | "code" | "link" | "time";
  readonly href?: string;
  /** Seconds since the epoch, and how Telegram is to write it. */
  readonly time?: { readonly unix: number; readonly format: string };
}

/** Lines of the same kind, one below the other. */
export interface Block {
  readonly isQuote: boolean;
  readonly lines: readonly (readonly Span[])[];
}

export function blocksOf(message: Message): readonly Block[] {
  const blocks: { isQuote: boolean; lines: (readonly Span[])[] }[] = [];
  for (const line of message.lines) {
    const isQuote = line.isQuote === true;
    const last = blocks.at(-1);
    const spans = spansOf(line);
    if (last?.isQuote === isQuote) last.lines.push(spans);
    else blocks.push({ isQuote, lines: [spans] });
  }
  return blocks;
}

function spansOf(line: Line): readonly Span[] {
  return harmless(line.pieces.map(spanOf).filter(({ text }) => text !== ""));
}

function spanOf(piece: Piece): Span {
  if ("time" in piece) return timeSpan(piece.time, piece.as);
  if ("href" in piece) return { text: piece.text, look: "link", href: piece.href };
  return { text: piece.text, look: LOOKS[piece.as ?? "plain"] };
}

const LOOKS = { plain: "plain", bold: "bold", quiet: "italic", code: "code" } as const;

/** Telegram keeps the time in 32 bits. */
const UNIX_MAX = 2 ** 31 - 1;
const FORMATS = { since: "r", at: "Dt" } as const;

/** The fallback is what older programs show, and says the same for ever: whoever reads it may live in any zone. */
function timeSpan(ms: number, as: "since" | "at"): Span {
  const unix = Math.floor(ms / 1_000);
  if (!(unix >= 1 && unix <= UNIX_MAX)) return { text: "an unknown time", look: "plain" };
  const text = `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return { text, look: "time", time: { unix, format: FORMATS[as] } };
}

/** What Telegram makes links of: wider than its own rules, which change. */
const CALLING = new RegExp(
  [
    "[@#$/][\\p{L}\\p{N}_]",
    "[\\p{L}\\p{N}_-]\\.\\p{L}{2}",
    "\\p{L}:/",
    "\\d{12}",
    "\\+\\d{2}",
    "\\d\\.\\d+\\.\\d+\\.\\d",
  ].join("|"),
  "u",
);
/** A slash within a word, as in `2/3`, calls nobody; nor does an amount of money. */
const CALM = /(?<=[\p{L}\p{N}_])\/(?=[\p{L}\p{N}_])|\$(?=\d(?!INCH))/gu;
/** Words of one line that are taken out by themselves; with more of them all of it becomes code (E2 of `render.ts`). */
const WORDS_MAX = 4;
/** Stands for an instant, which is no word of anybody's. */
const INSTANT = "\ufffc";

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** P1, over the whole line: two harmless pieces side by side may call somebody together. */
function harmless(spans: readonly Span[]): readonly Span[] {
  const line = spans.map(({ text, look }) => (look === "time" ? INSTANT.repeat(text.length) : text)).join("");
  const words = [...line.matchAll(/\S+/gu)].filter(([word]) => CALLING.test(word.replace(CALM, " ")));
  if (words.length === 0) return spans;
  const calling =
    words.length > WORDS_MAX
      ? [{ from: 0, to: line.length }]
      : words.map(({ index, 0: word }) => ({ from: index, to: index + word.length }));
  let at = 0;
  return spans.flatMap((span) => {
    const from = at;
    at += span.text.length;
    return /^(plain|bold|italic)$/.test(span.look) ? partsOf(span, from, calling) : [span];
  });
}

/** @param from where the span begins in the line */
function partsOf(span: Span, from: number, calling: readonly Stretch[]): readonly Span[] {
  const end = from + span.text.length;
  const parts: Span[] = [];
  let at = from;
  const upTo = (place: number, look: Span["look"]): void => {
    if (place > at) parts.push({ text: span.text.slice(at - from, place - from), look });
    at = Math.max(at, place);
  };
  for (const stretch of calling) {
    upTo(Math.min(stretch.from, end), span.look);
    if (stretch.to > at && stretch.from < end) upTo(Math.min(stretch.to, end), "code");
  }
  upTo(end, span.look);
  return parts;
}
