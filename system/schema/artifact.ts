/**
 * Checks what an agent has left as its artifact. It is a stranger's: of any size and depth, made to take for ever, or
 * no text at all.
 *
 * A1. Whatever it is, the answer is a value or a list of problems, in short time and little memory; never an error.
 * A2. The problems are for the agent that has to repair it: where, what, what is allowed, what was got.
 * A3. Whether it is valid is one check with an end at the first error. All errors are looked for only where there
 *     cannot be millions of them.
 */

import { type Json, measure } from "./measure.ts";
import { forget, prepare } from "./prepare.ts";
import { problemsOf } from "./problems.ts";
import { visible } from "./shown.ts";
import { patiently, type Timed, withinTime } from "./time-limit.ts";
import type { compile } from "./validators.ts";

export type ArtifactCheck =
  /** `value`: as parsed; the text itself where there is no schema. `text`: without a byte order mark. */
  | { readonly kind: "valid"; readonly value: Json; readonly text: string }
  /** In the order of their places; at most twenty, and a line that counts the rest. */
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

/** Bytes of an artifact. */
export const ARTIFACT_BYTES_MAX = 1_048_576;
const DEPTH_MAX = 64;
const CHECK_MS_MAX = 200;
/** For all errors: bytes, and values of the artifact times values of the schema. */
const ALL_BYTES_MAX = 65_536;
const ALL_PAIRS_MAX = 1_000_000;
const VERDICT = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/**
 * @param bytes all of them, or one more than {@link ARTIFACT_BYTES_MAX}
 * @param schema one that `schemaTrouble` has nothing against; `null` where any text will do that somebody can read
 */
export function checkArtifact(bytes: Uint8Array, schema: Json): ArtifactCheck {
  if (bytes.length > ARTIFACT_BYTES_MAX) return invalid("is longer than 1 MiB: leave out what nobody needs");
  const text = decoded(bytes);
  if (text === null) return invalid("is not UTF-8: write it as plain text in UTF-8");
  if (text.trim() === "") return invalid("is empty");
  if (schema === null) {
    return text.includes("\0")
      ? invalid("holds a NUL character: write plain text")
      : { kind: "valid", value: text, text };
  }
  const parsed = parse(text);
  if (parsed.kind === "invalid") return parsed;
  const { values, isTooDeep } = measure(parsed.value, DEPTH_MAX, Number.POSITIVE_INFINITY);
  if (isTooDeep) return invalid(`is nested deeper than ${DEPTH_MAX} levels: make it flatter`);
  const problems = check(parsed.value, schema, { bytes: bytes.length, values });
  return problems.length === 0 ? { kind: "valid", value: parsed.value, text } : { kind: "invalid", problems };
}

/** The text at `verdict` at the top of an artifact's value, if it is a name that a workflow can route by. */
export function verdictOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "verdict")) return null;
  const verdict = "verdict" in value ? value.verdict : null;
  return typeof verdict === "string" && VERDICT.test(verdict) ? verdict : null;
}

type Invalid = Extract<ArtifactCheck, { kind: "invalid" }>;

function invalid(what: string): Invalid {
  return { kind: "invalid", problems: [`top level: ${what}`] };
}

/** A byte order mark is taken off: some programs write one, and it is no part of what they say. */
function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parse(text: string): { readonly kind: "parsed"; readonly value: Json } | Invalid {
  try {
    const value: Json = JSON.parse(text);
    return { kind: "parsed", value };
  } catch (error) {
    if (text.trimStart().startsWith("```"))
      return invalid("is no JSON: it begins with a Markdown fence; write the JSON alone");
    const said = error instanceof Error ? error.message : String(error);
    return invalid(`is no JSON: ${visible(said, 2 * 80)}`);
  }
}

interface Size {
  readonly bytes: number;
  readonly values: number;
}

const TOO_LONG = `takes longer than ${CHECK_MS_MAX} ms to check: make it smaller`;
const CIRCLE =
  "cannot be checked: its schema goes round in a circle with it; make it smaller, or tell whoever wrote the schema";

function check(value: Json, schema: Json, size: Size): readonly string[] {
  const prepared = prepare(schema);
  if (typeof prepared === "string") return [`top level: cannot be checked, because its schema ${prepared}`];
  const first = problemsBy(schema, "first", value);
  if (first === null) return invalid(TOO_LONG).problems;
  const isFew = size.bytes <= ALL_BYTES_MAX && size.values * prepared.values <= ALL_PAIRS_MAX;
  return first.length > 0 && isFew ? (problemsBy(schema, "all", value) ?? first) : first;
}

/** None where the value is valid; `null` where that takes too long. For all errors nobody waits twice. */
function problemsBy(schema: Json, which: "first" | "all", value: Json): readonly string[] | null {
  const once = (): Timed<readonly string[]> => {
    const validator = validatorOf(schema, which);
    if (validator === null) return { kind: "late", isStarved: false };
    const timed = withinTime(CHECK_MS_MAX, () =>
      validator(value) ? [] : problemsOf(validator.errors ?? []),
    );
    if (timed.kind === "late") forget(schema);
    return timed;
  };
  try {
    const timed = which === "first" ? patiently(once) : once();
    return timed.kind === "late" ? null : timed.value;
  } catch (error) {
    forget(schema);
    if (error instanceof RangeError) return invalid(CIRCLE).problems;
    throw error;
  }
}

function validatorOf(schema: Json, which: "first" | "all"): ReturnType<typeof compile> | null {
  const prepared = prepare(schema);
  if (typeof prepared === "string") return null;
  return which === "first" ? prepared.first : prepared.all();
}
