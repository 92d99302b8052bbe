/**
 * Schemas made ready to check by, and why one of a workflow file cannot be. What passes here is small, means what its
 * writer meant as far as that can be known, and comes to an end on every value that is small itself.
 *
 * Whoever writes schemas is trusted to mean well (they come with the configuration, or from a branch that was
 * reviewed), and not to be free of mistakes.
 */

import { createHash } from "node:crypto";
import { type Allowance, UNSHARED } from "./allowance.ts";
import { entanglement } from "./entangled.ts";
import { measure } from "./measure.ts";
import { problemsOf } from "./problems.ts";
import { shown } from "./shown.ts";
import { patiently, type Timed, withinTime } from "./time-limit.ts";
import { inWords } from "./trouble.ts";
import { compile, DIALECT, type Schema, schemaValidator } from "./validators.ts";

const BYTES_MAX = 65_536;
const VALUES_MAX = 1_000;
const DEPTH_MAX = 64;
/** Five hundred properties take a quarter of a second. */
const COMPILE_MS_MAX = 2_000;
/** Of a schema that is none, so many things that are wrong with it are told. */
const PROBLEMS_MAX = 3;
/** Schemas whose validators are kept. */
const KEPT_MAX = 64;

type Validator = ReturnType<typeof compile>;

export interface Prepared {
  /** Stops at the first error. */
  readonly first: Validator;
  /** Goes on to the last error; `null` where it takes too long to make. */
  readonly all: () => Validator | null;
  /** How many values the schema is made of. */
  readonly values: number;
}

/**
 * The rest of a sentence that begins with the schema; `null` when it can be used, and for the schema `null`, which asks
 * for nothing.
 *
 * @param time what it may take together with others
 */
export function schemaTrouble(schema: unknown, time: Allowance = UNSHARED): string | null {
  if (schema === null) return null;
  const prepared = prepare(schema, time);
  return typeof prepared === "string" ? prepared : null;
}

/** By what a schema says. What was used last comes last. */
const kept = new Map<string, Prepared>();

/** The validators of a schema; the rest of a sentence that begins with the schema where there can be none. */
export function prepare(schema: unknown, time: Allowance = UNSHARED): Prepared | string {
  const { values, ...bounds } = measure(schema, DEPTH_MAX, VALUES_MAX);
  if (bounds.isTooDeep)
    return `is nested deeper than ${DEPTH_MAX} levels: put inner parts under "$defs" and refer to them`;
  if (values > VALUES_MAX)
    return `is made of more than ${VALUES_MAX.toLocaleString("en")} values: say what is repeated once under "$defs", or ask for less`;
  if (!bounds.isJson)
    return "holds something that JSON has no word for: use texts, finite numbers, true, false and null";
  if (bounds.hasProto) return 'names "__proto__", by which no property can be told: use another name';
  if (typeof schema !== "object" || schema === null || Array.isArray(schema))
    return 'is not a mapping: write a JSON Schema, such as {"type": "object"}';
  const text = JSON.stringify(schema);
  const bytes = Buffer.byteLength(text);
  if (bytes > BYTES_MAX)
    return `has ${bytes.toLocaleString("en")} bytes as JSON, and 65,536 are allowed: shorten its descriptions, or ask for less`;
  const name = hashOf(text);
  const made = kept.get(name) ?? prepareAnew({ ...schema }, values, time);
  if (typeof made === "string") return made;
  kept.delete(name);
  kept.set(name, made);
  const oldest = kept.size > KEPT_MAX ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  return made;
}

/** For a schema one of whose validators was stopped while it worked, and may not be used again. */
export function forget(schema: unknown): void {
  kept.delete(hashOf(JSON.stringify(schema)));
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function prepareAnew(schema: Schema, values: number, time: Allowance): Prepared | string {
  const wrong = ofAnotherKind(schema) ?? noSchema(schema, time) ?? entanglement(schema);
  if (wrong !== null) return wrong;
  const first = compiled(schema, false, time);
  if (typeof first === "string") return first;
  let all: Validator | string | null = null;
  return {
    first,
    values,
    all: () => {
      all ??= compiled(schema, true, UNSHARED);
      return typeof all === "string" ? null : all;
    },
  };
}

function ofAnotherKind(schema: Schema): string | null {
  const kind = schema["$schema"];
  if (kind !== undefined && (typeof kind !== "string" || kind.replace(/#$/, "") !== DIALECT))
    return `is of another kind than JSON Schema 2020-12 ("$schema" is ${shown(kind)}): take "$schema" out, or write "${DIALECT}"`;
  return schema["$async"] === undefined
    ? null
    : 'has the keyword "$async", by which it would wait for somebody else: take it out';
}

function noSchema(schema: Schema, time: Allowance): string | null {
  // The libraries load before the clock begins: a load that is broken off leaves half of one for good.
  const validator = schemaValidator();
  const problems = timely(schema, time, () => (validator(schema) ? [] : problemsOf(validator.errors ?? [])));
  if (typeof problems === "string") return problems;
  return problems.length === 0
    ? null
    : `is no JSON Schema 2020-12: ${problems.slice(0, PROBLEMS_MAX).join("; ")}`;
}

function compiled(schema: Schema, allErrors: boolean, time: Allowance): Validator | string {
  return timely(schema, time, () => compile(schema, allErrors));
}

function timely<T>(schema: Schema, time: Allowance, work: () => T): T | string {
  try {
    const limitMs = Math.max(1, Math.ceil(Math.min(COMPILE_MS_MAX, time.leftMs())));
    const timed: Timed<T> = patiently(() => withinTime(limitMs, work));
    if (timed.kind === "done") return timed.value;
    const most = limitMs < COMPILE_MS_MAX ? "is left of the time for all" : `${COMPILE_MS_MAX / 1_000} s`;
    return `takes longer than ${most} to prepare: make it smaller or simpler`;
  } catch (error) {
    return inWords(schema, error);
  }
}
