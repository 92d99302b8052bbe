/** Puts what the schema refuses into sentences: what is wrong, what would be right, and what was probably meant. */

import type { z } from "zod";
import type { ConfigPath, Fault } from "../../system/config/part.ts";
import { suggestion } from "../../system/config/suggestion.ts";
import { refusedKey, refusedValue } from "./later.ts";
import { configJsonSchema, type JsonSchema } from "./schema.ts";

/** One problem of the schema, as one sentence per thing to mend. */
export function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "invalid_union" && issue.message === UNEXPLAINED)
    return meantBy(issue).flatMap((inner) => faultsOf({ ...inner, path: [...path, ...inner.path] }));
  if (issue.code !== "unrecognized_keys") {
    return [{ path, message: sentence(issue, path), at: issue.code === "invalid_key" ? "key" : "value" }];
  }
  return issue.keys.map((key) => ({ path: [...path, key], message: aboutKey(key, path), at: "key" }));
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

function aboutKey(key: string, parent: ConfigPath): string {
  const planned = refusedKey([...parent, key]);
  if (planned !== null) return planned;
  const known = keysAt(parent);
  return `unknown key${suggestion(key, known) || (known.length > 0 ? `; known here: ${known.join(", ")}` : "")}`;
}

function sentence(issue: z.core.$ZodIssue, path: ConfigPath): string {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type":
      if (input === undefined) return `is missing${about(path)}`;
      if (!issue.message.startsWith("Invalid input")) return issue.message;
      return `must be ${NAMES[issue.expected] ?? issue.expected}, not ${nameOf(input)}${quoting(issue.expected, input)}`;
    case "invalid_value":
      return aboutValue(issue.values.map(String), input, path);
    case "invalid_key":
      return `the name ${issue.issues[0]?.message ?? issue.message}`;
    case "too_small":
      if (!issue.message.startsWith("Too small")) return issue.message;
      return issue.origin === "string" || issue.origin === "array"
        ? "must not be empty"
        : `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    default:
      return input === undefined ? `is missing${about(path)}` : issue.message;
  }
}

function aboutValue(values: readonly string[], input: unknown, path: ConfigPath): string {
  if (input === undefined) return `is missing: ${listed(values)}`;
  const planned = refusedValue(path, input);
  if (planned !== null) return planned;
  return `must be ${listed(values)}${typeof input === "string" ? suggestion(input, values) : `, not ${nameOf(input)}`}`;
}

const SCHEMA: JsonSchema = configJsonSchema();

function schemaAt(path: ConfigPath): JsonSchema | null {
  let schema: JsonSchema | undefined = SCHEMA;
  for (const step of path) {
    if (schema === undefined) return null;
    const others: JsonSchema | undefined =
      typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
    schema = typeof step === "number" ? schema.items : (propertiesOf(schema)[step] ?? others);
  }
  return schema ?? null;
}

function keysAt(path: ConfigPath): readonly string[] {
  const schema = schemaAt(path);
  return schema === null ? [] : Object.keys(propertiesOf(schema));
}

function propertiesOf({ properties, anyOf = [] }: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return properties ?? Object.assign({}, ...anyOf.map(propertiesOf));
}

function about(path: ConfigPath): string {
  const description = schemaAt(path)?.description;
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
