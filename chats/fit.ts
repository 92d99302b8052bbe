/**
 * Makes a message small enough for a chat, whatever that chat counts. Pure.
 *
 * F1. What fits already is not touched.
 * F2. Whatever is far longer than its share is cut first, so that one endless line pushes nobody out. Then lines give
 *     way by their weight, from the end among equals: a long one is cut with `…`, a short one goes as a whole. The
 *     heaviest line is never left out, only cut.
 * F3. A cut falls between two characters as people count them, never within one.
 */

import type { Line, Message, Piece } from "./chat.ts";

/** Of the limit, what one line may have while others have to give way. */
const SHARE = 1 / 3;
/** Characters of a line that are still worth reading; with fewer left of it, it goes. */
const KEPT_MIN = 60;
const ELLIPSIS = "…";

const characters = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * The message with as much of it as fits.
 *
 * @param measure size of a message in the chat's own unit, markup and all; less text is never larger
 * @param limit in that unit
 */
export function fit(message: Message, measure: (message: Message) => number, limit: number): Message {
  const fits = (lines: readonly Line[]): boolean =>
    measure({ ...message, lines: lines.filter(isThere) }) <= limit;
  if (fits(message.lines)) return message;
  const isShare = (line: Line): boolean => measure({ lines: [line], buttons: [] }) <= limit * SHARE;
  let lines = message.lines.map((line) => cutLine(line, isShare));
  for (const index of byWeight(lines).slice(0, -1)) {
    if (fits(lines)) break;
    const without = lines.map((line, at) => (at === index ? EMPTY : line));
    // Only where its going is enough, less of it may be.
    const cut = fits(without) ? lineCut(lines, index, fits) : EMPTY;
    lines = without.with(index, fits(without) && textOf(cut).length >= KEPT_MIN ? cut : EMPTY);
  }
  // What was cut to its share has the room that is left, the most important line first.
  for (const index of byWeight(message.lines).toReversed()) {
    const whole = message.lines[index];
    if (whole === undefined || lines[index] === EMPTY || lines[index] === whole) continue;
    lines = lines.with(index, lineCut(lines.with(index, whole), index, fits));
  }
  return { ...message, lines: lines.filter(isThere) };
}

/** Stands where a line was, so that the others keep their places until the end. */
const EMPTY: Line = { pieces: [], weight: Number.POSITIVE_INFINITY };

function isThere(line: Line): boolean {
  return line !== EMPTY;
}

/** Places of lines, the least important first. */
function byWeight(lines: readonly Line[]): readonly number[] {
  return [...lines.keys()].sort((a, b) => weightAt(lines, a) - weightAt(lines, b) || b - a);
}

function weightAt(lines: readonly Line[], index: number): number {
  return lines[index]?.weight ?? 0;
}

/** As much of one line as fits with the others as they are. */
function lineCut(lines: readonly Line[], index: number, fits: (lines: readonly Line[]) => boolean): Line {
  return cutLine(lines[index] ?? EMPTY, (cut) => fits(lines.with(index, cut)));
}

/** As much of a line as is small enough; itself where it is, and nearly nothing where that is not enough either. */
export function cutLine(line: Line, isEnough: (cut: Line) => boolean): Line {
  if (isEnough(line)) return line;
  let [least, most] = [0, textOf(line).length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (isEnough(lineUpTo(line, middle))) least = middle;
    else most = middle - 1;
  }
  return lineUpTo(line, least);
}

function textOf(line: Line | undefined): string {
  return (line?.pieces ?? []).map((piece) => ("text" in piece ? piece.text : "")).join("");
}

/** The first `units` of its text (UTF-16) and an ellipsis. An instant behind them goes as a whole. */
function lineUpTo(line: Line, units: number): Line {
  const pieces: Piece[] = [];
  let left = units;
  for (const piece of line.pieces) {
    if (!("text" in piece)) {
      pieces.push(piece);
      continue;
    }
    const text = textUpTo(piece.text, left);
    if (text.length < piece.text.length) {
      pieces.push({ ...piece, text: `${text.trimEnd()}${ELLIPSIS}` });
      break;
    }
    pieces.push(piece);
    left -= text.length;
  }
  return { ...line, pieces };
}

/** Whole characters of a text (F3), at most `units` of UTF-16. */
export function textUpTo(text: string, units: number): string {
  if (text.length <= units) return text;
  if (units <= 0) return "";
  // The segments are found around the place, without going through all that is before it.
  return text.slice(0, characters.segment(text).containing(units)?.index ?? 0);
}
