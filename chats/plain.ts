/** A message as plain text, for chats that show nothing else: one line of what people see per line. Pure. */

import { visibleLine } from "../workflow/text/visible.ts";
import type { Line, Message, Piece } from "./chat.ts";

/** Of a piece that is read at all (UTF-16 units). */
const READ_MAX = 8_000;

/** @param showsLinks addresses stand behind their texts, in angle brackets */
export function plainLine({ pieces, isQuote }: Line, showsLinks: boolean): string {
  const text = visibleLine(pieces.map((piece) => plainPiece(piece, showsLinks)).join(""));
  return isQuote === true && text !== "" ? `> ${text}` : text;
}

function plainPiece(piece: Piece, showsLinks: boolean): string {
  if ("time" in piece) return plainTime(piece.time);
  const text = piece.text.slice(0, READ_MAX);
  return showsLinks && "href" in piece && webAddress(piece.href) !== null ? `${text} <${piece.href}>` : text;
}

/** To the minute, and in no zone of anybody's. */
function plainTime(at: number): string {
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return "—";
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The first address of a message that a click may lead to; `null` where there is none. */
export function firstAddress({ lines }: Message): string | null {
  for (const { pieces } of lines)
    for (const piece of pieces) {
      const address = "href" in piece ? webAddress(piece.href) : null;
      if (address !== null) return address;
    }
  return null;
}

function webAddress(href: string): string | null {
  const url = href.length > 2_000 ? null : URL.parse(href);
  return url !== null && /^https?:$/.test(url.protocol) && url.password === "" && !/[\s<>]/.test(href)
    ? url.href
    : null;
}

/** At most `bytes` of UTF-8, whole characters only, with an ellipsis where something is missing. */
export function cutBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let [kept, left] = ["", bytes - Buffer.byteLength("…")];
  for (const character of text) {
    left -= Buffer.byteLength(character);
    if (left < 0) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Lines in at most `bytes` of UTF-8: none takes more than half, and those that weigh least go, of several the last. */
export function plainFit(lines: readonly Line[], bytes: number, showsLinks: boolean): string {
  const kept = lines
    .map((line) => ({ weight: line.weight, text: cutBytes(plainLine(line, showsLinks), bytes / 2) }))
    .filter(({ text }) => text !== "");
  const size = (): number => kept.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
  while (size() > bytes + 1 && kept.length > 1) {
    const least = Math.min(...kept.map(({ weight }) => weight));
    kept.splice(
      kept.findLastIndex(({ weight }) => weight === least),
      1,
    );
  }
  return kept.map(({ text }) => text).join("\n");
}
