/**
 * Blocks as Slack checks them: what does not fit is `invalid_blocks`, with where and why; and what is in them for
 * people: whom it pings, and every text that is read as markup.
 */

import { asObject, type Json } from "./json.ts";

/** As `response_metadata.messages` has them. */
export type Faults = string[];

export interface Seen {
  /** Mentions that make a sound. */
  readonly pings: string[];
  /** Texts with markup. */
  readonly markup: string[];
  /** Characters that ought to have been escaped. */
  readonly unescaped: string[];
}

const BLOCKS_MAX = 50;
const TEXT_MAX = 3_000;
/** Bytes of all texts: Slack says characters, and nobody knows which. */
export const SUM_MAX = 12_000;

export function faultsOfBlocks(blocks: unknown): Faults {
  const faults: Faults = [];
  if (!Array.isArray(blocks)) return ["must be an array [json-pointer:/blocks]"];
  if (blocks.length > BLOCKS_MAX)
    faults.push(`no more than ${BLOCKS_MAX} items allowed [json-pointer:/blocks]`);
  for (const [index, block] of blocks.entries()) checkBlock(asObject(block), `/blocks/${index}`, faults);
  return faults;
}

function checkBlock(block: Json | null, at: string, faults: Faults): void {
  const { type, text, elements } = block ?? {};
  optional(block?.["block_id"], 255, `${at}/block_id`, faults);
  if (block === null || typeof type !== "string") {
    faults.push(`missing required field: type [json-pointer:${at}]`);
  } else if (type === "section") {
    checkText(text, ["mrkdwn", "plain_text"], TEXT_MAX, `${at}/text`, faults);
  } else if (type === "header") {
    checkText(text, ["plain_text"], 150, `${at}/text`, faults);
  } else if (type === "context") {
    for (const [element, place] of list(elements, 1, 10, `${at}/elements`, faults))
      checkText(element, ["mrkdwn", "plain_text"], TEXT_MAX, place, faults);
  } else if (type === "actions") {
    checkActions(block, at, faults);
  } else if (type === "rich_text") {
    for (const [element, place] of list(elements, 1, 1_000, `${at}/elements`, faults))
      checkRich(element, place, faults);
  } else if (type !== "divider") {
    faults.push(`unsupported type: ${type} [json-pointer:${at}/type]`);
  }
}

function checkActions(block: Json, at: string, faults: Faults): void {
  const ids = new Set<unknown>();
  for (const [element, place] of list(block["elements"], 1, 25, `${at}/elements`, faults)) {
    if (element?.["type"] !== "button") faults.push(`unsupported type [json-pointer:${place}/type]`);
    checkText(element?.["text"], ["plain_text"], 75, `${place}/text`, faults);
    optional(element?.["value"], 2_000, `${place}/value`, faults);
    optional(element?.["action_id"], 255, `${place}/action_id`, faults);
    const style = element?.["style"];
    if (style !== undefined && style !== "primary" && style !== "danger")
      faults.push(`must be primary or danger [json-pointer:${place}/style]`);
    const id = element?.["action_id"];
    if (id !== undefined && ids.has(id))
      faults.push(`\`action_id\` already exists [json-pointer:${place}/action_id]`);
    ids.add(id);
  }
}

function checkRich(part: Json | null, at: string, faults: Faults): void {
  const type = String(part?.["type"]);
  if (!["rich_text_section", "rich_text_quote", "rich_text_preformatted"].includes(type))
    faults.push(`unsupported type: ${type} [json-pointer:${at}/type]`);
  for (const [element, place] of list(part?.["elements"], 1, 1_000, `${at}/elements`, faults)) {
    const kind = element?.["type"];
    if (kind === "text") words(element?.["text"], Number.POSITIVE_INFINITY, `${place}/text`, faults);
    else if (kind === "link") checkLink(element?.["url"], `${place}/url`, faults);
    else if (kind === "date") checkDate(element, place, faults);
    else if (!["broadcast", "user", "usergroup"].includes(String(kind)))
      faults.push(`unsupported type: ${String(kind)} [json-pointer:${place}/type]`);
    for (const key of Object.keys(asObject(element?.["style"]) ?? {}))
      if (!["bold", "italic", "strike", "code"].includes(key))
        faults.push(`unknown style [json-pointer:${place}/style/${key}]`);
  }
}

