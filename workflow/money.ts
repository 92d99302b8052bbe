/** Sums of money as words. Pure. */

const NANOS_PER_DOLLAR = 1_000_000_000;

/**
 * `$20.00`, `$0.001687`: with cents, and with what is below them as exactly as it was counted, so that parts which are
 * shown always add up to the sum that is shown.
 */
export function money(nanos: number): string {
  const whole = Math.trunc(Math.abs(nanos) / NANOS_PER_DOLLAR);
  const rest = String(Math.abs(nanos) % NANOS_PER_DOLLAR)
    .padStart(9, "0")
    .replace(/0{1,7}$/, "");
  return `${nanos < 0 ? "-" : ""}$${whole}.${rest}`;
}
