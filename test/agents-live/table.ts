/**
 * The table of programs and cases, for people. A star marks what came out as expected of this program, which is not
 * what is expected of the others; the reasons stand below.
 */

import { type Case, DIFFERS } from "./cases.ts";
import type { Installed, ProgramName } from "./install.ts";
import type { Verdict } from "./scene.ts";

export interface Tried {
  readonly program: ProgramName;
  readonly case: Case["name"];
  readonly verdict: Verdict;
}

interface Named<N extends string> {
  readonly name: N;
}

export function drawTable(
  programs: readonly Named<ProgramName>[],
  cases: readonly Named<Case["name"]>[],
  installed: Readonly<Partial<Record<ProgramName, Installed>>>,
  tried: readonly Tried[],
): string {
  const cell = (program: ProgramName, name: Case["name"]): string => {
    const found = tried.find((one) => one.program === program && one.case === name);
    if (found === undefined) return "not tried";
    if (found.verdict.wrong.length > 0) return "FAILED";
    return DIFFERS[program]?.[name] === undefined ? "ok" : "ok *";
  };
  const rows = [
    ["", ...programs.map(({ name }) => name)],
    ["version", ...programs.map(({ name }) => versionOf(installed[name]))],
    ...cases.map(({ name }) => [name, ...programs.map((program) => cell(program.name, name))]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const failed = tried.filter(({ verdict }) => verdict.wrong.length > 0).length;
  const missing = programs.flatMap(({ name }) => {
    const found = installed[name];
    return found?.kind === "missing" ? [`${name} not tried: ${found.why}`] : [];
  });
  const stars = tried.flatMap(({ program, case: name }) => {
    const difference = DIFFERS[program]?.[name];
    return difference === undefined ? [] : [`* ${program} ${name}: ${difference.because}`];
  });
  return ["", ...lines, ...stars, ...missing, `${tried.length} tried, ${failed} failed`, ""].join("\n");
}

function versionOf(found: Installed | undefined): string {
  return found?.kind === "ready" ? found.version : "-";
}
