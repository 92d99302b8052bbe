/**
 * Text in the markup of Discord. Pure.
 *
 * T1. Text from outside stays text: what could begin a mark, a mention, a link, an emoji or a list is escaped, and what
 *     nobody sees is taken out first, because Discord takes some of it out by rules of its own.
 * T2. Lengths are in code points: that is how Discord counts (discord-api-docs#1315), marks and escapes included.
 * T3. A text is cut between graphemes, and before it is escaped.
 */

import { visibleText } from "../../workflow/text/visible.ts";

/** Of a piece that is read at all (UTF-16 units): no message has room for more. */
const READ_MAX = 12_000;
/** Of an address (code points): longer ones would take the room of what is to be read. */
const HREF_MAX = 512;
const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Code points (T2). */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** One line of what people see; blanks at its ends stay, since it may stand between others. */
export function lineOf(text: string): string {
  return visibleText(text.slice(0, READ_MAX)).replace(/\s+/g, " ");
}

/** At most `most` code points of a line, with an ellipsis where something is missing (T3). */
export function cut(text: string, most: number): string {
  if (text.length <= most || lengthOf(text) <= most) return text;
  let [kept, left] = ["", most - 1];
  for (const { segment } of GRAPHEMES.segment(text)) {
    left -= lengthOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return most < 1 ? "" : `${kept.trimEnd()}…`;
}

/** T1. @param text of {@link lineOf} */
export function escaped(text: string): string {
  return (
    text
      .replace(/[\\*_~`|[\]()<>#@]/g, "\\$&")
      // Of an address, so that it is no link and shows no preview; and of `:name:`, an emoji.
      .replace(/:(?=\/\/|[\w+-]+:)/g, "\\:")
      // An invitation is shown as a card even where it has no scheme.
      .replace(/\b(discord(?:app)?)\.(?=gg|com)/gi, "$1\\.")
  );
}

/** What only means something at the beginning of a line: lists. Quotes and headings are escaped everywhere. */
export function escapedStart(line: string): string {
  return line.replace(/^(\s*)([-+])/, "$1\\$2").replace(/^(\s*\d+)\.(?=\s|$)/, "$1\\.");
}

/** In code nothing is escaped, so what would end it is replaced by a look-alike. @param text of {@link lineOf} */
export function code(text: string): string {
  const inner = text.replaceAll("`", "ˋ").trim();
  // A backslash before the closing mark reads as its escape in some clients.
  return inner === "" ? "" : `\`${inner}${inner.endsWith("\\") ? " " : ""}\``;
}

/** @param text of {@link lineOf} @param href where it is no address that a link may have, the text stands alone */
export function link(text: string, href: string): string {
  const label = escaped(text.trim());
  const url = hrefOf(href);
  if (url === null) return label;
  // In angle brackets no preview is shown, which would stand below each card.
  return label === "" ? `<${url}>` : `[${label}](<${url}>)`;
}

function hrefOf(href: string): string | null {
  if (href.length > HREF_MAX) return null;
  const url = URL.parse(href);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    return null;
  const text = url.href.replaceAll("<", "%3C").replaceAll(">", "%3E");
  return text.length <= HREF_MAX && /^[\x21-\x7e]+$/.test(text) ? text : null;
}

/** A time that clients write in their own zone and keep fresh; how long ago it is, or the date. @param at ms */
export function time(at: number, as: "since" | "at"): string {
  // Beyond what clients can show there is nothing worth saying.
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return "—";
  return `<t:${Math.floor(at / 1_000)}:${as === "since" ? "R" : "f"}>`;
}
