/** A task with a pull request, and what people do to that. */

import type { PullChanged } from "../../../../workflow/decide/pulls/pull-changed.ts";
import type { PullReviewed } from "../../../../workflow/decide/pulls/pull-reviewed.ts";
import { type PullName, type PullRequest, pullKey } from "../../../../workflow/phases/pull.ts";
import type { Workflow, WorkflowPhase } from "../../../../workflow/workflow.ts";
import { begin, type World } from "../applied.ts";
import { phase, starting, succeed } from "../phases.ts";
import { FACTS } from "../snapshot.ts";

export const PULL: PullName = { source: "github", repo: "acme/shop", number: 7 };
export const BRANCH = "chargehand/SHOP-12-login";

export function row(more: Partial<PullRequest> = {}): PullRequest {
  return {
    ...PULL,
    ...{ project: "shop", task: "SHOP-12", branch: BRANCH, url: "https://github.com/acme/shop/pull/7" },
    ...{ status: "open", isDraft: true, isOurs: true, commit: "c0ffee", mergedAs: null, endedBy: null },
    ...{ openedAt: 1, changedAt: 1, finishedAt: null },
    ...more,
  };
}

export function changed(what: PullChanged["what"], more: Partial<PullChanged> = {}): PullChanged {
  const { project: _p, task: _t, status: _s, isOurs: _o, mergedAs: _m, endedBy: _e, ...pull } = row();
  const { openedAt: _a, changedAt: _c, finishedAt: _f, ...told } = pull;
  return {
    ...{ kind: "pull_changed", project: "shop", because: "asked", target: { key: "SHOP-12" }, what },
    ...{ by: { kind: "github", name: "ann" }, key: pullKey(PULL, what, null), isTrusted: true },
    ...{ pull: { ...told, base: "main" }, mergedAs: what === "merged" ? "beef" : null },
    ...more,
  };
}

export function reviewed(said: PullReviewed["said"], more: Partial<PullReviewed> = {}): PullReviewed {
  return {
    ...{ kind: "pull_reviewed", project: "shop", because: "asked", target: { key: "SHOP-12" }, said },
    ...{ by: { kind: "github", name: "ann" }, key: pullKey(PULL, "review", "991"), isTrusted: true },
    ...{ pull: PULL, commit: "c0ffee", text: "", remarks: [], facts: FACTS },
    ...more,
  };
}

const BACK: WorkflowPhase["routes"] = { conflict: { to: "phase", phase: "work" }, nothing: { to: "done" } };

export const MERGES: Workflow = {
  ...{ name: "flow", description: "" },
  phases: [
    phase("work", { cyclesMax: 3 }),
    phase("merge", { role: "chargehand", merge: { as: "fast_forward" }, routes: BACK }),
  ],
};

/** Its work is published as `c0ffee`, and stands in the pull request. */
export function shown(workflow: Workflow, more: Partial<PullRequest> = {}): World {
  const world = begin(workflow, starting(workflow));
  succeed(world);
  return withPull(world, row(more));
}

export function withPull(world: World, pull: PullRequest | null): World {
  const { task } = world.snapshot;
  world.snapshot = {
    ...world.snapshot,
    task: task === null ? null : { ...task, branch: BRANCH, base: "main" },
    pull,
  };
  return world;
}
