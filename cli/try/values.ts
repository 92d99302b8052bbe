/** Values that plain schemas describe: the simplest first, and few. */

import type { Json } from "../../workflow/workflow.ts";
import { isNode, type Node, waysOf } from "./merged.ts";
import { textsLike } from "./pattern.ts";

/** Of one schema. */
const VALUES_MAX = 8;
const DEPTH_MAX = 12;
const ITEMS_MAX = 1_000;
const CHARS_MAX = 100_000;

/** It would take too long. */
export class Exhausted extends Error {}

export interface Making {
  readonly root: Node;
  /** Schemas that may still be looked at. */
  left: number;
}

/** @param name of the property: what it is called says something to whoever reads it */
export function valuesOf(making: Making, schema: unknown, name: string, depth = 0): readonly Json[] {
  if (--making.left < 0) throw new Exhausted();
  if (depth > DEPTH_MAX) return [];
  const found = waysOf(schema, making.root).map((way) => valuesOfWay(making, way, name, depth));
  // The shortest way first, or what refers to itself would go as deep as it may.
  const sorted = found.sort((one, other) => lengthOf(one) - lengthOf(other));
  return distinct(sorted.flat()).slice(0, VALUES_MAX);
}

function lengthOf([first]: readonly Json[]): number {
  return first === undefined ? 0 : JSON.stringify(first).length;
}

function valuesOfWay(making: Making, way: Node, name: string, depth: number): readonly Json[] {
  if ("const" in way) return [json(way["const"])];
  if (Array.isArray(way["enum"])) return way["enum"].map(json);
  const shown = [...listOf(way["examples"]), ...("default" in way ? [way["default"]] : [])].map(json);
  const types = way["type"] === undefined ? typesMeant(way) : [way["type"]].flat();
  const made = types.flatMap((type): readonly Json[] => {
    switch (type) {
      case "object":
        return objectsOf(making, way, depth);
      case "array":
        return arraysOf(making, way, name, depth);
      case "string":
        return stringsOf(way, name);
      case "integer":
      case "number":
        return numbersOf(way, type === "integer");
      case "boolean":
        return [true, false];
      default:
        return [null];
    }
  });
  return [...made, ...shown];
}

const MEANT: readonly (readonly [string, RegExp])[] = [
  [
    "object",
    /^(properties|required|additionalProperties|minProperties|patternProperties|dependentRequired)$/,
  ],
  ["array", /^(items|prefixItems|contains|minItems|uniqueItems)$/],
  ["number", /^(minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf)$/],
];

/** What a schema may be about that names no type. */
function typesMeant(way: Node): readonly string[] {
  const keys = Object.keys(way);
  const meant = MEANT.find(([, words]) => keys.some((key) => words.test(key)));
  return meant === undefined ? ["string", "integer", "null", "object", "array"] : [meant[0]];
}

function objectsOf(making: Making, way: Node, depth: number): readonly Json[] {
  const properties = isNode(way["properties"]) ? way["properties"] : {};
  const known = Object.keys(properties);
  const required = withDependents(listOf(way["required"]).map(String), way["dependentRequired"]);
  const missing = Math.min(numberOf(way, "minProperties", 0) - required.length, ITEMS_MAX);
  const more = [...known.filter((key) => !required.includes(key)), ...madeUpNames(way, missing)];
  const least = [...required, ...more.slice(0, Math.max(0, missing))];
  const sets = distinct([least, [...new Set([...least, ...known])]]);
  return sets.flatMap((keys) => {
    const parts = keys.map(
      (key) => [key, valuesOf(making, schemaOf(way, properties, key), key, depth + 1)] as const,
    );
    if (parts.some(([, values]) => values.length === 0)) return [];
    const most = Math.max(1, ...parts.map(([, values]) => values.length));
    return Array.from({ length: Math.min(most, VALUES_MAX) }, (_none, at) =>
      Object.fromEntries(parts.map(([key, values]) => [key, values[at] ?? values[0] ?? null])),
    );
  });
}

function schemaOf(way: Node, properties: Node, key: string): unknown {
  const patterns = isNode(way["patternProperties"]) ? Object.entries(way["patternProperties"]) : [];
  const fitting = patterns.flatMap(([pattern, schema]) => (matches(pattern, key) ? [schema] : []));
  const own = Object.hasOwn(properties, key) ? [properties[key]] : [];
  const all = [...own, ...fitting];
  return all.length === 0 ? (way["additionalProperties"] ?? true) : { allOf: all };
}

function madeUpNames(way: Node, count: number): readonly string[] {
  const patterns = isNode(way["patternProperties"]) ? Object.keys(way["patternProperties"]) : [];
  const names = isNode(way["propertyNames"]) ? way["propertyNames"] : {};
  const like = [...patterns, ...(typeof names["pattern"] === "string" ? [names["pattern"]] : [])];
  const free = Array.from({ length: Math.max(0, count) }, (_none, at) => `property${at + 1}`);
  return [...like.flatMap((pattern) => textsLike(pattern)), ...listOf(names["enum"]).map(String), ...free];
}

