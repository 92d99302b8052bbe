/** Waiting by condition, with a deadline. What never becomes true is a finding, not a hang. */

import { setTimeout as pause } from "node:timers/promises";

const LOOK_MS = 15;

/** Looks every `lookMs` until `holds`; answers whether it did within `patienceMs`. */
export async function within(
  patienceMs: number,
  holds: () => boolean | Promise<boolean>,
  lookMs: number = LOOK_MS,
): Promise<boolean> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > patienceMs) return false;
    await pause(lookMs);
  }
  return true;
}

/** The same, where not is a finding. @throws Found */
export async function until(
  what: string,
  patienceMs: number,
  holds: () => boolean | Promise<boolean>,
  lookMs?: number,
): Promise<void> {
  if (!(await within(patienceMs, holds, lookMs)))
    throw new Found(`waited ${patienceMs / 1_000} s in vain until ${what}`);
}

/** A moment of random length, so that a strike falls anywhere. Nothing is expected to have happened after it. */
export function moment(ms: number): Promise<void> {
  return pause(ms);
}

/** What the torture is for. */
export class Found extends Error {
  override readonly name = "Found";
}
