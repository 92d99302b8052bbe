/**
 * An artifact that a phase would take, made from its schema alone: the smallest that can be found by simple means. What
 * is found has been checked as artifacts of agents are; where nothing is found, that says nothing against the schema.
 */

import { checkArtifact, verdictOf } from "../../system/schema/artifact.ts";
import { withinTime } from "../../system/schema/time-limit.ts";
import type { Json } from "../../workflow/workflow.ts";
import { isNode, type Node } from "./merged.ts";
import { Exhausted, valuesOf } from "./values.ts";

export type Example =
  | { readonly kind: "made"; readonly text: string }
  /** The rest of a sentence that begins with the schema. */
  | { readonly kind: "unable"; readonly reason: string };

const SCHEMAS_MAX = 20_000;
const MS_MAX = 3_000;

/** @param verdict that it has to give; `null` for none in particular */
export function exampleOf(schema: Json, verdict: string | null): Example {
  if (!isNode(schema)) return { kind: "made", text: "tried\n" };
  const said = { type: "object", properties: { verdict: { const: verdict } }, required: ["verdict"] };
  const wanted = verdict === null ? schema : { allOf: [schema, said] };
  const values = madeFor(schema, wanted);
  if (typeof values === "string") return unable(values);
  let first: string | null = null;
  for (const value of values) {
    const text = `${JSON.stringify(value, null, 2)}\n`;
    const checked = checkArtifact(Buffer.from(text), schema);
    if (checked.kind === "valid" && (verdict === null || verdictOf(checked.value) === verdict))
      return { kind: "made", text };
    first ??= checked.kind === "invalid" ? (checked.problems[0] ?? null) : null;
  }
  return unable(`asks for more than an example can be made of${first === null ? "" : ` (${first})`}`);
}

function madeFor(schema: Node, wanted: Node): readonly Json[] | string {
  try {
    // Patterns are tried out here by an engine that some of them keep busy for ever.
    const timed = withinTime(MS_MAX, () => valuesOf({ root: schema, left: SCHEMAS_MAX }, wanted, ""));
    return timed.kind === "done" ? timed.value : "takes too long to make an example of it";
  } catch (error) {
    if (error instanceof Exhausted) return "has too many parts to make an example of it";
    throw error;
  }
}

function unable(reason: string): Example {
  return { kind: "unable", reason };
}
