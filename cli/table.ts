/** Tables without lines and colours, at most 100 columns wide: readable in a terminal, in a mail, and with `awk`. */

import Table from "cli-table3";
import { plain } from "./phrases.ts";

export interface Column {
  readonly head: string;
  /** Gives way when the table is too wide. */
  readonly flexible?: boolean;
}

const WIDTH_MAX = 100;
const GAP = 2;
const FLEXIBLE_MIN = 8;

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};

/** Cells are made safe to show; each row has as many cells as there are columns. Ends with a line feed. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(plain));
  const table = new Table({
    head: columns.map(({ head }) => head),
    chars: NO_LINES,
    colWidths: fit(columns, cells),
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
    truncate: "…",
  });
  table.push(...cells.map((row) => [...row]));
  return `${table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")}\n`;
}

/** Natural widths; what is too much is taken from the widest flexible column, again and again. */
function fit(columns: readonly Column[], cells: readonly (readonly string[])[]): number[] {
  const widths = columns.map(
    ({ head }, index) => Math.max(...[head, ...cells.map((row) => row[index] ?? "")].map(widthOf)) + GAP,
  );
  const total = (): number => widths.reduce((sum, width) => sum + width, 0) - GAP;
  const widest = (): number => {
    const candidates = columns.map(({ flexible }, index) => (flexible ? (widths[index] ?? 0) : 0));
    return candidates.indexOf(Math.max(...candidates));
  };
  for (let index = widest(); total() > WIDTH_MAX && (widths[index] ?? 0) > FLEXIBLE_MIN; index = widest()) {
    widths[index] = Math.max(FLEXIBLE_MIN, (widths[index] ?? 0) - 1);
  }
  return widths;
}

/** Columns on a terminal, near enough: everything from Hangul upwards takes two. */
function widthOf(text: string): number {
  return [...text].reduce(
    (sum, character) => sum + (character >= "\u1100" && character !== "…" && character !== "–" ? 2 : 1),
    0,
  );
}

/** `name  value` lines, for one thing seen closely; long values are wrapped, empty ones left out. */
export function renderFields(fields: readonly (readonly [string, string | null | undefined])[]): string {
  const given = fields.filter(([, value]) => value !== null && value !== undefined && value !== "");
  const width = Math.max(0, ...given.map(([name]) => name.length));
  const indent = width + 2 * GAP;
  const lines = given.map(([name, value]) => {
    const wrapped = wrap(plain(value ?? ""), WIDTH_MAX - indent).join(`\n${" ".repeat(indent)}`);
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
