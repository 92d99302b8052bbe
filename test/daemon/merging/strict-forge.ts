/**
 * A forge with one pull request, as strict with whoever merges it as GitHub is: by its head, its state and what its
 * base demands.
 */

import type { Answer } from "../../../forges/api/answer.ts";
import type { Forge, MergeMethod, MergeTried } from "../../../forges/tell.ts";

export interface StrictForge extends Pick<Forge, "merge"> {
  /** As it stands; a test changes it. */
  readonly pull: {
    head: string;
    state: "open" | "closed" | "merged";
    isDraft: boolean;
    fits: boolean;
    approvals: number;
    pending: string[];
  };
  readonly methods: readonly MergeMethod[];
  /** What is answered next, whatever stands there. */
  trouble: Exclude<Answer<MergeTried>, { kind: "ok" }> | null;
  /** Commits that came into the base, with the words of each. */
  readonly merged: string[];
  asked: number;
}

/** @param needs how many people have to approve */
export function strictForge(
  head: string,
  needs = 0,
  methods: readonly MergeMethod[] = ["merge"],
): StrictForge {
  const forge: StrictForge = {
    pull: { head, state: "open", isDraft: false, fits: true, approvals: 0, pending: [] },
    ...{ methods, trouble: null, merged: [], asked: 0 },
    merge: async (_repo, _number, how) => {
      forge.asked++;
      if (forge.trouble !== null) return forge.trouble;
      const { pull } = forge;
      if (pull.state === "merged") return ok({ kind: "merged", commit: "beef" });
      if (pull.state === "closed") return no("state", "Pull Request is closed");
      // 409
      if (how.commit !== pull.head) return ok({ kind: "moved", commit: pull.head });
      // 405, by its words
      if (!methods.includes(how.method))
        return no("invalid", `${how.method} is not allowed on this repository`);
      if (pull.isDraft) return no("state", "pull request 7 is a draft");
      if (!pull.fits) return ok({ kind: "conflict" });
      if (pull.pending[0] !== undefined)
        return ok({
          kind: "waits",
          for: "checks",
          reason: `Required status check "${pull.pending[0]}" is expected.`,
        });
      if (pull.approvals < needs)
        return ok({ kind: "waits", for: "people", reason: "At least 1 approving review is required." });
      pull.state = "merged";
      forge.merged.push(`${how.commit} ${how.method} ${how.title}`);
      return ok({ kind: "merged", commit: "beef" });
    },
  };
  return forge;
}

function ok(value: MergeTried): Answer<MergeTried> {
  return { kind: "ok", value };
}

function no(because: "state" | "invalid", reason: string): Answer<MergeTried> {
  return { kind: "refused", because, reason };
}
