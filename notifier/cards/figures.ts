/** Figures of runs as a card shows them. Pure. */

import { money } from "../../workflow/money.ts";
import type { Run } from "../../workflow/run.ts";

export interface Used {
  /** Of all kinds but reads from the cache. */
  readonly tokens: number;
  /** `null` where nobody knows the price of all of it. */
  readonly nanos: number | null;
}

export function usedBy(runs: readonly Run[]): Used {
  let tokens = 0;
  let nanos: number | null = 0;
  for (const { usage } of runs)
    for (const row of usage) {
      tokens += row.inputTokens + row.outputTokens + row.cacheCreationTokens;
      nanos = nanos === null || row.costNanos === null ? null : nanos + row.costNanos;
    }
  return { tokens, nanos };
}

/** `12.3k tok · $0.42`; empty where nothing was used. */
export function tellUsed({ tokens, nanos }: Used): readonly string[] {
  if (tokens === 0) return [];
  return [`${amount(tokens)} tok`, ...(nanos === null ? [] : [cents(nanos)])];
}

/** `$1.20`: to the cent, as people read money; of less than one, that it is less. Exact sums are the command line's. */
export function cents(nanos: number): string {
  const CENT = 10_000_000;
  if (nanos > 0 && nanos < CENT) return "under $0.01";
  return money(Math.round(nanos / CENT) * CENT);
}

export function amount(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  return tokens < 999_950 ? `${(tokens / 1_000).toFixed(1)}k` : `${(tokens / 1_000_000).toFixed(1)}M`;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `8s`, `12m 5s`, `3h 2m`. */
export function span(ms: number): string {
  const round = Math.max(0, Math.round(ms / SECOND)) * SECOND;
  if (round < MINUTE) return `${round / SECOND}s`;
  const [whole, part, big, small] = round < HOUR ? [MINUTE, SECOND, "m", "s"] : [HOUR, MINUTE, "h", "m"];
  const rest = Math.floor((round % whole) / part);
  return `${Math.floor(round / whole)}${big}${rest === 0 ? "" : ` ${rest}${small}`}`;
}
