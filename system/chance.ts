/** The only door to chance. */

import { randomBytes } from "node:crypto";

export interface Chance {
  /** A fraction in [0, 1). */
  fraction(): number;
  /** A new id: 20 lower-case base-32 characters, sortable by time of making. */
  id(): string;
  /** 256 bits for a secret, as base64url. */
  token(): string;
}

/** Crockford's base 32 without the letters that look like digits. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

/** @param now the calendar clock (ms), from which ids take their order */
export function systemChance(now: () => number): Chance {
  return {
    fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    id: () => timePart(now()) + randomPart(),
    token: () => randomBytes(32).toString("base64url"),
  };
}

/** 50 bits of milliseconds: enough until the year 37,000. */
function timePart(ms: number): string {
  let [text, rest] = ["", ms];
  for (let i = 0; i < 10; i++) {
    text = (DIGITS[rest % 32] ?? "") + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function randomPart(): string {
  return Array.from(randomBytes(10), (byte) => DIGITS[byte % 32]).join("");
}
