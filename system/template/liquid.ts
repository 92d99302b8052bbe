/**
 * Templates: text with variables in it, in Liquid, written by whoever writes the configuration; what fills it may have
 * been written by anybody.
 *
 * T1. Strict: a variable, a filter or a tag that is not there is an error, found when the template is read.
 * T2. What is filled in is data: it is never read as a template, and no function of it is called (plain JSON only).
 * T3. The same values make the same text. What asks a clock, the process's zone or chance is taken out of the language.
 * T4. Nothing is read from a disk: a template can include no other.
 * T5. Size, time and memory have limits, and what exceeds one is an error like any other.
 *
 * The library takes 60 ms and 9 MB to load, so a daemon without templates does not load it.
 */

import { createRequire } from "node:module";
import type { Liquid, Template } from "liquidjs";
import { nearest } from "../config/suggestion.ts";

/** Values by the names that a template knows: plain JSON, `null` for what is not there now. */
export type Values = Readonly<Record<string, unknown>>;

export type Filled =
  | { readonly kind: "filled"; readonly text: string }
  /** The rest of a sentence that begins with the template. */
  | { readonly kind: "trouble"; readonly reason: string };

/** What is wrong at one place of a template. */
export interface TemplateTrouble {
  /** The rest of a sentence that begins with the template; it names no place. */
  readonly reason: string;
  /** Both from 1, in the template; `null` where it is the template as a whole. */
  readonly place: { readonly line: number; readonly column: number } | null;
}

/** Characters of a template. */
const TEMPLATE_CHARS_MAX = 65_536;
/** Items and characters that filling in one may make on its way. */
const MADE_MAX = 10_000_000;
/** Filling in takes a millisecond; loops in loops are stopped, and a machine that is busy is not mistaken for one. */
const FILL_MS_MAX = 2_000;
/** Of a value that a message quotes. */
const QUOTED_CHARS_MAX = 80;

/** T3, T4. Those with `_exp` read variables that no check sees. */
const TAGS_OUT: readonly string[] = ["include", "render", "layout", "block"];
const FILTERS_OUT: readonly string[] = [
  ...["sample", "raw", "where_exp", "reject_exp", "group_by_exp", "has_exp", "find_exp", "find_index_exp"],
];

const require = createRequire(import.meta.url);
let engine: Liquid | null = null;

/**
 * Why a template cannot be used, as the rest of a sentence that begins with it; `null` when it can.
 *
 * @param samples values as they may come, the first with everything there is: it says which names are known
 */
export function templateTrouble(template: string, samples: readonly [Values, ...Values[]]): string | null {
  const [first] = templateTroubles(template, samples);
  return first === undefined ? null : sentenceOf(first);
}

/**
 * The same, all that can be told at once, in the order of the template.
 *
 * @param leftMs what is left of the time that it shares with others
 */
export function templateTroubles(
  template: string,
  samples: readonly [Values, ...Values[]],
  leftMs: () => number = () => FILL_MS_MAX,
): readonly TemplateTrouble[] {
  const parsed = parse(template);
  if (!Array.isArray(parsed)) return [parsed];
  const unknown = unknownVariables(parsed, samples[0]);
  if (unknown.length > 0) return unknown;
  for (const values of samples) {
    const filled = fill(parsed, values, Math.min(FILL_MS_MAX, leftMs()));
    if (typeof filled !== "string") return [filled];
  }
  return [];
}

/** Fills a template in. What fails in spite of {@link templateTrouble} (a limit, a loop over something) is said. */
export function fillTemplate(template: string, values: Values): Filled {
  const parsed = parse(template);
  const filled = Array.isArray(parsed) ? fill(parsed, values, FILL_MS_MAX) : parsed;
  return typeof filled === "string"
    ? { kind: "filled", text: filled }
    : { kind: "trouble", reason: sentenceOf(filled) };
}

