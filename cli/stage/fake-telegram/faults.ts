/**
 * Bad days of the proof server, by number of a call or by chance from a seed: so that a test can say which answer is
 * lost, and a long one meets all kinds.
 */

import { z } from "zod";

/** With `_after` the call is carried out first, and its answer lost. */
export const FAULT_KINDS = [
  ...(["500", "500_after", "502", "502_after", "reset", "reset_after", "hang", "hang_after"] as const),
  ...(["cut_after", "429"] as const),
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const SCRIPT = z.strictObject({
  /** Of these calls, in order: the next is number 1. */
  planned: z
    .array(
      z.strictObject({
        kind: z.enum(FAULT_KINDS),
        /** Counted among those of the method, where one is named. */
        call: z.int().min(1).default(1),
        method: z.string().optional(),
      }),
    )
    .default([]),
  /** Of each call, by chance. */
  odds: z.partialRecord(z.enum(FAULT_KINDS), z.number().min(0).max(1)).default({}),
  seed: z.int().default(1),
  /** Which methods chance may strike; all where none is named. */
  methods: z.array(z.string()).default([]),
});
export type Script = z.input<typeof SCRIPT>;

export interface Faults {
  /** From now on, in place of what was said before. */
  play(script: Script): void;
  /** What happens to this call; `null` for nothing. */
  next(method: string): FaultKind | null;
}

export function createFaults(): Faults {
  let script = SCRIPT.parse({});
  let draw = drawing(1);
  const counts = new Map<string, number>();
  return {
    play(given) {
      script = SCRIPT.parse(given);
      draw = drawing(script.seed);
      counts.clear();
    },
    next(method) {
      const count = (name: string): number => {
        counts.set(name, (counts.get(name) ?? 0) + 1);
        return counts.get(name) ?? 0;
      };
      const [all, own] = [count("*"), count(method)];
      const planned = script.planned.find((fault) =>
        fault.method === undefined ? fault.call === all : fault.method === method && fault.call === own,
      );
      if (planned !== undefined) return planned.kind;
      if (script.methods.length > 0 && !script.methods.includes(method)) return null;
      for (const kind of FAULT_KINDS) if (draw() < (script.odds[kind] ?? 0)) return kind;
      return null;
    },
  };
}

/** Fractions in [0, 1) from a seed, always the same (mulberry32). */
export function drawing(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
