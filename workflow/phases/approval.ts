/**
 * Approvals: somebody is asked whether a phase is good, about exactly one artifact and one commit.
 *
 * P1. It is asked once per phase that was played; what is asked about does not change under it, because nobody works on
 *     the task meanwhile. An answer may name the artifact and the commit that it has seen; others are refused.
 * P2. The first valid answer wins. One more is told the recorded result, and changes nothing.
 * P3. Nobody answering in time is an expiry and no rejection.
 * P4. The word of an agent on the work of another one stands here too, from `agent` (`workflow/decide/gates/judge.ts`).
 */

import type { Actor } from "../intent.ts";
import type { ApprovalMove, ApprovalStatus } from "./states.ts";

export interface Approval {
  readonly id: number;
  readonly task: string;
  readonly project: string;
  /** Of its phase: the number in the task, and the key. */
  readonly seq: number;
  readonly phase: string;
  /** SHA-256 of the artifact, and the commit, that it is asked about. */
  readonly artifact: string | null;
  readonly commit: string | null;
  readonly status: ApprovalStatus;
  readonly askedAt: number;
  /** When it expires (ms); `null` for never. */
  readonly until: number | null;
  /** Names of those who have said yes, where several have to, in order. */
  readonly votes: readonly string[];
  /** Whose answer it is: a name, from where; `null` while there is none. */
  readonly decidedBy: string | null;
  readonly decidedFrom: Actor["kind"] | null;
  /** Why, in their words. */
  readonly reason: string | null;
  readonly finishedAt: number | null;
}

export type ApprovalChange =
  | ({ readonly change: "ask" } & Pick<Approval, "seq" | "phase" | "artifact" | "commit" | "until">)
  /** An agent has said it, and nobody was asked. */
  | ({
      readonly change: "judge";
      readonly word: Extract<ApprovalStatus, "approved" | "rejected">;
      readonly by: Actor;
      readonly reason: string | null;
    } & Pick<Approval, "seq" | "phase" | "artifact" | "commit">)
  /** `unvote`: it is taken back. */
  | { readonly change: "vote" | "unvote"; readonly id: number; readonly by: string }
  | {
      readonly change: ApprovalMove;
      readonly id: number;
      readonly by: Actor | null;
      readonly reason: string | null;
    };
