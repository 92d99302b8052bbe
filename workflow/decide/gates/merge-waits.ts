/**
 * `merge_waits`: a pull request is not to be merged yet, and that is nobody's failure: people, checks or a queue are
 * awaited. It is told once for each. Part of `decide`, and as pure.
 */

import { MERGE_AWAITED, type MergeWaitsFor } from "../../phases/merge.ts";
import { UNCHANGED } from "../change.ts";
import type { IntentKind } from "../decision.ts";
import { isMerging, standing } from "../flow.ts";
import { noticeOfWaiting } from "../notices.ts";
import { ignore } from "../parts.ts";

export interface MergeWaits {
  readonly kind: "merge_waits";
  readonly task: string;
  /** Number of the phase. */
  readonly seq: number;
  readonly waitsFor: MergeWaitsFor;
  /** As its host says it. */
  readonly reason: string;
}

const keyOf = ({ seq, waitsFor }: MergeWaits): string => `merge:${seq}:waits:${waitsFor}`;

export const mergeWaits: IntentKind<MergeWaits> = {
  about: (intent) => ({ target: { key: intent.task }, key: keyOf(intent), run: null }),
  decide: (snapshot, intent) => {
    const { task, pull, seen, phases } = snapshot;
    const { waitsFor, reason, seq } = intent;
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    const current = standing(phases);
    if (current?.seq !== seq || !isMerging(snapshot)) return ignore(`${task.key} merges nothing any more`);
    if (seen) return ignore(`it was told already that ${task.key} waits for ${waitsFor}`);
    const data = { phase: current.phase, for: MERGE_AWAITED[waitsFor], reason };
    return {
      ...UNCHANGED,
      base: task,
      task: { change: "keep" },
      events: [{ kind: "merge.waits", key: keyOf(intent), data }],
      outbox: waitsFor === "people" ? [noticeOfWaiting(task, pull?.url ?? null, reason)] : [],
    };
  },
};
