/**
 * A message as people see it, before a chat's own markup comes around it. Its texts may be an agent's or a stranger's,
 * so what nobody sees goes (I13): with it one could turn a line around, or hide in it.
 *
 * Z1. A line is a line: only what is quoted may have several.
 * Z2. Nobody pays for what is endless: of each text so much is looked at as any chat could show.
 */

import { visibleText } from "../workflow/text/visible.ts";
import type { Line, Message, Piece } from "./chat.ts";
import { textUpTo } from "./fit.ts";

/** Of one text (UTF-16 units). No chat shows more of a message. */
const TEXT_MAX = 8_000;
/** Of one message. */
const LINES_MAX = 200;
const LINKS_BYTES_MAX = 2_000;

/** The same with visible text only. Lines that had nothing else are left out; empty ones stay, as a space between. */
export function asSeen(message: Message): Message {
  const lines = message.lines.slice(0, LINES_MAX).flatMap((line) => {
    const seen = seenLine(line);
    return seen.pieces.length > 0 || line.pieces.length === 0 ? [seen] : [];
  });
  const buttons = message.buttons
    .map((row) => row.map((button) => ({ ...button, label: seenLabel(button.label, button.action) })))
    .filter((row) => row.length > 0);
  return { lines, buttons };
}

function seenLine(line: Line): Line {
  const isQuote = line.isQuote === true;
  const pieces = line.pieces.map((piece) => seenPiece(piece, isQuote));
  return { ...line, pieces: pieces.filter((piece) => !("text" in piece) || piece.text !== "") };
}

function seenPiece(piece: Piece, isQuote: boolean): Piece {
  if (!("text" in piece)) return piece;
  const visible = visibleText(textUpTo(piece.text, TEXT_MAX));
  const text = isQuote ? visible.replace(/\n{3,}/g, "\n\n") : visible.replace(/\s*\n\s*/g, " ");
  return "href" in piece && !isWebAddress(piece.href) ? { text } : { ...piece, text };
}

/** Anything else could call somebody, or run something. */
function isWebAddress(href: string): boolean {
  const url = href.length > LINKS_BYTES_MAX ? null : URL.parse(href);
  return url !== null && /^https?:$/.test(url.protocol) && !/[\s"<>]/.test(href);
}

/** Labels say something in any case. */
function seenLabel(label: string, action: string): string {
  const text = visibleText(textUpTo(label, TEXT_MAX)).replace(/\s+/g, " ").trim();
  return text === "" ? action : textUpTo(text, 64);
}
