/** Amounts and spans as people write them in a chat. Pure. */

export interface Amount {
  readonly unit: "usd" | "tokens" | "runs";
  /** Greater than 0. */
  readonly amount: number;
  /** Of the budget of today alone. */
  readonly isOfDay: boolean;
}

const AMOUNT = /^(\$)?(\d{1,12}(?:\.\d{1,6})?)([km])?\s*(usd|\$|dollars?|tokens?|runs?)?(\s+today)?$/i;
const TIMES: Readonly<Record<string, number>> = { k: 1_000, m: 1_000_000 };

/** `$5`, `5`, `2.50 usd`, `200k tokens`, `3 runs today`; `null` for what is none. What names no unit is money. */
export function amountIn(text: string): Amount | null {
  const [, dollar, digits = "", times = "", named = "", day] = AMOUNT.exec(text.trim()) ?? [];
  const unit = unitOf(named);
  const amount = Number(digits) * (TIMES[times.toLowerCase()] ?? 1);
  if (digits === "" || amount <= 0 || (dollar !== undefined && unit !== "usd")) return null;
  if (unit !== "usd" && !Number.isInteger(amount)) return null;
  return { unit, amount, isOfDay: day !== undefined };
}

function unitOf(word: string): Amount["unit"] {
  if (/^tokens?$/i.test(word)) return "tokens";
  return /^runs?$/i.test(word) ? "runs" : "usd";
}

const SPAN = /^(?:(\d{1,3})w)?(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m(?:in)?)?$/i;
const UNITS_MS: readonly number[] = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000];

/** `45m`, `2h`, `1d12h` in ms; `null` for what is none. */
export function spanIn(text: string): number | null {
  const found = SPAN.exec(text);
  if (found === null) return null;
  const ms = UNITS_MS.reduce((sum, unit, index) => sum + Number(found[index + 1] ?? 0) * unit, 0);
  return ms > 0 ? ms : null;
}
