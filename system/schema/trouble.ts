/** What the library says of a schema that it cannot compile, in words that say where, what, and what to do. */

import { suggestion } from "../config/suggestion.ts";
import { placeOf } from "./problems.ts";
import { listed, quoted, visible } from "./shown.ts";
import { type Schema, UnfitPattern, vocabulary } from "./validators.ts";

/** The rest of a sentence that begins with the schema. @param error as it was thrown by the library */
export function inWords(schema: Schema, error: unknown): string {
  if (error instanceof UnfitPattern) return error.message;
  if (error instanceof RangeError) return "refers from part to part too often: say it with fewer steps";
  const said = error instanceof Error ? error.message : String(error);
  const [, keyword] = /^strict mode: unknown keyword: "(.*)"$/s.exec(said) ?? [];
  if (keyword !== undefined) return unknownKeyword(schema, keyword);
  const [, format] = /^unknown format "(.*)" ignored in schema at path /s.exec(said) ?? [];
  if (format !== undefined) {
    const { formats } = vocabulary();
    return `has the format ${quoted(format)}, which is not known${suggestion(format, formats)} (known: ${listed(formats)})`;
  }
  const [, reference] = /^can't resolve reference (.*) from id .*$/s.exec(said) ?? [];
  if (reference !== undefined)
    return `refers to ${quoted(reference)}, which is not in it: nothing is loaded from elsewhere; put it under "$defs", and refer to it as "#/$defs/NAME"`;
  return `cannot be used: ${visible(said.replace(/^strict mode: /, ""), 2 * 80)}`;
}

function unknownKeyword(schema: Schema, keyword: string): string {
  const { keywords } = vocabulary();
  const steps = findKey(schema, keyword);
  const where = steps.length === 0 ? "" : ` at ${placeOf(steps)}`;
  const meant = suggestion(keyword, keywords);
  return `has the keyword ${quoted(keyword)}${where}, which JSON Schema 2020-12 does not know${meant || ': take it out, or put it into "description"'}`;
}

/** Where a key stands first. */
function findKey(value: unknown, key: string): readonly (string | number)[] {
  if (!isMapping(value)) {
    return Array.isArray(value)
      ? firstOf(
          value.map((one, at) => [at, one] as const),
          key,
        )
      : [];
  }
  return Object.hasOwn(value, key) ? [key] : firstOf(Object.entries(value), key);
}

function firstOf(
  entries: readonly (readonly [string | number, unknown])[],
  key: string,
): readonly (string | number)[] {
  for (const [step, inside] of entries) {
    const found = findKey(inside, key);
    if (found.length > 0) return [step, ...found];
  }
  return [];
}

function isMapping(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
