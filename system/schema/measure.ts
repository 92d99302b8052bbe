/**
 * A value is measured before anybody walks through it who is not ready for its size: how deep it is nested, how many
 * values it is made of, and whether it is JSON at all. Without recursion, so that no depth hurts.
 */

/** A JSON value. Structural twin of `Json` in `workflow/workflow.ts`: this room knows no nouns of the house. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Measured {
  /** How many values there are, with all within them; those below the limit of depth are not counted. */
  readonly values: number;
  /** Whether something lies deeper than the limit. */
  readonly isTooDeep: boolean;
  /** Whether all of it is what a file of JSON can hold. */
  readonly isJson: boolean;
  /** Whether some object has this name in it, which means something else to an object. */
  readonly hasProto: boolean;
}

/**
 * @param depthMax how many lists and objects may lie within one another
 * @param valuesMax after so many it gives up counting; also what goes round in a circle comes to an end
 */
export function measure(value: unknown, depthMax: number, valuesMax: number): Measured {
  const left: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 1 }];
  let values = 0;
  let [isTooDeep, isJson, hasProto] = [false, true, false];
  for (let next = left.pop(); next !== undefined && values <= valuesMax; next = left.pop()) {
    values += 1;
    const { value: here, depth } = next;
    if (typeof here !== "object" || here === null) {
      isJson &&= isScalar(here);
      continue;
    }
    if (depth > depthMax) {
      isTooDeep = true;
      continue;
    }
    isJson &&= isPlain(here);
    hasProto ||= Object.hasOwn(here, "__proto__");
    for (const inside of Object.values(here)) left.push({ value: inside, depth: depth + 1 });
  }
  return { values, isTooDeep, isJson, hasProto };
}

function isScalar(value: unknown): boolean {
  return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
