/**
 * Tables without lines and colours: readable in a terminal, in a mail, and with `awk`.
 *
 * T1. On a terminal a table fits: cells of flexible columns are cut, then spare columns go, the last one first.
 * T2. In a pipe nothing is cut, wrapped or left out.
 */

import { plain } from "./phrases.ts";

export interface Column {
  readonly head: string;
  /** Its cells are cut when the table is too wide. */
  readonly flexible?: boolean;
  /** It is left out when that is not enough. */
  readonly spare?: boolean;
}

/** What text is made for. */
export interface Screen {
  /** Calendar time (ms). */
  readonly now: number;
  /** Columns of the terminal; `null` for a pipe or a file. */
  readonly width: number | null;
}

const GAP = 2;
const FLEXIBLE_MIN = 6;

/** Cells are made safe to show; each row has as many cells as there are columns. Ends with a line feed. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width }: Pick<Screen, "width">,
): string {
  const lines = [columns.map(({ head }) => head), ...rows.map((row) => row.map(plain))];
  const widths = fit(columns, lines, width ?? Number.POSITIVE_INFINITY);
  const spare = columns.findLastIndex((column) => column.spare === true);
  if (spare >= 0 && totalOf(widths) > (width ?? Number.POSITIVE_INFINITY)) {
    const without = <T>(cells: readonly T[]): readonly T[] => cells.toSpliced(spare, 1);
    return renderTable(without(columns), rows.map(without), { width });
  }
  const renderLine = (cells: readonly string[]): string =>
    cells.map((cell, index) => pad(cut(cell, widths[index] ?? 0), widths[index] ?? 0)).join(" ".repeat(GAP));
  return lines.map((cells) => `${renderLine(cells).trimEnd()}\n`).join("");
}

/** Natural widths; what is too much is taken from the widest flexible column, again and again. */
function fit(columns: readonly Column[], lines: readonly (readonly string[])[], most: number): number[] {
  const widths = columns.map((_column, index) =>
    Math.max(...lines.map((cells) => widthOf(cells[index] ?? ""))),
  );
  const widest = (): number => {
    const candidates = columns.map(({ flexible }, index) => (flexible ? (widths[index] ?? 0) : 0));
    const width = Math.max(...candidates);
    return width === 0 ? -1 : candidates.indexOf(width);
  };
  for (
    let index = widest();
    totalOf(widths) > most && (widths[index] ?? 0) > FLEXIBLE_MIN;
    index = widest()
  ) {
    widths[index] = (widths[index] ?? 0) - 1;
  }
  return widths;
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP, -GAP);
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let taken = 0;
  for (const character of text) {
    taken += widthOf(character);
    if (taken > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** What takes two columns on a terminal: the scripts of East Asia, and what is shown as a picture. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** What takes none: accents that are written behind their letter. */
const COMBINING = /\p{Mn}/u;

/** Columns on a terminal, near enough. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + columnsOf(character), 0);
}

function columnsOf(character: string): number {
  if (character < "\u0300") return 1;
  return WIDE.test(character) ? 2 : COMBINING.test(character) ? 0 : 1;
}

/** `name  value` lines, for one thing seen closely; values are wrapped on a terminal, and empty ones left out. */
export function renderFields(
  fields: readonly (readonly [string, string | null | undefined])[],
  { width: most }: Pick<Screen, "width">,
): string {
  const given = fields.filter(([, value]) => value !== null && value !== undefined && value !== "");
  const width = Math.max(0, ...given.map(([name]) => name.length));
  const indent = width + 2 * GAP;
  const lines = given.map(([name, value]) => {
    const wrapped = wrap(plain(value ?? ""), (most ?? Number.POSITIVE_INFINITY) - indent).join(
      `\n${" ".repeat(indent)}`,
    );
    return `  ${name.padEnd(width)}  ${wrapped}\n`;
  });
  return lines.join("");
}

/** Breaks between words; a word that is too long stands on a line of its own, so that it can be copied. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && widthOf(line) + 1 + widthOf(word) <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
