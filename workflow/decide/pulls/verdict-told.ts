/**
 * `verdict_told`: what an agent has judged was said at the pull request, as a review. Asked after that was done at its
 * host, which may be repeated. Part of `decide`, and as pure.
 *
 * It has the key of that review, so that whoever looks there later finds it known; and a merge that waits for a review
 * may have it now.
 */

import { type PullName, pullKey } from "../../phases/pull.ts";
import { UNCHANGED } from "../change.ts";
import type { IntentKind } from "../decision.ts";
import { hasten } from "../flow.ts";
import { asked, ignore } from "../parts.ts";

export interface VerdictTold {
  readonly kind: "verdict_told";
  readonly task: string;
  readonly pull: PullName;
  /** As its host calls it. */
  readonly review: string;
  readonly said: "approved" | "changes_requested";
  readonly commit: string;
  /** The agent profile whose word it is. */
  readonly by: string;
}

export const verdictTold: IntentKind<VerdictTold> = {
  about: ({ task, pull, review }) => ({
    target: { key: task },
    key: pullKey(pull, "review", review),
    run: null,
  }),
  decide: (snapshot, { pull, review, said, commit, by }) => {
    const { task, seen } = snapshot;
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    if (seen) return ignore(`this review is already part of ${task.key}`);
    const asker = { by: { kind: "agent", name: by }, because: "its own verdict" } as const;
    const data = asked(asker, { number: pull.number, said, commit });
    return {
      ...UNCHANGED,
      base: task,
      task: { change: "keep" },
      merges: hasten(snapshot),
      events: [{ kind: "pull.reviewed", key: pullKey(pull, "review", review), data }],
    };
  },
};
