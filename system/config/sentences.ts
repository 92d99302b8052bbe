/**
 * Puts what the schema of a file refuses into sentences: what is wrong, what would be right, and what was probably
 * meant. They show no value, which may be a secret.
 */

import type { z } from "zod";
import type { ConfigPath, Fault } from "./part.ts";
import { suggestion } from "./suggestion.ts";

/** Enough of JSON Schema to walk over it. */
export interface JsonSchema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  /** Shapes of which a value has one. */
  readonly anyOf?: readonly JsonSchema[];
}

/** What a file is made of, for those who are told what is wrong with one. */
export interface Known {
  readonly schema: JsonSchema;
  /** Why a key, or a value, is refused that a later version knows; `null` for others. */
  readonly refusedKey: (path: ConfigPath) => string | null;
  readonly refusedValue: (path: ConfigPath, value: unknown) => string | null;
}

/** One problem of the schema, as one sentence per thing to mend. */
export function faultsOf(issue: z.core.$ZodIssue, known: Known): readonly Fault[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "invalid_union" && issue.message === UNEXPLAINED)
    return meantBy(issue).flatMap((inner) => faultsOf({ ...inner, path: [...path, ...inner.path] }, known));
  if (issue.code !== "unrecognized_keys") {
    return [
      { path, message: sentence(issue, path, known), at: issue.code === "invalid_key" ? "key" : "value" },
    ];
  }
  return issue.keys.map((key) => ({ path: [...path, key], message: aboutKey(key, path, known), at: "key" }));
}

/** What zod says of a union that has no words of its own. */
const UNEXPLAINED = "Invalid input";

/** Of a value that may be a word or a mapping, what is wrong with the one that it was meant to be. */
function meantBy({ errors }: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] {
  const inside = errors.find((issues) =>
    issues.some(({ path, code }) => path.length > 0 || code === "unrecognized_keys"),
  );
  return inside ?? errors[0] ?? [];
}

function aboutKey(key: string, parent: ConfigPath, known: Known): string {
  const planned = known.refusedKey([...parent, key]);
  if (planned !== null) return planned;
  const keys = keysAt(parent, known);
  return `unknown key${suggestion(key, keys) || (keys.length > 0 ? `; known here: ${keys.join(", ")}` : "")}`;
}

function sentence(issue: z.core.$ZodIssue, path: ConfigPath, known: Known): string {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type":
      if (input === undefined) return `is missing${about(path, known)}`;
      if (!issue.message.startsWith("Invalid input")) return issue.message;
      return `must be ${NAMES[issue.expected] ?? issue.expected}, not ${nameOf(input)}${quoting(issue.expected, input)}`;
    case "invalid_value":
      return aboutValue(issue.values.map(String), input, path, known);
    case "invalid_key":
      return `the name ${issue.issues[0]?.message ?? issue.message}`;
    case "too_small":
      if (!issue.message.startsWith("Too small")) return issue.message;
      return issue.origin === "string" || issue.origin === "array"
        ? "must not be empty"
        : `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    case "too_big":
      if (!issue.message.startsWith("Too big")) return issue.message;
      return `must be at most ${issue.maximum}${UNITS[issue.origin] ?? ""}`;
    default:
      return input === undefined ? `is missing${about(path, known)}` : issue.message;
  }
}

function aboutValue(values: readonly string[], input: unknown, path: ConfigPath, known: Known): string {
  if (input === undefined) return `is missing: ${listed(values)}`;
  const planned = known.refusedValue(path, input);
  if (planned !== null) return planned;
  return `must be ${listed(values)}${typeof input === "string" ? suggestion(input, values) : `, not ${nameOf(input)}`}`;
}

function schemaAt(path: ConfigPath, known: Known): JsonSchema | null {
  let schema: JsonSchema | undefined = known.schema;
  for (const step of path) {
    if (schema === undefined) return null;
    const others: JsonSchema | undefined =
      typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
    schema = typeof step === "number" ? schema.items : (propertiesOf(schema)[step] ?? others);
  }
  return schema ?? null;
}

function keysAt(path: ConfigPath, known: Known): readonly string[] {
  const schema = schemaAt(path, known);
  return schema === null ? [] : Object.keys(propertiesOf(schema));
}

function propertiesOf({ properties, anyOf = [] }: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return properties ?? Object.assign({}, ...anyOf.map(propertiesOf));
}

function about(path: ConfigPath, known: Known): string {
  const description = schemaAt(path, known)?.description;
  return description === undefined ? "" : `: ${description}`;
}

const NAMES: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  array: "a list",
  object: "a mapping of keys to values",
  record: "a mapping of names to values",
};

/** Of what is too much. */
const UNITS: Readonly<Record<string, string>> = { string: " characters", array: " entries" };

/** The kind of a value, never the value: it may be a secret. */
function nameOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}

function quoting(expected: string, value: unknown): string {
  const quotable = expected === "string" && (typeof value === "number" || typeof value === "boolean");
  return quotable ? "; put it in quotes" : "";
}

function listed(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(", ")}`;
}
