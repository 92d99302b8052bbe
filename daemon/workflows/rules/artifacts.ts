/** Artifacts: each has a place of its own, and a schema that can be checked against. */

import type { Json } from "../../../workflow/workflow.ts";
import { type LoosePhase, type PhaseRule, quoted } from "./phases.ts";

/** Paths are compared without case: a disk may not tell the two apart. */
export const ownPlace: PhaseRule = (phase, all) => {
  const path = placeOf(phase);
  if (path === null) return [];
  const at = [...phase.path, "artifact", "path"];
  const other = all.slice(0, phase.index).find((earlier) => {
    const taken = placeOf(earlier);
    return taken !== null && (taken === path || isWithin(taken, path) || isWithin(path, taken));
  });
  if (other === undefined) return [];
  const whose = other.key === null ? `phases[${other.index}]` : quoted(other.key);
  const message =
    placeOf(other) === path ? "is the path of the artifact of" : "lies within, or around, the artifact of";
  return [{ path: at, message: `${message} an earlier phase, ${whose}` }];
};

function placeOf({ artifact }: LoosePhase): string | null {
  return artifact?.path?.toLowerCase() ?? null;
}

function isWithin(inner: string, outer: string): boolean {
  return inner.startsWith(`${outer}/`);
}

/** @param schemaTrouble why a schema cannot be used, as the rest of a sentence that begins with it */
export function usableSchema(schemaTrouble: (schema: Json) => string | null): PhaseRule {
  return ({ artifact, path }) => {
    const schema = artifact?.schema ?? null;
    const trouble = schema === null ? null : schemaTrouble(schema);
    return trouble === null ? [] : [{ path: [...path, "artifact", "schema"], message: trouble }];
  };
}
