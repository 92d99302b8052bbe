/** Tasks with a pull request, with facts made by hand. */

import type { PullFacts } from "../../../notifier/pulls/facts.ts";
import type { PullPolicy } from "../../../workflow/project.ts";
import { phase as specOf } from "../../workflow/decide/phases.ts";
import { BRANCH, row } from "../../workflow/decide/pulls/pulls.ts";
import { phase, run, TASK } from "../cards/scenes.ts";

export const POLICY: PullPolicy = { draft: true, closes: false, method: "merge", deleteBranch: true };

const FLOW = {
  ...{ name: "flow", description: "" },
  phases: [
    specOf("plan", {
      gate: {
        kind: "approval",
        approvers: [],
        count: 1,
        notAuthor: false,
        expiresMs: null,
        onReject: "retry",
      },
    }),
    specOf("code"),
    specOf("review"),
    specOf("merge", { merge: { as: "fast_forward" } }),
  ],
} as const;

export function facts(more: Partial<PullFacts> = {}, policy: Partial<PullPolicy> = {}): PullFacts {
  const publish = { to: "pull_request", allowCi: false, requireChange: false, merge: true } as const;
  return {
    task: { ...TASK, branch: BRANCH, commit: "c0ffee".padEnd(40, "0"), files: 3 },
    project: {
      ...{ repo: "acme/shop", baseBranch: "main", command: "/agent" },
      publish: { ...publish, pull: { ...POLICY, ...policy } },
    },
    workflow: FLOW,
    phases: [
      phase({ summary: "Plan: sort by height." }),
      phase({
        seq: 2,
        phase: "code",
        commit: "c0ffee",
        summary: "Shelves are sorted by height.\n\nTests show it.",
      }),
      phase({ seq: 3, phase: "review", cycle: 2, status: "running", verdict: null }),
    ],
    ci: null,
    runs: [run(), run({ id: "r2" })],
    refs: [{ source: "github", kind: "issue", id: "acme/shop#12" }],
    pull: row({ isDraft: true }),
    ...more,
  };
}
