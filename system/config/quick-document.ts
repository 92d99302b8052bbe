/**
 * Most texts that people write are plain YAML, and a parser that keeps no places reads those in a fifth of the time and
 * of the memory. What it makes of them is what the other one makes of them (`document.ts`).
 *
 * Q1. It reads only what both read alike: one document of mappings with words for keys, lists and plain values; no
 *     anchor, alias, tag, directive or merge. Of everything else, and of each mistake, the other one speaks.
 */

import { constructFromEvents, EVENT_ID, type Event, parseEvents } from "js-yaml";

const DEPTH_MAX = 50;
/** Keys that one of the two calls otherwise, or that mean something. */
const STRANGE_KEY = /^(?:null|~|<<|__proto__|[-+]?\.?inf(?:inity)?|\.?nan|)$/i;
/** Directives; tabs, which may indent nothing; what is no text for one of the two, or ends a line for one alone. */
const STRANGE_TEXT = /^%|\r(?!\n)|[\0-\t\v\f\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]/m;

/** A mapping as plain data; `null` where the other parser has to look. Never throws. */
export function quicklyParsed(text: string): Readonly<Record<string, unknown>> | null {
  if (STRANGE_TEXT.test(text)) return null;
  try {
    const events = parseEvents(text, { maxDepth: DEPTH_MAX });
    if (!events.every(isPlain) || events.filter(({ type }) => type === EVENT_ID.DOCUMENT).length !== 1)
      return null;
    const [tree] = constructFromEvents(events, { source: text });
    return isMapping(tree) && isPlainValue(tree) ? tree : null;
  } catch {
    // Whatever is wrong, the other parser says it with its place.
    return null;
  }
}

function isPlain(event: Event): boolean {
  switch (event.type) {
    case EVENT_ID.ALIAS:
      return false;
    case EVENT_ID.DOCUMENT:
    case EVENT_ID.POP:
      return true;
    default:
      return event.anchorStart < 0 && event.tagStart < 0;
  }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlainValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlainValue);
  if (isMapping(value))
    return Object.entries(value).every(([key, one]) => !STRANGE_KEY.test(key) && isPlainValue(one));
  return typeof value === "number"
    ? Number.isFinite(value)
    : value === null || ["string", "boolean"].includes(typeof value);
}
