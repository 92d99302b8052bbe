/**
 * Reading single fields out of what an agent program printed.
 *
 * A transcript is written by a program of somebody else's that changes every week. So a field of the wrong type is
 * the same as a missing one: it is not believed, and the rest of the line still counts. (A schema that refuses the
 * whole line would lose tokens over a renamed field; the one file whose format is ours, `$CHARGEHAND_RESULT`, has one.)
 */

import { COST_NANOS_MAX, NAME_CHARS_MAX, TOKENS_MAX } from "../../workflow/limits.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** The object that a line of JSON holds, or `null` for every other line. */
export function parseFields(line: string): Fields | null {
  // Cheaper than an exception for each line of plain text.
  if (!line.trimStart().startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The objects of a text of lines of JSON, as programs keep their records; whatever else stands in it is left out. */
export function* linesIn(text: string): Generator<Fields, void, undefined> {
  for (const line of text.split("\n")) {
    const fields = parseFields(line);
    if (fields !== null) yield fields;
  }
}

/** Whether a line of a record tells that it was written at this moment (ms) or later. */
export function isSince(fields: Fields, since: number): boolean {
  return Date.parse(textAt(fields, "timestamp") ?? "") >= since;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textAt(fields: Fields, key: string): string | null {
  const value = fields[key];
  return typeof value === "string" ? value : null;
}

export function objectAt(fields: Fields, key: string): Fields | null {
  const value = fields[key];
  return isFields(value) ? value : null;
}

/** The objects of a list; whatever else stands in it is left out. */
export function objectsAt(fields: Fields, key: string): readonly Fields[] {
  const value = fields[key];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The strings of a list. */
export function textsAt(fields: Fields, key: string): readonly string[] {
  const value = fields[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Any finite number, or `null`. */
export function numberAt(fields: Fields, key: string): number | null {
  const value = fields[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** What is stored of a name: its beginning, without what a database takes in no text. */
export function nameOf(text: string): string {
  return text.slice(0, NAME_CHARS_MAX).replaceAll("\0", "");
}

/** A count of tokens: an integer from 0 to a limit far above honest work; everything else counts nothing. */
export function countAt(fields: Fields, key: string): number {
  const value = wholeAt(fields, key);
  return value <= TOKENS_MAX ? value : 0;
}

/** A moment or a span (ms): an integer from 0 on; 0 for everything else. */
export function wholeAt(fields: Fields, key: string): number {
  const value = fields[key];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

/** US dollars as integer nano-dollars; `null` when it is no amount of money, or more than anything costs. */
export function nanosAt(fields: Fields, key: string): number | null {
  const dollars = numberAt(fields, key);
  if (dollars === null || dollars < 0) return null;
  const nanos = Math.round(dollars * 1e9);
  return nanos <= COST_NANOS_MAX ? nanos : null;
}
