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
  return line.pieces.flatMap(pieceSpans).filter(({ text }) => text !== "");
}

function pieceSpans(piece: Piece): readonly Span[] {
  if ("time" in piece) return [timeSpan(piece.time, piece.as)];
  if ("href" in piece) return [{ text: piece.text, look: "link", href: piece.href }];
  if (piece.as === "code") return [{ text: piece.text, look: "code" }];
  return harmless(piece.text, LOOKS[piece.as ?? "plain"]);
}

const LOOKS = { plain: "plain", bold: "bold", quiet: "italic" } as const;

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
    "\\+\\d{5}",
    "\\d\\.\\d+\\.\\d+\\.\\d",
    "\\d[\\d -]{12,}\\d",
    "\\+?\\d[\\d ()-]{8,}\\d",
  ].join("|"),
  "u",
);
/** A slash within a word, as in `2/3`, calls nobody; nor does an amount of money. */
const CALM = /(?<=[\p{L}\p{N}_])\/(?=[\p{L}\p{N}_])|\$(?=\d(?!INCH))/gu;
/** Words of one text that are taken out by themselves; with more of them all of it becomes code. */
const WORDS_MAX = 4;

/** P1. Of many words, or of one that has blanks in it, all becomes code: Telegram counts stretches, too. */
function harmless(text: string, look: Span["look"]): readonly Span[] {
  const isCalling = (word: string): boolean => CALLING.test(word.replace(CALM, " "));
  if (!isCalling(text)) return [{ text, look }];
  const words = text.split(/(\s+)/u);
  const calling = words.filter(isCalling).length;
  if (calling === 0 || calling > WORDS_MAX) return [{ text, look: "code" }];
  return words.map((word) => ({ text: word, look: isCalling(word) ? "code" : look })).reduce(joined, []);
}

function joined(spans: readonly Span[], { text, look }: Pick<Span, "text" | "look">): readonly Span[] {
  const last = spans.at(-1);
  if (last === undefined || last.look !== look) return [...spans, { text, look }];
  return [...spans.slice(0, -1), { text: last.text + text, look }];
}
