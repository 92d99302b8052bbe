/** The phases of a task on its card: a line each. Pure. */

import type { Line, Piece } from "../../chats/chat.ts";
import type { Phase } from "../../workflow/phases/phase.ts";
import type { Run } from "../../workflow/run.ts";
import type { CardFacts } from "./facts.ts";
import { span, tellUsed, usedBy } from "./figures.ts";
import { NAME_CHARS_MAX, type Pen } from "./pen.ts";

/** Phases beyond these are the oldest, and told in one line. */
const PHASES_SHOWN = 14;

export const SIGNS: Readonly<Record<Phase["status"], string>> = {
  pending: "○",
  running: "▶",
  validating: "◐",
  gated: "✋",
  completed: "✓",
  failed: "✗",
  skipped: "–",
};

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
  const { status, cycle, enteredAt, finishedAt, verdict } = phase;
  const own = runs.filter(
    (run) =>
      run.phase === phase.phase &&
      run.claimedAt >= enteredAt &&
      (finishedAt === null || run.claimedAt <= finishedAt),
  );
  const [run] = own;
  const model = run?.model ?? run?.usage[0]?.model ?? null;
  const details = [
    ...(verdict === null ? [] : [pen.line(verdict, NAME_CHARS_MAX)]),
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