function checkLink(url: unknown, at: string, faults: Faults): void {
  words(url, TEXT_MAX, at, faults);
  if (typeof url === "string" && URL.parse(url) === null)
    faults.push(`must be a valid URL [json-pointer:${at}]`);
}

function checkDate(element: Json | null, at: string, faults: Faults): void {
  if (!Number.isInteger(element?.["timestamp"]))
    faults.push(`must be an integer [json-pointer:${at}/timestamp]`);
  words(element?.["format"], 255, `${at}/format`, faults);
  const tokens = String(element?.["format"]).match(/\{[^}]*\}/g) ?? [];
  const known = ["{ago}", "{date_short_pretty}", "{date_short}", "{date}", "{time}"];
  if (tokens.length === 0 || tokens.some((token) => !known.includes(token)))
    faults.push(`must be a date format [json-pointer:${at}/format]`);
}

function checkText(value: unknown, types: readonly string[], max: number, at: string, faults: Faults): void {
  const text = asObject(value);
  if (text === null || !types.includes(String(text["type"]))) {
    faults.push(`failed to match all allowed schemas [json-pointer:${at}]`);
    return;
  }
  if (text["type"] === "mrkdwn" && text["emoji"] !== undefined)
    faults.push(`emoji is for plain_text only [json-pointer:${at}]`);
  words(text["text"], max, `${at}/text`, faults);
}

function words(value: unknown, max: number, at: string, faults: Faults): void {
  if (typeof value !== "string") {
    faults.push(`must be a string [json-pointer:${at}]`);
    return;
  }
  if (value.length === 0) faults.push(`must be more than 0 characters [json-pointer:${at}]`);
  if (value.length > max) faults.push(`must be less than ${max + 1} characters [json-pointer:${at}]`);
  if (!value.isWellFormed() || value.includes("\u0000")) faults.push(`must be text [json-pointer:${at}]`);
}

function optional(value: unknown, max: number, at: string, faults: Faults): void {
  if (value !== undefined) words(value, max, at, faults);
}

function list(
  value: unknown,
  min: number,
  max: number,
  at: string,
  faults: Faults,
): (readonly [Json | null, string])[] {
  if (!Array.isArray(value)) {
    faults.push(`must be an array [json-pointer:${at}]`);
    return [];
  }
  if (value.length < min) faults.push(`no fewer than ${min} items allowed [json-pointer:${at}]`);
  if (value.length > max) faults.push(`no more than ${max} items allowed [json-pointer:${at}]`);
  return value.map((item: unknown, index) => [asObject(item), `${at}/${index}`] as const);
}

/** Of all texts that people see, in bytes. */
export function sumOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item: unknown) => sum + sumOf(item), 0);
  const object = asObject(value);
  if (object === null) return 0;
  const { text, ...rest } = object;
  const own = typeof text === "string" ? Buffer.byteLength(text) : sumOf(text);
  return own + Object.values(rest).reduce((sum: number, item) => sum + sumOf(item), 0);
}

/** Looks at all that is read as markup: mrkdwn texts, and elements of rich text that are mentions. */
export function lookAt(value: unknown, seen: Seen): void {
  if (Array.isArray(value)) {
    for (const item of value) lookAt(item, seen);
    return;
  }
  const object = asObject(value);
  if (object === null) return;
  const { type, text } = object;
  if (type === "mrkdwn" && typeof text === "string") lookAtText(text, seen);
  if (["broadcast", "user", "usergroup"].includes(String(type))) seen.pings.push(JSON.stringify(object));
  for (const item of Object.values(object)) lookAt(item, seen);
}

/** A text with markup, as the one above all blocks is. */
export function lookAtText(text: string, seen: Seen): void {
  seen.markup.push(text);
  const without = text.replace(/<([^<>]*)>/g, (_all, inner: string) => {
    if (/^([@#]|!(channel|here|everyone|subteam))/.test(inner)) seen.pings.push(inner);
    return "";
  });
  const bare = without.match(/[<>]|&(?!(amp|lt|gt);)/g) ?? [];
  seen.unescaped.push(...bare.map((sign) => `${sign} in ${text.slice(0, 60)}`));
}
