/**
 * Bad days of a scripted host: which calls meet what, by their number or by chance from a seed. The same for all hosts
 * that are asked over HTTP.
 */

import { z } from "zod";
import { drawing } from "../fake-telegram/faults.ts";

/** With `_after` the call is carried out first, and its answer lost. `429` and `secondary` ask for a pause. */
export const FAULT_KINDS = [
  ...(["500", "500_after", "502", "502_after", "503", "reset", "reset_after"] as const),
  ...(["hang", "hang_after", "cut_after", "429", "secondary"] as const),
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const RULE = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  /** A regular expression over `METHOD /path?query`; every call where it is not given. */
  call: z.string().default(""),
  /** So many matching calls pass before it strikes. */
  skip: z.int().min(0).default(0),
  /** How often it strikes, at most. */
  times: z.int().min(1).default(1),
  /** How likely it is to strike where it could. */
  odds: z.number().min(0).max(1).default(1),
});
export const RULES = z.array(RULE).max(1_000);
export type FaultRule = z.input<typeof RULE>;

export interface Faults {
  /** From now on, in place of what was said before. */
  play(rules: readonly FaultRule[], seed?: number): void;
  /** What happens to this call; `null` for nothing. */
  next(method: string, path: string): FaultKind | null;
  /** How often something has struck. */
  readonly struck: number;
}

export function createFaults(): Faults {
  let draw = drawing(1);
  let rules: { readonly rule: z.output<typeof RULE>; readonly call: RegExp; seen: number; done: number }[] =
    [];
  const faults: Faults & { struck: number } = {
    struck: 0,
    play(given, seed = 1) {
      draw = drawing(seed);
      rules = RULES.parse(given).map((rule) => ({ rule, call: new RegExp(rule.call), seen: 0, done: 0 }));
    },
    next(method, path) {
      for (const one of rules) {
        if (!one.call.test(`${method} ${path}`)) continue;
        one.seen += 1;
        const { skip, times, odds, kind } = one.rule;
        if (one.seen <= skip || one.done >= times || draw() >= odds) continue;
        one.done += 1;
        faults.struck += 1;
        return kind;
      }
      return null;
    },
  };
  return faults;
}

/** Whether the call is carried out though its answer is lost. */
export function isCarriedOut(kind: FaultKind): boolean {
  return kind.endsWith("_after");
}
