/**
 * A message as Discord shows it: its first line as text, which notifications and clients without embeds show, the rest
 * as one embed, and rows of buttons. Pure.
 *
 * R1. Within every limit, whatever is said: lines that weigh least go first, and no line takes more than half the room.
 * R2. By its token a message is found again: it is in each button, and in the address of the embed, which without a
 *     title is shown nowhere. A message without buttons has an embed in any case.
 * R3. What is edited away is said: an empty list takes away what was there, a missing one would leave it.
 * R4. Nobody is called: `allowed_mentions` is empty in every call, since Discord does not remember it.
 */

import type {
  APIActionRowComponent,
  APIButtonComponentWithCustomId,
  APIEmbed,
  RESTPatchAPIChannelMessageJSONBody,
} from "discord-api-types/v10";
import type { Button, Line, Message, Piece, Rendered } from "../chat.ts";
import { code, cut, escaped, escapedStart, lengthOf, lineOf, link, time } from "./text.ts";

/** Code points, as Discord documents them. */
const DESCRIPTION_MAX = 4_096;
const LABEL_MAX = 80;
const CUSTOM_ID_MAX = 100;
const ROW_MAX = 5;
const ROWS_MAX = 5;
/** Of the text itself, which may have 2,000: a first line is a headline. */
const HEADLINE_MAX = 500;
/** Buttons by their tone; the enum of the types would be code. */
const STYLES = { plain: 2, good: 3, bad: 4 } as const;

/** What stands in the address of an embed before the token. The host is reserved for examples, and nobody's. */
const MARK = "https://example.com/chargehand/";

type Body = Required<
  Pick<RESTPatchAPIChannelMessageJSONBody, "content" | "embeds" | "components" | "allowed_mentions">
>;

/** R1–R4. @param isPlain without marks and links */
export function render({ lines, buttons }: Message, token: string, isPlain: boolean): Rendered {
  const shown = lines.flatMap((line) => {
    const text = lineText(line, isPlain, DESCRIPTION_MAX / 2);
    return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) ? [{ line, text }] : [];
  });
  const rows = rowsOf(buttons, token);
  const [first, ...rest] = shown;
  // Alone and without buttons, the line stands in the embed (R2).
  const isAlone = rest.length === 0 && rows.length === 0;
  const content = first === undefined || isAlone ? "" : headline(first.line, isPlain);
  const described = isAlone ? shown : rest;
  const description = fitted(described, isPlain);
  const needsText = content === "" && description === "";
  const body: Body = {
    content,
    embeds: description === "" && !needsText ? [] : [embedOf(description || "…", token)],
    components: rows,
    allowed_mentions: { parse: [] },
  };
  return { body: JSON.stringify(body) };
}

/** By what a message is known as that of this token (R2): the address of its embed, or how its buttons begin. */
export function marks(token: string): { readonly url: string; readonly prefix: string } {
  return { url: `${MARK}${token}`, prefix: `${token}.` };
}

function embedOf(description: string, token: string): APIEmbed {
  return { description, url: marks(token).url };
}

/** The first line cannot be a quotation: notifications show it as it is. */
function headline({ pieces }: Line, isPlain: boolean): string {
  return lineText({ pieces, weight: 0 }, isPlain, HEADLINE_MAX);
}

interface Shown {
  readonly line: Line;
  readonly text: string;
}

/** R1: lines that weigh least go, of several the last. What stands alone then has all the room. */
function fitted(shown: readonly Shown[], isPlain: boolean): string {
  const kept = [...shown];
  const size = (): number => kept.reduce((sum, { text }) => sum + lengthOf(text) + 1, 0);
  while (size() > DESCRIPTION_MAX && kept.length > 1) {
    const least = Math.min(...kept.map(({ line }) => line.weight));
    kept.splice(
      kept.findLastIndex(({ line }) => line.weight === least),
      1,
    );
  }
  const [only] = kept;
  if (only !== undefined && kept.length === 1) return lineText(only.line, isPlain, DESCRIPTION_MAX);
  return kept.map(({ text }) => text).join("\n");
}