function parse(template: string): Template[] | TemplateTrouble {
  if (template.length > TEMPLATE_CHARS_MAX)
    return { reason: `is longer than ${TEMPLATE_CHARS_MAX} characters`, place: null };
  try {
    return liquid().parse(template);
  } catch (error) {
    return troubleOf(error);
  }
}

function fill(parsed: Template[], values: Values, limitMs: number): string | TemplateTrouble {
  try {
    const text: unknown = liquid().renderSync(parsed, values, { renderLimit: limitMs });
    return String(text);
  } catch (error) {
    return troubleOf(error);
  }
}

/** Also in branches that no sample goes into. What a loop calls its items is only seen when it is filled in. */
function unknownVariables(parsed: Template[], known: Values): readonly TemplateTrouble[] {
  const { globals } = liquid().analyzeSync(parsed, { partials: false });
  const found = Object.values(globals)
    .flat()
    .flatMap(({ segments, location: { row, col } }): readonly TemplateTrouble[] => {
      const reason = unknownStep(segments, known);
      return reason === null ? [] : [{ reason, place: { line: row, column: col } }];
    });
  return found.sort((one, other) => compare(one, other));
}

function compare({ place: one }: TemplateTrouble, { place: other }: TemplateTrouble): number {
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}

function unknownStep(path: readonly unknown[], known: Values): string | null {
  let here: unknown = known;
  for (const [depth, step] of path.entries()) {
    // An index that is a variable itself is looked up when it is filled in, and so is what a list or a text knows.
    if (typeof step !== "string" || !isMapping(here)) return null;
    if (!Object.hasOwn(here, step)) {
      const around = path.slice(0, depth);
      const names = Object.keys(here);
      const meant = nearest(step, names);
      const other =
        meant === null
          ? `there ${names.length === 0 ? "is nothing" : `are ${names.map((name) => [...around, name].join(".")).join(", ")}`}`
          : `did you mean "${[...around, meant].join(".")}"?`;
      return `names ${quoted([...around, step].join("."))}, which is not there; ${other}`;
    }
    here = here[step];
  }
  return null;
}

function isMapping(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The library's words, and the place that they end with. */
function troubleOf(error: unknown): TemplateTrouble {
  const said = error instanceof Error ? error.message.split("\n")[0] : String(error);
  const [, what = "", line, column] = /^(.*?)(?:, line:(\d+), col:(\d+))?$/.exec(said ?? "") ?? [];
  return {
    reason: `cannot be filled in: ${what.slice(0, 2 * QUOTED_CHARS_MAX)}`,
    place: line === undefined ? null : { line: Number(line), column: Number(column) },
  };
}

/** With the place in the words of the house, where the reason does not quote it. */
function sentenceOf({ reason, place }: TemplateTrouble): string {
  const isQuoted = place === null || reason.startsWith("names ");
  return isQuoted ? reason : `${reason} (its line ${place.line}, column ${place.column})`;
}

function quoted(name: string): string {
  return `"${name.slice(0, QUOTED_CHARS_MAX)}"`;
}

function liquid(): Liquid {
  engine ??= createLiquid();
  return engine;
}

function createLiquid(): Liquid {
  const library = require("liquidjs") as { readonly Liquid: typeof Liquid };
  const made = new library.Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    timezoneOffset: 0,
    parseLimit: TEMPLATE_CHARS_MAX,
    memoryLimit: MADE_MAX,
    outputEscape: printed,
  });
  for (const name of TAGS_OUT) delete made.tags[name];
  for (const name of FILTERS_OUT) delete made.filters[name];
  const date = made.filters["date"];
  if (typeof date === "function") {
    made.registerFilter("date", function (value: unknown, ...more: unknown[]): unknown {
      if (value === "now" || value === "today") throw new Error(`there is no ${quoted(value)} in a template`);
      return date.call(this, value, ...more);
    });
  }
  return made;
}

/** What is put where a variable stands. A mapping or a list would be printed as `[object Object]`. */
function printed(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object")
    throw new Error("a value with parts cannot be printed whole; name one of its parts");
  return String(value);
}
