/** What came of a dry run: whether the workflow ends, what was walked, and what was not. */

import type { Workflow } from "../../workflow/workflow.ts";
import { waysOf } from "../commands/workflow/told.ts";
import { counted } from "../phrases.ts";
import type { Tried } from "./run.ts";

export interface Outcome {
  readonly hasEnded: boolean;
  readonly lines: readonly string[];
  /** With the keys of the API. */
  readonly document: object;
}

/** @param withChecks whether they were run */
export function outcomeOf(workflow: Workflow, { end }: Tried, withChecks: boolean): Outcome {
  const { task } = end;
  const played = task.phases.filter(({ status }) => status !== "skipped");
  const hasEnded = end.kind === "over" && task.status === "done";
  const reason =
    end.kind === "given up" ? end.reason : hasEnded ? null : (task.reason ?? `it is ${task.status}`);
  const skipped = withChecks
    ? []
    : workflow.phases.flatMap(({ key, checks }) => checks.map(({ run }) => ({ phase: key, run })));
  const open = waysNotTaken(workflow, task.phases);
  const size = `${counted(played.length, "phase", "phases")} played, ${counted(task.runs.length, "run", "runs")}`;
  const lines = [
    "",
    hasEnded ? `It ends: ${size}.` : `It does not end: ${reason} (${size}).`,
    ...skipped.map(
      ({ phase, run }) => `not run: the check ${JSON.stringify(run)} of ${phase}; --checks runs it`,
    ),
    ...open.map(({ phase, verdict, to, canBeStated }) => {
      const how = canBeStated ? `; --verdict ${phase}=${verdict}` : "";
      return `not walked: ${phase} ${verdict} → ${to}${how}`;
    }),
  ];
  const document = {
    name: workflow.name,
    ok: hasEnded,
    status: task.status,
    reason,
    phases: task.phases.map(({ phase, role, cycle, status, verdict }) => ({
      phase,
      role,
      cycle,
      status,
      verdict,
    })),
    runs: task.runs.length,
    approvals: task.approvals.map(({ phase, status, votes }) => ({ phase, status, votes })),
    ci: task.ci.map(({ phase, status }) => ({ phase, status })),
    checks_not_run: skipped,
    not_walked: open.map(({ phase, verdict, to }) => ({ phase, verdict, to })),
  };
  return { hasEnded, lines, document };
}

interface OpenWay {
  readonly phase: string;
  readonly verdict: string;
  readonly to: string;
  /** A merge has its verdict from git. */
  readonly canBeStated: boolean;
}

function waysNotTaken(workflow: Workflow, played: Tried["end"]["task"]["phases"]): readonly OpenWay[] {
  return workflow.phases.flatMap((phase) =>
    waysOf(phase, workflow).flatMap(({ verdicts, to }) =>
      verdicts
        .filter((verdict) => !played.some((one) => one.phase === phase.key && one.verdict === verdict))
        .map((verdict) => {
          const where = typeof to === "number" ? (workflow.phases[to]?.key ?? "") : to;
          return { phase: phase.key, verdict, to: where, canBeStated: phase.merge === undefined };
        }),
    ),
  );
}
