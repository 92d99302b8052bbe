/** Words of findings that more than one check uses. */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `512 MiB`, `4.2 GiB`. */
export function bytes(count: number): string {
  let [value, unit] = [count, 0];
  while (value >= 1_024 && unit < UNITS.length - 1) [value, unit] = [value / 1_024, unit + 1];
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** `2.39.5` out of what a program says of itself, or its first line where no number is found. */
export function versionIn(text: string): string {
  const first = text.trim().split("\n")[0] ?? "";
  return /\d+\.\d+(\.\d+)*[\w.+-]*/.exec(first)?.[0] ?? first.slice(0, 60);
}

/** Whether a version is at least another; what is no number counts as 0. */
export function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split(/[.+-]/).map((part) => Number.parseInt(part, 10) || 0);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
