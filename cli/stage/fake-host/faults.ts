/**
 * Bad days of a scripted host: which calls meet what, by their number or by chance from a seed. The same for all hosts
 * that are asked over HTTP.
 */

import { z } from "zod";
import { drawing } from "../fake-telegram/faults.ts";

/**
 * With `_after` the call is carried out first, and its answer lost. `429` and `secondary` ask for a pause, and with
 * `_bare` they do not say how long.
 */
export const FAULT_KINDS = [
  ...(["500", "500_after", "502", "502_after", "503", "reset", "reset_after"] as const),
  ...(["hang", "hang_after", "cut_after", "429", "429_bare", "secondary", "secondary_bare"] as const),
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
  /** Each call is met once, and counted once: one that is the same to its last byte was there already. */
  each: z.boolean().default(false),
  /** Of those that do not pass it strikes the first, and then every so manieth. */
  every: z.int().min(1).default(1),
  /** By which whoever plays it knows what has struck. */
  name: z.string().default(""),
});
export const RULES = z.array(RULE).max(1_000);
export type FaultRule = z.input<typeof RULE>;

export interface Faults {
  /** From now on, in place of what was said before. */
  play(rules: readonly FaultRule[], seed?: number): void;
  /** What happens to this call; `null` for nothing. */
  next(method: string, path: string, body: string): FaultKind | null;
  /** How often something has struck. */
  readonly struck: number;
  /** What has struck, and where, in order; the newest {@link STRIKES_MAX}. */
  readonly strikes: readonly Strike[];
}

export interface Strike {
  readonly kind: FaultKind;
  /** Of its rule. */
  readonly name: string;
  /** `METHOD /path?query`. */
  readonly call: string;
}

const STRIKES_MAX = 10_000;

interface Playing {
  readonly rule: z.output<typeof RULE>;
  readonly call: RegExp;
  readonly met: Set<string>;
  seen: number;
  done: number;
}

export function createFaults(): Faults {
  let draw = drawing(1);
  let rules: readonly Playing[] = [];
  const strikes: Strike[] = [];
  let struck = 0;
  return {
    strikes,
    get struck() {
      return struck;
    },
    play(given, seed = 1) {
      draw = drawing(seed);
      rules = RULES.parse(given).map((rule) => ({
        ...{ rule, call: new RegExp(rule.call), met: new Set(), seen: 0, done: 0 },
      }));
    },
    next(method, path, body) {
      const call = `${method} ${path}`;
      const hit = rules.find((one) => strikesAt(one, call, body, draw));
      if (hit === undefined) return null;
      const { kind, name } = hit.rule;
      struck += 1;
      strikes.push({ kind, name, call });
      if (strikes.length > STRIKES_MAX) strikes.shift();
      return kind;
    },
  };
}

function strikesAt(one: Playing, call: string, body: string, draw: () => number): boolean {
  const { skip, times, odds, each, every } = one.rule;
  const whole = `${call}\n${body}`;
  if (!one.call.test(call) || (each && one.met.has(whole))) return false;
  if (each) one.met.add(whole);
  one.seen += 1;
  const isTurn = one.seen > skip && (one.seen - skip - 1) % every === 0;
  if (!isTurn || one.done >= times || draw() >= odds) return false;
  one.done += 1;
  return true;
}

/** Whether the call is carried out though its answer is lost. */
export function isCarriedOut(kind: FaultKind): boolean {
  return kind.endsWith("_after");
}

/** Whether it is turned away by a limit; the rest breaks the answer. */
export function isLimited(kind: FaultKind): kind is "429" | "429_bare" | "secondary" | "secondary_bare" {
  return kind.startsWith("429") || kind.startsWith("secondary");
}
