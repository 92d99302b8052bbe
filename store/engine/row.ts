/**
 * Rows as both engines return them, and the nouns they become. A row that cannot be what it should be throws with the
 * table, the row and the column, because a half-understood row is worse than none.
 *
 * The engines differ in integers only: PostgreSQL's 64-bit ones may arrive as text or bigint.
 */

import { isNamedSource, SOURCES, type Source } from "../../workflow/delivery.ts";
import { FAULTS, type FailureClass } from "../../workflow/faults.ts";
import { HOLDS, type HoldKind } from "../../workflow/hold.ts";
import type { ItemContext } from "../../workflow/outside/context.ts";
import type { Form } from "../../workflow/phases/question.ts";
import type { CostSource, StopReason } from "../../workflow/run.ts";
import { SUBJECT_KINDS, type Subject } from "../../workflow/subject.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { type Row, StoreFault } from "./engine.ts";

/** Reads the columns of one row. */
export interface Columns {
  text(column: string): string;
  textOrNull(column: string): string | null;
  integer(column: string): number;
  integerOrNull(column: string): number | null;
  /** A sum that others made: beyond the exact integers it is the last of them, so that it can always be read. */
  sum(column: string): number;
  /** One of a machine's statuses. */
  status<S extends string>(column: string, statuses: readonly S[]): S;
  /** One word of a closed list, or null. */
  oneOf<S extends string>(column: string, words: readonly S[]): S | null;
  /** A workflow as it was stored. */
  workflow(column: string): Workflow;
  /** What stood at an item, as it was stored. */
  itemContext(column: string): ItemContext;
  /** A form as it was stored. */
  form(column: string): Form;
  /** A JSON object whose values are all text, by name; nothing is an empty one. */
  names(column: string): Readonly<Record<string, string>>;
  /** A JSON list of texts. */
  words(column: string): readonly string[];
  /** A JSON object. */
  object(column: string): Readonly<Record<string, unknown>>;
}

export function decode(table: string, row: Row): Columns {
  const refuse = (column: string, wanted: string): never => {
    const name = String(row["key"] ?? row["id"] ?? row["task"] ?? row["number"] ?? "?");
    throw new StoreFault(
      "broken",
      `${table} ${name}: column '${column}' is ${printed(row[column])}, not ${wanted}`,
      "the database was changed from outside, or this is a defect: please report it",
    );
  };
  const textOrNull = (column: string): string | null => {
    const value = row[column];
    return value === null || typeof value === "string" ? value : refuse(column, "text");
  };
  const integerOrNull = (column: string): number | null => {
    const value = row[column];
    if (value === null) return null;
    const number = numeric(value);
    return Number.isSafeInteger(number) ? number : refuse(column, "an integer");
  };
  const oneOf = <S extends string>(column: string, words: readonly S[]): S | null => {
    const value = row[column];
    if (value === null) return null;
    return words.find((word) => word === value) ?? refuse(column, `one of ${words.join(", ")}`);
  };
  const object = (column: string): Readonly<Record<string, unknown>> => {
    const value = parsed(textOrNull(column));
    return isObject(value) ? value : refuse(column, "a JSON object");
  };
  return {
    textOrNull,
    integerOrNull,
    oneOf,
    text: (column) => textOrNull(column) ?? refuse(column, "text"),
    integer: (column) => integerOrNull(column) ?? refuse(column, "an integer"),
    sum: (column) => {
      const value = Number(row[column] ?? Number.NaN);
      if (!Number.isFinite(value) || !Number.isInteger(value)) return refuse(column, "an integer");
      return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value));
    },
    status: (column, statuses) => oneOf(column, statuses) ?? refuse(column, `one of ${statuses.join(", ")}`),
    object,
    // It was whole when it was stored, and is known by its hash.
    workflow: (column) => {
      const value = object(column);
      return Array.isArray(value["phases"]) ? (value as unknown as Workflow) : refuse(column, "a workflow");
    },
    // So were these.
    itemContext: (column) => {
      const value = object(column);
      if (!Array.isArray(value["comments"])) return refuse(column, "what stood at an item");
      return value as unknown as ItemContext;
    },
    form: (column) => {
      const value = object(column);
      return Array.isArray(value["fields"]) ? (value as unknown as Form) : refuse(column, "a form");
    },
    names: (column) => (row[column] === null ? {} : (textsIn(object(column)) ?? refuse(column, "names"))),
    words: (column) => wordsIn(parsed(textOrNull(column))) ?? refuse(column, "a JSON list"),
  };
}

function numeric(value: unknown): number {
  if (typeof value === "number") return value;
  return Number(typeof value === "bigint" || typeof value === "string" ? value : Number.NaN);
}

/** `null` unless all of them are text. */
function textsIn(object: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> | null {
  const entries = Object.entries(object);
  const texts = entries.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  return texts.length === entries.length ? Object.fromEntries(texts) : null;
}

function wordsIn(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((word) => typeof word === "string") : null;
}

/** A word of the closed lists that are types elsewhere; the compiler holds these to be complete. */
const STOP_SET: Readonly<Record<StopReason, true>> = {
  cancelled: true,
  paused: true,
  timeout: true,
  stalled: true,
  runaway: true,
  budget: true,
  lingering: true,
  window: true,
  shutdown: true,
};
const COST_SET: Readonly<Record<CostSource, true>> = {
  agent: true,
  priced: true,
  unpriced: true,
  unknown: true,
};

export const HOLD_KINDS: readonly HoldKind[] = wordsOf(HOLDS);
export const STOP_REASONS: readonly StopReason[] = wordsOf(STOP_SET);
export const COST_SOURCES: readonly CostSource[] = wordsOf(COST_SET);
export const FAILURES: readonly FailureClass[] = wordsOf(FAULTS);

export function sourceOf(columns: Columns): Source {
  const name = columns.text("source");
  return isNamedSource(name) ? name : columns.status("source", SOURCES);
}

export function subjectOf(columns: Columns): Subject {
  return { kind: columns.status("subject_kind", SUBJECT_KINDS), name: columns.text("subject") };
}

/** Where a name of a task comes from: a source, the API, or a schedule. */
export function refOf(columns: Columns): Source | "api" | "schedule" {
  const name = columns.text("source");
  return name === "api" || name === "schedule" ? name : sourceOf(columns);
}

function wordsOf<W extends string>(set: Readonly<Record<W, unknown>>): readonly W[] {
  return Object.keys(set) as W[];
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    // The caller refuses with the column's name; the parser's message says nothing more.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const PRINTED_CHARS_MAX = 80;

function printed(value: unknown): string {
  return typeof value === "string" ? `'${value.slice(0, PRINTED_CHARS_MAX)}'` : String(value);
}
