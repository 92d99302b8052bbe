/**
 * Telegram's HTML mode as its own library reads it (`parse_html` of tdlib): what it accepts, and in which words it
 * refuses the rest. Offsets in errors are bytes of UTF-8, those of entities are UTF-16 units.
 */

import type { MessageEntity } from "@grammyjs/types";
import { refuse } from "./refusal.ts";

export interface Parsed {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

interface Open {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Where its text begins in what has been read. */
  readonly offset: number;
}

const KINDS: Readonly<Record<string, "bold" | "italic" | "underline" | "strikethrough" | "spoiler">> = {
  ...{ b: "bold", strong: "bold", i: "italic", em: "italic", u: "underline", ins: "underline" },
  ...{ s: "strikethrough", strike: "strikethrough", del: "strikethrough", "tg-spoiler": "spoiler" },
};
const TAGS = new Set([
  ...Object.keys(KINDS),
  ...["a", "code", "pre", "blockquote", "span", "tg-emoji", "tg-time"],
]);

/** @throws a refusal, `can't parse entities: …` */
export function parseHtml(source: string): Parsed {
  const entities: MessageEntity[] = [];
  const open: Open[] = [];
  let text = "";
  let at = 0;
  while (at < source.length) {
    const character = source[at] ?? "";
    if (character === "&") {
      const read = entityAt(source, at);
      text += read?.text ?? "&";
      at += read?.length ?? 1;
    } else if (character !== "<") {
      text += character;
      at += 1;
    } else if (source[at + 1] === "/") {
      const end = source.indexOf(">", at);
      if (end === -1) cannot(`Unclosed end tag at byte offset ${byteOffset(source, at)}`);
      close(
        open,
        source
          .slice(at + 2, end)
          .trim()
          .toLowerCase(),
        text,
        entities,
        byteOffset(source, at),
      );
      at = end + 1;
    } else {
      const { tag, attributes, end } = tagAt(source, at);
      open.push({ tag, attributes, offset: text.length });
      at = end;
    }
  }
  const last = open.at(-1);
  if (last !== undefined) cannot(`Can't find end tag corresponding to start tag "${last.tag}"`);
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

function cannot(why: string): never {
  return refuse(400, `can't parse entities: ${why}`);
}

function byteOffset(source: string, at: number): number {
  return Buffer.byteLength(source.slice(0, at));
}

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

/** Only four names and numbers mean something; anything else stands for itself. */
function entityAt(source: string, at: number): { readonly text: string; readonly length: number } | null {
  const [whole, name] = /^&(#x[0-9a-f]{1,8}|#\d{1,8}|[a-z]{2,4});?/i.exec(source.slice(at, at + 12)) ?? [];
  if (whole === undefined || name === undefined) return null;
  if (!name.startsWith("#")) {
    const text = NAMED[name];
    return text === undefined ? null : { text, length: whole.length };
  }
  const point = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  const isPoint = point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return isPoint ? { text: String.fromCodePoint(point), length: whole.length } : null;
}

interface Tag {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly end: number;
}

function tagAt(source: string, begin: number): Tag {
  const offset = byteOffset(source, begin);
  const tag = /^[^\s>]*/.exec(source.slice(begin + 1))?.[0]?.toLowerCase() ?? "";
  let at = begin + 1 + tag.length;
  if (at >= source.length) cannot(`Unclosed start tag at byte offset ${offset}`);
  if (!TAGS.has(tag)) cannot(`Unsupported start tag "${tag}" at byte offset ${offset}`);
  const attributes = new Map<string, string>();
  for (;;) {
    at += /^\s*/.exec(source.slice(at))?.[0].length ?? 0;
    if (at >= source.length) cannot(`Unclosed start tag "${tag}" at byte offset ${offset}`);
    if (source[at] === ">") break;
    const [whole, name, , double, single, bare] =
      /^([^\s=>]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/.exec(source.slice(at)) ?? [];
    if (whole === undefined || name === undefined)
      cannot(`Empty attribute name in the tag "${tag}" at byte offset ${offset}`);
    attributes.set(name.toLowerCase(), parsedValue(double ?? single ?? bare ?? ""));
    at += whole.length;
    if (!/^[\s>]/.test(source[at] ?? "")) cannot(`Unclosed start tag "${tag}" at byte offset ${offset}`);
  }
  if (tag === "span" && attributes.get("class") !== "tg-spoiler")
    cannot(`Tag "span" must have class "tg-spoiler" at byte offset ${offset}`);
  return { tag, attributes, end: at + 1 };
}

function parsedValue(value: string): string {
  return value.replace(/&[#\w]+;?/g, (entity) => entityAt(entity, 0)?.text ?? entity);
}

function close(open: Open[], name: string, text: string, entities: MessageEntity[], offset: number): void {
  const top = open.pop();
  if (top === undefined) cannot(`Unexpected end tag at byte offset ${offset}`);
  if (name !== "" && name !== top.tag)
    cannot(`Unmatched end tag at byte offset ${offset}, expected "</${top.tag}>", found "</${name}>"`);
  const length = text.length - top.offset;
  const entity = length === 0 ? null : entityOf(top, { offset: top.offset, length }, text);
  if (entity !== null) entities.push(entity);
}

/** How a time may be written: as a span, or as the day of the week, the date and the time. */
const FORMATS = [
  ...(["r", "", "w", "d", "D", "t", "T", "wd", "wD", "wt", "wT"] as const),
  ...(["dt", "dT", "Dt", "DT", "wdt", "wdT", "wDt", "wDT"] as const),
] as const;

/** `null` where a tag means nothing: a link to nowhere, a time that is none. */
function entityOf(
  { tag, attributes }: Open,
  place: { readonly offset: number; readonly length: number },
  text: string,
): MessageEntity | null {
  const kind = KINDS[tag];
  if (kind !== undefined) return { type: kind, ...place };
  switch (tag) {
    case "a": {
      const url = attributes.get("href") ?? text.slice(place.offset);
      return /^(https?|tg|ton):\/\/[^\s]+$/i.test(url) ? { type: "text_link", url, ...place } : null;
    }
    case "blockquote":
      return { type: attributes.has("expandable") ? "expandable_blockquote" : "blockquote", ...place };
    case "tg-time": {
      const unix = Number(attributes.get("unix"));
      const format = FORMATS.find((one) => one === (attributes.get("format") ?? ""));
      if (!(unix > 0 && unix < 2 ** 31) || format === undefined) return null;
      return { type: "date_time", unix_time: unix, date_time_format: format, ...place };
    }
    case "tg-emoji":
      return { type: "custom_emoji", custom_emoji_id: attributes.get("emoji-id") ?? "", ...place };
    default:
      return { type: tag === "pre" ? "pre" : tag === "span" ? "spoiler" : "code", ...place };
  }
}
