/**
 * Text from outside in Markdown of ours (I13): it is read as it was written, and does nothing.
 *
 * K1. Nobody is called by it, no issue is mentioned or closed, nothing is loaded, no markup is made: what Markdown or a
 *     forge would obey is escaped, and where a forge looks at what is left of the markup (names, numbers, addresses),
 *     a blank of no width stands between.
 * K2. It stays where it was put: on its line, or in its quotation.
 */

import { visibleLine, visibleText } from "./visible.ts";

/** Seen by nobody, and enough that no name, number or address is read across it. */
const GAP = "\u200b";

/** What is markup wherever it stands. */
const MARKUP = /[\\`*_[\]<>#|~&$]/g;
/** What begins a list, or makes a heading of the line before. */
const BEGINNING = /^(\d{0,9})([-+=.)])/;
/** A blank that is part of a name to some (an address among them) stands before what makes it one. */
const CALLS = /[@＠]|[#＃!！](?=\d)|\bGH-(?=\d)|\b[A-Z][A-Z0-9_]{0,15}-(?=\d)|:(?=\/\/)|\bwww(?=\.)/gi;

/** On one line. */
export function plainLine(text: string): string {
  return escaped(visibleLine(text));
}

/** As a quotation, which begins on a line of its own; empty for what nobody would see. */
export function quotation(text: string): string {
  const lines = visibleText(text)
    .split("\n")
    .map((line) => escaped(line.trim()));
  const [first, last] = [lines.findIndex((line) => line !== ""), lines.findLastIndex((line) => line !== "")];
  return first === -1
    ? ""
    : lines
        .slice(first, last + 1)
        .map((line) => (line === "" ? ">" : `> ${line}`))
        .join("\n");
}

/** In a span of code: for names, commands and paths. Neither names nor numbers are read in one. */
export function codeSpan(text: string): string {
  const line = visibleLine(text).replaceAll("`", "'").replaceAll("|", "¦");
  return line === "" ? "" : `\`${line}\``;
}

function escaped(text: string): string {
  const apart = text.replace(CALLS, (call) => `${call}${GAP}`);
  return apart.replace(MARKUP, (mark) => `\\${mark}`).replace(BEGINNING, "$1\\$2");
}
