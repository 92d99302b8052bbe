/** Makes a message as short as there is room for: what weighs least goes first. Pure. */

import type { Line, Message, Piece } from "../chat.ts";
import { cut } from "./words.ts";

/** No single piece takes the room of all others (UTF-16 units). */
const PIECE_CHARS_MAX = 2_000;
/** Below this nothing that is cut says anything. */
const PIECE_CHARS_MIN = 16;

/**
 * The message within a limit: pieces that are far too long are cut, then lines go, those of the lowest weight and among
 * them the last one first; what is left is cut where it is longest.
 *
 * @param measure how much of the limit a message takes
 */
export function shorten(message: Message, measure: (message: Message) => number, limit: number): Message {
  let short = withPieces(message, PIECE_CHARS_MAX);
  while (measure(short) > limit && short.lines.length > 1) short = { ...short, lines: lighter(short.lines) };
  for (
    let max = PIECE_CHARS_MAX / 2;
    measure(short) > limit && max >= PIECE_CHARS_MIN;
    max = Math.floor(max / 2)
  )
    short = withPieces(short, max);
  return short;
}

function lighter(lines: readonly Line[]): readonly Line[] {
  const lowest = Math.min(...lines.map(({ weight }) => weight));
  const last = lines.findLastIndex(({ weight }) => weight === lowest);
  return lines.filter((_line, index) => index !== last);
}

function withPieces(message: Message, max: number): Message {
  const lines = message.lines.map((line) => ({
    ...line,
    pieces: line.pieces.map((piece) => cutPiece(piece, max)),
  }));
  return { ...message, lines };
}

function cutPiece(piece: Piece, max: number): Piece {
  return "text" in piece ? { ...piece, text: cut(piece.text, max) } : piece;
}
