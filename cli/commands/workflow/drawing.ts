/**
 * A workflow drawn for a terminal: its phases one below the other, and the ways back as lines at their left, a lane for
 * each phase that is gone back to.
 */

import type { Workflow, WorkflowPhase } from "../../../workflow/workflow.ts";
import { counted, plain } from "../../phrases.ts";
import {
  artifactWords,
  conditionWords,
  exactly,
  gateWords,
  isPlayedAgain,
  limitWords,
  mergeWords,
  refusalsOf,
  sessionWords,
  waysOf,
} from "./told.ts";

export function drawWorkflow(workflow: Workflow, hash: string): string {
  const { name, description, phases } = workflow;
  const rows = phases.flatMap((phase, index) => rowsOf(phase, index, workflow));
  const lanes = lanesOf(rows);
  const head = [
    `${name}, ${counted(phases.length, "phase", "phases")}, ${hash.slice(0, 12)}`,
    ...(description === "" ? [] : [plain(description)]),
    "",
  ];
  const drawn = rows.map((row, at) => `${rails(lanes, at)}${row.text}`.trimEnd());
  return `${[...head, ...drawn].join("\n")}\n`;
}

interface Row {
  readonly text: string;
  /** The phase that it is the head of. */
  readonly head?: number;
  /** The phase to which it leads back. */
  readonly back?: number;
}

const LABEL = 10;

function rowsOf(phase: WorkflowPhase, index: number, workflow: Workflow): readonly Row[] {
  const detail = (label: string, words: string | null): readonly Row[] =>
    words === null ? [] : [{ text: `   ${label.padEnd(LABEL)}${plain(words)}` }];
  const isLast = index === workflow.phases.length - 1;
  return [
    { text: `${index + 1}. ${phase.key}${phase.merge === undefined ? ` (${phase.role})` : ""}`, head: index },
    ...detail("when", conditionWords(phase)),
    ...detail("merges", mergeWords(phase)),
    ...detail("session", sessionWords(phase)),
    ...detail("leaves", artifactWords(phase)),
    ...phase.checks.flatMap(({ run, timeoutMs }) =>
      detail("check", `${run} (${exactly(timeoutMs)} at most)`),
    ),
    ...detail("gate", gateWords(phase)),
    ...refusals(phase, index),
    ...detail("limits", limitWords(phase)),
    ...detail("again", isPlayedAgain(index, workflow) ? times(phase.cyclesMax) : null),
    ...waysOf(phase, workflow).map(({ to, verdicts }): Row => {
      const where = typeof to === "number" ? `${to + 1}. ${workflow.phases[to]?.key ?? ""}` : WORDS[to];
      const text = `   ${verdicts.join(" or ")} → ${where}`;
      return typeof to === "number" && to <= index ? { text, back: to } : { text };
    }),
    { text: isLast ? "↓" : "│" },
    ...(isLast ? [{ text: "done" }] : []),
  ];
}

const WORDS = { done: "done", fail: "fail", freeze: "on, and no new work in its repository" };

function times(cycles: number): string {
  return cycles === 0 ? "never" : `${counted(cycles, "time", "times")} at most`;
}

function refusals(phase: WorkflowPhase, index: number): readonly Row[] {
  return refusalsOf(phase).map(({ words, again }) =>
    again ? { text: `   ${words} → ${index + 1}. again`, back: index } : { text: `   ${words} → fail` },
  );
}

interface Lane {
  /** Rows. */
  readonly from: number;
  readonly to: number;
  readonly sources: ReadonlySet<number>;
}

/** The longest is the outermost. */
function lanesOf(rows: readonly Row[]): readonly Lane[] {
  const targets = new Set(rows.flatMap(({ back }) => back ?? []));
  const lanes = [...targets].map((phase) => {
    const sources = rows.flatMap(({ back }, at) => (back === phase ? [at] : []));
    const from = rows.findIndex(({ head }) => head === phase);
    return { from, to: Math.max(...sources), sources: new Set(sources) };
  });
  return lanes.sort((one, other) => other.to - other.from - (one.to - one.from) || one.from - other.from);
}

/** What stands left of one row: two columns for each lane, and one for the heads of arrows. */
function rails(lanes: readonly Lane[], at: number): string {
  let isCrossing = false;
  let end = " ";
  const drawn = lanes.map((lane) => {
    const [isHead, isSource] = [at === lane.from, lane.sources.has(at)];
    const isInside = at > lane.from && at < lane.to;
    const crossing = isCrossing;
    if (isHead || isSource) isCrossing = true;
    if (isHead) end = "▶";
    if (isHead) return crossing ? "┬─" : "╭─";
    if (at === lane.to) return crossing ? "┴─" : "╰─";
    if (isSource) return crossing ? "┼─" : "├─";
    if (isInside) return crossing ? "┼─" : "│ ";
    return crossing ? "──" : "  ";
  });
  if (isCrossing && end === " ") end = "─";
  return lanes.length === 0 ? "" : `${drawn.join("")}${end} `;
}
