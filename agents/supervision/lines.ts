/**
 * Bytes of a log into lines.
 *
 * L1. Only LF ends a line. (Readers that also split on U+2028 tear JSON strings apart.)
 * L2. UTF-8 is decoded per line, so a character that straddles two chunks is whole.
 * L3. Memory is bounded: of a line beyond the limit the first part is kept, the rest is dropped, and it is marked.
 * L4. Pure over (carry, bytes). The stored offset is the start of the first incomplete line: reading from there again
 *     with an empty carry gives the same lines.
 */

import { LINE_BYTES_MAX } from "../../workflow/limits.ts";

export interface Line {
  readonly text: string;
  /** The line was longer than the limit; `text` is its beginning. */
  readonly cut: boolean;
}

/** The beginning of a line whose end has not come yet. */
export interface Carry {
  readonly bytes: Uint8Array;
  /** Bytes of this line beyond the limit, counted and not kept. */
  readonly dropped: number;
}

export const NO_CARRY: Carry = { bytes: new Uint8Array(0), dropped: 0 };

export interface Split {
  readonly lines: readonly Line[];
  readonly carry: Carry;
}

/** How many bytes of the log the carry stands for. */
export function carryLength(carry: Carry): number {
  return carry.bytes.length + carry.dropped;
}

/** Splits what was carried and the next bytes. A line comes without its LF. */
export function splitLines(carry: Carry, bytes: Uint8Array, bytesMax: number = LINE_BYTES_MAX): Split {
  const lines: Line[] = [];
  let rest = carry;
  let start = 0;
  for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
    lines.push(closeLine(extend(rest, bytes.subarray(start, end), bytesMax)));
    rest = NO_CARRY;
    start = end + 1;
  }
  return { lines, carry: extend(rest, bytes.subarray(start), bytesMax) };
}

/** What is carried, taken as a line: for the end of a log whose last line has no LF. */
export function closeLine(carry: Carry): Line {
  return { text: new TextDecoder().decode(carry.bytes), cut: carry.dropped > 0 };
}

const LF = 0x0a;

function extend(carry: Carry, bytes: Uint8Array, bytesMax: number): Carry {
  if (bytes.length === 0) return carry;
  const kept = bytes.subarray(0, Math.max(0, bytesMax - carry.bytes.length));
  // Always a copy: the caller may reuse its buffer, and a slice would keep a whole chunk alive.
  const joined = new Uint8Array(carry.bytes.length + kept.length);
  joined.set(carry.bytes);
  joined.set(kept, carry.bytes.length);
  return { bytes: joined, dropped: carry.dropped + bytes.length - kept.length };
}
