/** The phases of a task on its card: a line each. Pure. */

import type { Line, Piece } from "../../chats/chat.ts";
import { MERGER } from "../../workflow/phases/merge.ts";
import type { Phase } from "../../workflow/phases/phase.ts";
import type { Run } from "../../workflow/run.ts";
import type { CardFacts } from "./facts.ts";
import { span, tellUsed, usedBy } from "./figures.ts";
import { NAME_CHARS_MAX, type Pen } from "./pen.ts";

/** Phases beyond these are the oldest, and told in one line. */
const PHASES_SHOWN = 14;

/** Of a verdict, or of what is told in its place. */
export const VERDICT_CHARS_MAX = 160;

export const SIGNS: Readonly<Record<Phase["status"], string>> = {
  pending: "○",
  running: "▶",
  validating: "◐",
  gated: "✋",
  completed: "✓",
  failed: "✗",
  skipped: "–",
};

/** With what it ended, as people are told it: a merge that did not come about says why, and not where that leads. */
export function tellVerdict({ agent, verdict, summary }: Phase): string | null {
  return agent === MERGER && verdict === "conflict" ? (summary ?? verdict) : verdict;
}

export function phaseLines({ phases, runs, isRunning }: CardFacts, pen: Pen): readonly Line[] {
  if (phases.length === 0) return [];
  const hidden = Math.max(0, phases.length - PHASES_SHOWN);
  const more: Line[] =
    hidden === 0 ? [] : [{ weight: 45, pieces: [{ text: `… ${hidden} earlier phases`, as: "quiet" }] }];
  const shown = phases.slice(hidden).map((phase, index, all) => ({
    // The newest says most.
    weight: 80 - (all.length - 1 - index),
    pieces: phasePieces(phase, isRunning, runs, pen),
  }));
  return [...more, ...shown];
}

function phasePieces(phase: Phase, isRunning: boolean, runs: readonly Run[], pen: Pen): readonly Piece[] {
  const { status, cycle, enteredAt, finishedAt } = phase;
  const verdict = tellVerdict(phase);
  const own = runs.filter(
    (run) =>
      run.phase === phase.phase &&
      run.claimedAt >= enteredAt &&
      (finishedAt === null || run.claimedAt <= finishedAt),
  );
  const [run] = own;
  const model = run?.model ?? run?.usage[0]?.model ?? null;
  const details = [
    ...(verdict === null ? [] : [pen.line(verdict, VERDICT_CHARS_MAX)]),
    ...(finishedAt === null ? [] : [span(finishedAt - enteredAt)]),
    ...(model === null ? [] : [pen.line(model, NAME_CHARS_MAX)]),
    ...(run?.effort == null ? [] : [pen.line(run.effort, NAME_CHARS_MAX)]),
    ...tellUsed(usedBy(own)),
  ];
  const name = pen.line(phase.phase, NAME_CHARS_MAX);
  return [
    // Entered, and not at work: it waits.
    { text: `${SIGNS[status === "running" && !isRunning ? "pending" : status]} ` },
    { text: cycle > 1 ? `${name} ×${cycle}` : name, ...(finishedAt === null && { as: "bold" as const }) },
    ...(details.length === 0 ? [] : [{ text: ` · ${details.join(" · ")}`, as: "quiet" as const }]),
  ];
}
