/**
 * What a text becomes on its way into a chat: cleaned, trimmed, held to its length, and searched for what Telegram
 * makes links of by itself.
 */

import type { MessageEntity } from "@grammyjs/types";
import { type Parsed, parseHtml } from "./html.ts";
import { refuse } from "./refusal.ts";

const CHARACTERS_MAX = 4_096;
const BYTES_MAX = 32_768;
const ENTITIES_MAX = 100;

export interface Accepted extends Parsed {
  /** What the documentation does not allow although no error is documented for it. */
  readonly oddities: readonly string[];
}

/** @throws a refusal, in the words of the real one */
export function acceptText(
  source: string,
  mode: string | undefined,
  given: readonly MessageEntity[] = [],
): Accepted {
  if (source === "") refuse(400, "message text is empty");
  if (Buffer.byteLength(source) > BYTES_MAX) refuse(400, "text is too long");
  if (!source.isWellFormed()) refuse(400, "strings must be encoded in UTF-8");
  const parsed = trimmed(mode === undefined ? { text: source, entities: given } : parseHtml(source));
  if (parsed.text === "") refuse(400, "text must be non-empty");
  if ([...parsed.text].length > CHARACTERS_MAX) refuse(400, "message is too long");
  const oddities = odditiesOf(parsed.entities);
  if (parsed.entities.length > ENTITIES_MAX) oddities.push(`${parsed.entities.length} entities`);
  const kept = parsed.entities.slice(0, ENTITIES_MAX);
  return { text: parsed.text, entities: [...kept, ...linksIn(parsed.text, kept)], oddities };
}

/** Blanks at both ends go, and entities with them. */
function trimmed({ text, entities }: Parsed): Parsed {
  const begin = text.length - text.trimStart().length;
  const whole = text.trim();
  const moved = entities.flatMap((entity) => {
    const offset = Math.max(0, entity.offset - begin);
    const end = Math.min(whole.length, entity.offset + entity.length - begin);
    return end > offset ? [{ ...entity, offset, length: end - offset }] : [];
  });
  return { text: whole, entities: moved };
}

/** Code stands alone, and quotations hold none. */
function odditiesOf(entities: readonly MessageEntity[]): string[] {
  const isCode = ({ type }: MessageEntity): boolean => type === "code" || type === "pre";
  const isQuote = ({ type }: MessageEntity): boolean => type.endsWith("blockquote");
  const odd: string[] = [];
  for (const [index, one] of entities.entries())
    for (const other of entities.slice(index + 1)) {
      if (other.offset >= one.offset + one.length) continue;
      if (isQuote(one) && isQuote(other)) odd.push("a quotation within another");
      if ((isCode(one) && !isQuote(other)) || (isCode(other) && !isQuote(one)))
        odd.push(`${other.type} within ${one.type}`);
    }
  return odd;
}

const LINKS: readonly {
  readonly type: "mention" | "hashtag" | "cashtag" | "bot_command" | "url" | "email" | "phone_number";
  readonly what: RegExp;
}[] = [
  { type: "mention", what: /(?<![\p{L}\p{N}_])@[a-z0-9_]{2,32}(?![\p{L}\p{N}_])/giu },
  {
    type: "bot_command",
    what: /(?<![\p{L}\p{N}_/<>])\/[a-z0-9_]{1,64}(@[a-z0-9_]{3,32})?(?![\p{L}\p{N}_/<>])/giu,
  },
  { type: "hashtag", what: /(?<![\p{L}\p{N}_\u200c])#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_\u200c]{1,256}/gu },
  { type: "cashtag", what: /(?<![$\p{L}\p{N}_\u200c])\$(1INCH|[A-Z]{1,8})(?![$\p{L}\p{N}_\u200c])/gu },
  { type: "email", what: /(?<![\p{L}\p{N}])[a-z0-9._%+-]{1,60}@[a-z0-9-]{1,60}(\.[a-z0-9-]{1,60}){1,6}/giu },
  {
    type: "url",
    what: /(?<![\p{L}\p{N}@])(?:[a-z][a-z0-9+.-]{1,20}:\/\/\S+|(?:[\p{L}\p{N}_-]{1,60}\.){1,6}(?:com|org|net|io|de|dev|app|sh|rs|py|md|me|ru|рф|中国)(?![\p{L}\p{N}_]))/giu,
  },
  { type: "phone_number", what: /(?<![\p{L}\p{N}])\+\d[\d ()-]{8,18}\d(?![\p{L}\p{N}])/gu },
];

/** What Telegram finds by itself, outside of code and links. */
function linksIn(text: string, entities: readonly MessageEntity[]): readonly MessageEntity[] {
  const taken = entities.filter(({ type }) => /^(code|pre|text_link|date_time)$/.test(type));
  return LINKS.flatMap(({ type, what }) =>
    [...text.matchAll(what)].map((match) => ({ type, offset: match.index, length: match[0].length })),
  ).filter(({ offset, length }) =>
    taken.every((entity) => offset + length <= entity.offset || entity.offset + entity.length <= offset),
  );
}
