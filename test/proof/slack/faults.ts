/** Bad days, by the number of the call or drawn from a seed. */

import type { Call, Fault } from "./world.ts";

/** @param days by the number of the call, from 1 */
export function byNumber(days: Readonly<Record<number, Fault>>): (call: Call) => Fault | null {
  return ({ number }) => days[number] ?? null;
}

/** The first call of a method, and no other. */
export function firstOf(method: string, fault: Fault): (call: Call) => Fault | null {
  let isOver = false;
  return (call) => {
    if (isOver || call.method !== method) return null;
    isOver = true;
    return fault;
  };
}

/**
 * The same seed, the same faults in the same order.
 *
 * @param rate the part of all calls that something happens to
 */
export function bySeed(seed: number, rate: number): (call: Call) => Fault | null {
  let state = seed >>> 0;
  const fraction = (): number => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const faults: readonly Fault[] = [
    { kind: "reset", isStored: true },
    { kind: "reset", isStored: false },
    { kind: "status", status: 503, isStored: false },
    { kind: "status", status: 502, isStored: true },
    { kind: "limited", seconds: 1 },
    { kind: "error", error: "internal_error" },
  ];
  return () => (fraction() < rate ? (faults[Math.floor(fraction() * faults.length)] ?? null) : null);
}