/** A line in at most `most` code points: its longest piece is cut until it fits. */
function lineText(line: Line, isPlain: boolean, most: number): string {
  let pieces: readonly Piece[] = line.pieces.map(seen);
  for (;;) {
    const text = joined(line, pieces, isPlain);
    const over = lengthOf(text) - most;
    if (over <= 0) return text;
    const sizes = pieces.map((piece) => ("text" in piece ? lengthOf(piece.text) : 0));
    const longest = Math.max(...sizes);
    // Marks and addresses alone are too long: then the line is not worth its room.
    if (longest === 0) return "";
    const at = sizes.indexOf(longest);
    // What is over may be escapes as well as text, so half of it is cut, and at least one. What is longer than all the
    // room goes at once.
    const size = Math.max(0, Math.min(most, longest - Math.ceil(over / 2)));
    pieces = pieces.map((piece, index) =>
      index === at && "text" in piece ? { ...piece, text: cut(piece.text, size) } : piece,
    );
  }
}

function seen(piece: Piece): Piece {
  return "text" in piece ? { ...piece, text: lineOf(piece.text) } : piece;
}

function joined({ isQuote }: Line, pieces: readonly Piece[], isPlain: boolean): string {
  let text = "";
  for (const piece of pieces) {
    const next = marked(piece, isPlain);
    // Marks of neighbours would be read as one.
    const isTouching = text !== "" && /[*`]$/.test(text) && /^[*`]/.test(next);
    text += isTouching ? ` ${next}` : next;
  }
  text = escapedStart(text.trimEnd());
  if (text === "") return "";
  if (isQuote === true) return `> ${text}`;
  const [only] = pieces;
  const isQuiet = pieces.length === 1 && only !== undefined && "as" in only && only.as === "quiet";
  return isQuiet && !isPlain ? `-# ${text.trimStart()}` : text;
}

function marked(piece: Piece, isPlain: boolean): string {
  if ("time" in piece) return time(piece.time, piece.as);
  if ("href" in piece) return isPlain ? escaped(piece.text) : link(piece.text, piece.href);
  if (isPlain || piece.as === undefined || piece.as === "quiet") return escaped(piece.text);
  if (piece.as === "code") return spaced(piece.text, code);
  return spaced(piece.text, (text) => `**${escaped(text)}**`);
}

/** Blanks at the ends stay outside of the marks, where they mean nothing. */
function spaced(text: string, mark: (inner: string) => string): string {
  const inner = text.trim();
  if (inner === "") return text === "" ? "" : " ";
  return `${text.startsWith(" ") ? " " : ""}${mark(inner)}${text.endsWith(" ") ? " " : ""}`;
}

function rowsOf(
  rows: readonly (readonly Button[])[],
  token: string,
): APIActionRowComponent<APIButtonComponentWithCustomId>[] {
  const known = new Set<string>();
  return rows
    .flatMap((row) => {
      // Two buttons of one meaning are refused as a whole.
      const own = row.filter(({ action }) => !known.has(action) && known.add(action));
      return Array.from({ length: Math.ceil(own.length / ROW_MAX) }, (_, index) =>
        own.slice(index * ROW_MAX, (index + 1) * ROW_MAX),
      );
    })
    .slice(0, ROWS_MAX)
    .map((row) => ({ type: 1, components: row.map((button) => buttonOf(button, token)) }));
}

function buttonOf({ label, action, tone, asks }: Button, token: string): APIButtonComponentWithCustomId {
  // What is asked for travels with the button, since the answer to a press is made of the press alone.
  const id = asks === undefined ? `${token}.${action}` : `${token}.${action}?${lineOf(asks).trim()}`;
  return {
    type: 2,
    style: STYLES[tone ?? "plain"],
    label: cut(lineOf(label).trim(), LABEL_MAX) || "…",
    custom_id: cut(id, CUSTOM_ID_MAX),
  };
}
