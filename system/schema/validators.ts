/**
 * Validators of JSON Schema 2020-12, made of schemas that are small and known to end (`trouble.ts`).
 *
 * V1. One instance of the library for each schema: an instance keeps all that it has compiled, and takes no name twice.
 * V2. Strict where that finds mistakes (keywords and formats that nobody knows), and not where it finds fault with what
 *     people write by hand (a `required` beside a `$ref`, `properties` without a `type`).
 * V3. Patterns take time in proportion to the text (re2js), so that none can be made to take for ever. What such an
 *     engine cannot do (look-around, back references) is refused.
 * V4. Nothing is loaded from anywhere: a reference that leads out of the schema is an error.
 *
 * The libraries take some 60 ms to load, so a daemon whose workflows have no schemas does not load them.
 */

import { createRequire } from "node:module";
import type { Options, ValidateFunction } from "ajv";
import type { Ajv2020 } from "ajv/dist/2020.js";
import type { FormatsPlugin } from "ajv-formats";
import type { RE2JS } from "re2js";
import { quoted, visible } from "./shown.ts";

/** A schema as plain JSON, already measured. */
export type Schema = Readonly<Record<string, unknown>>;

/** A pattern that cannot be used; says why as the rest of a sentence that begins with the schema. */
export class UnfitPattern extends Error {}

/** The keyword by which a schema says of what kind it is, and its only value here. */
export const DIALECT = "https://json-schema.org/draft/2020-12/schema";

interface Libraries {
  readonly Ajv2020: typeof Ajv2020;
  readonly addFormats: FormatsPlugin;
  readonly RE2JS: typeof RE2JS;
}

type RegExpEngine = NonNullable<NonNullable<Options["code"]>["regExp"]>;

/** A pattern of usual length has some dozens. */
const PATTERN_STEPS_MAX = 50_000;

const require = createRequire(import.meta.url);
let libraries: Libraries | null = null;
let ofSchemas: ValidateFunction | null = null;

/**
 * @param allErrors whether it goes on after the first thing that is wrong
 * @throws what the library says of a schema that it cannot compile, and {@link UnfitPattern}
 */
export function compile(schema: Schema, allErrors: boolean): ValidateFunction {
  // What it calls itself, and what kind it is of, means nothing where it stands alone.
  const { $id: _id, $schema: _kind, ...rest } = schema;
  const code = { regExp: linearPatterns(PATTERN_STEPS_MAX) };
  return instance({ allErrors, code, meta: false, validateSchema: false }).compile(rest);
}

/** Tells whether something is a schema at all; the same for all schemas. */
export function schemaValidator(): ValidateFunction {
  // Its patterns are the library's own, and harmless.
  ofSchemas ??= instance({ allErrors: true }).compile({ $ref: DIALECT });
  return ofSchemas;
}

/** Every keyword and every format that there is, for suggestions. */
export function vocabulary(): { readonly keywords: readonly string[]; readonly formats: readonly string[] } {
  const { RULES, formats } = instance({});
  return { keywords: Object.keys(RULES.keywords), formats: Object.keys(formats) };
}

function instance(options: Options): Ajv2020 {
  const { Ajv2020, addFormats } = loaded();
  const ajv = new Ajv2020({ ...OPTIONS, ...options });
  addFormats(ajv);
  // It resolves anchors, and does not know the keyword.
  ajv.addKeyword("$anchor");
  return ajv;
}

const OPTIONS: Options = {
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  allowMatchingProperties: true,
  discriminator: true,
  // A property that every object inherits, such as `toString`, is none that somebody has written.
  ownProperties: true,
  // What is referred to twice is compiled once, or a short schema would become a long program.
  inlineRefs: false,
  verbose: true,
  logger: false,
};

/**
 * V3. The library tells patterns apart by their `toString`, and without one takes each for the first.
 *
 * @param stepsMax of all patterns of one schema together
 */
function linearPatterns(stepsMax: number): RegExpEngine {
  let left = stepsMax;
  const linearPattern = (pattern: string) => {
    const compiled = compilePattern(pattern);
    left -= compiled.programSize();
    if (left < 0)
      throw new UnfitPattern(`has too many steps in its patterns: repeat less than ${quoted(pattern)} does`);
    return { test: (text: string): boolean => compiled.test(text), toString: (): string => pattern };
  };
  return Object.assign(linearPattern, { code: "linearPattern" });
}

function compilePattern(pattern: string): RE2JS {
  const { RE2JS } = loaded();
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch (error) {
    const said =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : String(error);
    throw new UnfitPattern(
      `has the pattern ${quoted(pattern)}, which is not supported (${visible(said)}): do without look-around, back references, and more than 1,000 repeats`,
    );
  }
}

function loaded(): Libraries {
  libraries ??= {
    Ajv2020: (require("ajv/dist/2020.js") as Pick<Libraries, "Ajv2020">).Ajv2020,
    addFormats: (require("ajv-formats") as { readonly default: FormatsPlugin }).default,
    RE2JS: (require("re2js") as Pick<Libraries, "RE2JS">).RE2JS,
  };
  return libraries;
}
