/** Ids of Discord: numbers of 64 bits, written as text, that begin with the time at which they were made. Pure. */

/** The zero of their clock (ms). */
const EPOCH_MS = 1_420_070_400_000;
const TIME_SHIFT = 22n;

/** The smallest id of a time (ms). */
export function snowflakeAt(time: number): string {
  return String(BigInt(Math.max(0, Math.floor(time) - EPOCH_MS)) << TIME_SHIFT);
}

/** When an id was made (ms). @param id digits */
export function timeOf(id: string): number {
  return Number(BigInt(id) >> TIME_SHIFT) + EPOCH_MS;
}
