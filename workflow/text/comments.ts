/**
 * Comments of HTML in Markdown: a forge hides them from its readers, so they are hidden from an agent, too.
 *
 * M1. In a fenced block they are code that everybody sees, and stay byte for byte. A block counts as fenced only where
 *     no forge could see it otherwise: its fence stands at the margin, and no HTML before it makes that doubtful. A
 *     comment in any other code is taken out; that loses a line of a sample and lets nothing hidden through.
 * M2. A comment that begins in the middle of a line and does not end in its paragraph is no comment, on no forge.
 * M3. The result is stable: taking a comment out makes no other one.
 */

import { settled } from "./visible.ts";

/** Honest text is stable after two rounds. */
const ROUNDS_MAX = 8;

/** `text` without what a forge hides in comments. @param text with line feeds only */
export function withoutComments(text: string): string {
  if (!text.includes("<!--")) return text;
  let rounds = 0;
  return settled(text, (now) =>
    // Whoever nests comments so deeply hides something: then none stays, not in code either.
    rounds++ < ROUNDS_MAX ? parts(now).map(cleaned).join("") : now.replace(/<!--[\s\S]*?(?:-->|$)/g, " "),
  );
}

interface Part {
  readonly text: string;
  readonly isCode: boolean;
}

/** Where the walk through the lines stands: in a fenced block, in HTML that ends somewhere, or in neither. */
type Place =
  | { readonly kind: "text" }
  | { readonly kind: "code"; readonly closing: RegExp }
  | { readonly kind: "html"; readonly last: RegExp }
  /** From here on nobody knows what is code. */
  | { readonly kind: "doubt" };

/** A text as fenced blocks (M1) and the rest between them, in order; together they are the text. */
function parts(text: string): readonly Part[] {
  const found: Part[] = [];
  let place: Place = { kind: "text" };
  let [begin, position] = [0, 0];
  for (const line of text.split("\n")) {
    const next = placeAfter(place, line);
    const end: number = Math.min(position + line.length + 1, text.length);
    if (next.kind === "code" && place.kind !== "code") {
      found.push({ text: text.slice(begin, position), isCode: false });
      begin = position;
    }
    if (next.kind !== "code" && place.kind === "code") {
      found.push({ text: text.slice(begin, end), isCode: true });
      begin = end;
    }
    [place, position] = [next, end];
  }
  return [...found, { text: text.slice(begin), isCode: place.kind === "code" }];
}

const TEXT: Place = { kind: "text" };
/** Elements that begin a block of HTML up to the next empty line, among those that people write into issues. */
const BLOCK =
  /^<\/?(details|summary|p|div|center|table|thead|tbody|tr|td|th|ul|ol|li|h[1-6]|hr|dl|dt|dd|section)(?=[\s>]|\/>|$)/i;

function placeAfter(place: Place, line: string): Place {
  switch (place.kind) {
    case "code":
      return place.closing.test(line) ? TEXT : place;
    case "html":
      return place.last.test(line) ? TEXT : place;
    case "doubt":
      return place;
    case "text":
      return begunBy(line);
    default:
      return place satisfies never;
  }
}

function begunBy(line: string): Place {
  const [, fence] = /^(`{3,}(?=[^`]*$)|~{3,})/.exec(line) ?? [];
  if (fence !== undefined)
    return { kind: "code", closing: new RegExp(`^ {0,3}\\${fence.charAt(0)}{${fence.length},}[ \\t]*$`) };
  if (line.startsWith("<!--")) return line.includes("-->") ? TEXT : { kind: "html", last: /-->/ };
  if (BLOCK.test(line)) return { kind: "html", last: /^[ \t]*$/ };
  return /^ {0,3}</.test(line) ? { kind: "doubt" } : TEXT;
}

const OPEN = "<!--";
const CLOSE = "-->";

function cleaned({ text, isCode }: Part): string {
  if (isCode) return text;
  const kept: string[] = [];
  const closes = finder(text, CLOSE);
  const gaps = finder(text, "\n\n");
  let [copied, at] = [0, text.indexOf(OPEN)];
  while (at !== -1) {
    const end = closes(at + OPEN.length - 2);
    const isBlock = /^[ \t>*+.)\d-]*$/.test(text.slice(text.lastIndexOf("\n", at) + 1, at));
    // M2
    const isComment = isBlock || (end !== -1 && !(gaps(at) !== -1 && gaps(at) < end));
    const next = end === -1 ? text.length : end + CLOSE.length;
    if (isComment) {
      kept.push(text.slice(copied, at));
      copied = next;
    }
    at = text.indexOf(OPEN, isComment ? next : at + OPEN.length);
  }
  return [...kept, text.slice(copied)].join("");
}

/** The next place of `wanted` at or behind a place that only grows; each is looked for once. */
function finder(text: string, wanted: string): (from: number) => number {
  let next = text.indexOf(wanted);
  return (from) => {
    if (next !== -1 && next < from) next = text.indexOf(wanted, from);
    return next;
  };
}
