/** What a benchmark finds out, and small sums over measured values. */

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What is wanted of it, on a quiet machine; missing it is told and fails nothing. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** `isQuick` asks for few rounds, which show that it runs and little more. @throws when it cannot measure */
export type Benchmark = (isQuick: boolean) => Promise<readonly Figure[]>;

/** The value below which a fraction `q` of the values lie; 0 for none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

/** A table for a person, a line per figure. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [figure.what, digits(figure.value), figure.unit, wish(figure)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const [first = 0, second = 0, third = 0] = widths;
  return rows
    .map(([what = "", value = "", unit = "", wanted = ""]) =>
      `${what.padEnd(first)}  ${value.padStart(second)} ${unit.padEnd(third)}  ${wanted}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function wish({ value, atMost, atLeast }: Figure): string {
  const [words, isMissed] =
    atMost !== undefined
      ? [`wanted: at most ${atMost}`, value > atMost]
      : atLeast !== undefined
        ? [`wanted: at least ${atLeast}`, value < atLeast]
        : ["", false];
  return isMissed ? `${words} (missed)` : words;
}

/** Three significant digits; more are noise. */
function digits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2);
}