function withDependents(required: readonly string[], dependents: unknown): readonly string[] {
  const all = new Set(required);
  // A set that grows while it is walked is walked to its end.
  for (const key of all)
    if (isNode(dependents)) for (const also of listOf(dependents[key])) all.add(String(also));
  return [...all];
}

function arraysOf(making: Making, way: Node, name: string, depth: number): readonly Json[] {
  const contained = way["contains"] === undefined ? 0 : numberOf(way, "minContains", 1);
  const length = Math.min(Math.max(numberOf(way, "minItems", 0), contained), ITEMS_MAX);
  const first = listOf(way["prefixItems"]);
  const items = Array.from({ length }, (_none, at) => {
    const schema = at < first.length ? first[at] : (way["items"] ?? true);
    const both = at < contained ? { allOf: [schema, way["contains"]] } : schema;
    return valuesOf(making, both, name, depth + 1);
  });
  if (items.some((values) => values.length === 0)) return [];
  const same = items.map(([value = null]) => value);
  return way["uniqueItems"] === true ? [unlike(items), same] : [same];
}

/** Each item another value, as far as there are any; texts and numbers can be told apart by counting. */
function unlike(items: readonly (readonly Json[])[]): readonly Json[] {
  const taken = new Set<string>();
  return items.map((values, at) => {
    const [first = null] = values;
    const counted =
      typeof first === "number" ? first + at : typeof first === "string" ? `${first}${at}` : first;
    const value = [...values, counted].find((one) => !taken.has(JSON.stringify(one))) ?? first;
    taken.add(JSON.stringify(value));
    return value;
  });
}

const FORMATS: Readonly<Record<string, string>> = {
  date: "2026-01-31",
  time: "12:00:00Z",
  "date-time": "2026-01-31T12:00:00Z",
  "iso-time": "12:00:00Z",
  "iso-date-time": "2026-01-31T12:00:00Z",
  duration: "P1D",
  email: "somebody@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  url: "https://example.com/",
  "uri-reference": "/tried",
  "uri-template": "/{tried}",
  uuid: "00000000-0000-4000-8000-000000000000",
  regex: "tried",
  "json-pointer": "/tried",
  "relative-json-pointer": "0",
  "json-pointer-uri-fragment": "#/tried",
  byte: "dHJpZWQ=",
};

function stringsOf(way: Node, name: string): readonly string[] {
  const least = Math.min(numberOf(way, "minLength", 0), CHARS_MAX);
  const most = numberOf(way, "maxLength", CHARS_MAX);
  const sized = (text: string): string =>
    [...text.padEnd(least, "x")].slice(0, Math.max(most, least)).join("");
  const { format, pattern } = way;
  const formed = typeof format === "string" && FORMATS[format] !== undefined ? [FORMATS[format]] : [];
  if (typeof pattern !== "string") return [...formed, sized(name === "" ? "tried" : name), sized("")];
  const like = textsLike(pattern).filter((text) => text.length >= least && text.length <= most);
  return [...formed.filter((text) => matches(pattern, text)), ...like];
}

function numbersOf(way: Node, isWhole: boolean): readonly number[] {
  const above = way["exclusiveMinimum"];
  const below = way["exclusiveMaximum"];
  const least = Math.max(
    numberOf(way, "minimum", Number.NEGATIVE_INFINITY),
    typeof above === "number" ? above : Number.NEGATIVE_INFINITY,
  );
  const most = Math.min(
    numberOf(way, "maximum", Number.POSITIVE_INFINITY),
    typeof below === "number" ? below : Number.POSITIVE_INFINITY,
  );
  const step = numberOf(way, "multipleOf", isWhole ? 1 : 0);
  const start = least > 0 ? least : most < 0 ? most : 0;
  const [up, down] =
    step > 0 ? [Math.ceil(start / step) * step, Math.floor(start / step) * step] : [start, start];
  const gap = step > 0 ? step : 1;
  const between = Number.isFinite(least) && Number.isFinite(most) && step === 0 ? [(least + most) / 2] : [];
  return [up, down, up + gap, down - gap, ...between].filter((value) => value >= least && value <= most);
}

function numberOf(way: Node, key: string, otherwise: number): number {
  const value = way[key];
  return typeof value === "number" ? value : otherwise;
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    // Of another dialect: whoever checks the whole decides.
    return false;
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Of a schema, which is JSON. */
function json(value: unknown): Json {
  const same: Json = JSON.parse(JSON.stringify(value ?? null));
  return same;
}

function distinct<T>(values: readonly T[]): readonly T[] {
  const seen = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...seen.values()];
}
