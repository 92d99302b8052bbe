/**
 * `kill_run`: a person has a run stopped. Its end is judged like every other (`workflow/decide/run-finished.ts`): the
 * class `cancelled` is never tried again by itself, so the task fails with what its agent had made, and `retry` goes on
 * with it. Whoever wants the task to be over cancels that.
 */

import type { Asked } from "../../intent.ts";
import { runMoves } from "../../states.ts";
import { UNCHANGED } from "../change.ts";
import type { IntentKind } from "../decision.ts";
import { asked, ignore, refuse } from "../parts.ts";

export interface KillRun extends Asked {
  readonly kind: "kill_run";
  readonly run: string;
  readonly task: string;
  /** Why, in the person's words; `null` where they say nothing. */
  readonly reason: string | null;
}

export const killRun: IntentKind<KillRun> = {
  about: ({ task, run, key }) => ({ target: { key: task }, key, run }),
  decide: (snapshot, intent) => {
    const { task, run } = snapshot;
    if (task === null || run === null) return { kind: "unknown", reason: "there is no such run" };
    if (!runMoves.live.includes(run.status)) return refuse(`run ${intent.run} is over`);
    if (snapshot.seen) return ignore(`run ${intent.run} is asked to stop already`);
    const told = { run: intent.run, ...(intent.reason !== null && { reason: intent.reason }) };
    return {
      ...UNCHANGED,
      base: task,
      task: { change: "keep" },
      stopRuns: "cancelled",
      events: [{ kind: "run.unwanted", key: intent.key, data: asked(intent, told) }],
    };
  },
};
