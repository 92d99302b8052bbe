/** Tasks that are to be merged, in a real store, over git that does as it is told. */

import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { MergePorts } from "../../../daemon/merging/merge.ts";
import type { Merged, MergeWish, WorkspaceResult, Workspaces } from "../../../forges/git/workspace.ts";
import type { Forge } from "../../../forges/tell.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import type { NewKept } from "../../../workflow/kept.ts";
import type { Project } from "../../../workflow/project.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import {
  type HandClock,
  type HeardLog,
  handClock,
  heardLog,
  memoryStore,
  NOW,
} from "../../handlers/hand-moved.ts";
import { project } from "../../handlers/project.ts";
import { SUCCESS } from "../../workflow/decide/intents.ts";
import { phase, starting } from "../../workflow/decide/phases.ts";

export const MERGED: WorkspaceResult<Merged> = { kind: "ok", value: { kind: "merged", commit: "beef" } };

const FLOW = {
  name: "flow",
  description: "",
  phases: [
    phase("work"),
    phase("merge", {
      role: "chargehand",
      merge: { as: "fast_forward" },
      routes: { conflict: { to: "fail" } },
    }),
  ],
} as const;

export interface MergingScene extends MergePorts {
  readonly store: Store;
  readonly clock: HandClock;
  readonly log: HeardLog;
  readonly projects: Map<string, Project>;
  /** What git was asked to merge, as `SHOP-1 c0ffee`. */
  readonly asked: string[];
  /** What git answers next; by default that it is merged. */
  answers: (wish: MergeWish) => Promise<WorkspaceResult<Merged>>;
  /** Who merges pull requests. */
  forge: Pick<Forge, "merge"> | null;
  /** A task of the project whose work is published, with what was kept before and is part of it; its key. */
  task(number: number, commit?: string | null, included?: readonly NewKept[]): Promise<string>;
}

/** Who asks for something in these tests. */
export function asking(key: string) {
  return { project: "shop", by: { kind: "cli", name: "op" }, because: "asked", target: { key } } as const;
}

export function keeping(task: string, work: NewKept) {
  return { kind: "keep_work", ...asking(task), key: `k:${work.ref}`, run: null, work, keptForMs: 1 } as const;
}

export async function mergingScene(
  t: TestContext,
  names: readonly string[] = ["shop"],
): Promise<MergingScene> {
  const [store, clock, log] = [await memoryStore(), handClock(), heardLog()];
  t.after(() => store.close());
  await store.projects.configure(plainClaimConfig(names.map((name) => ({ name, concurrency: 9 }))), NOW);
  const publish = { to: "branch", allowCi: false, requireChange: false, merge: true } as const;
  const projects = new Map(
    names.map((name) => [name, project({ name, publish, cloneUrl: `/srv/${name}.git` })]),
  );
  const never = async (): Promise<never> => assert.fail("this is not asked for");
  const workspaces: Workspaces = {
    ...{
      prepare: never,
      publish: never,
      publishKept: never,
      dropKept: never,
      showKept: never,
      remove: never,
    },
    ...{ directoryOf: () => "/nowhere", idleMs: () => 0 },
    merge: async ({ task }, wish) => {
      scene.asked.push(`${task} ${wish.commit}`);
      return scene.answers(wish);
    },
  };
  const scene: MergingScene = {
    ...{ store, clock, log, projects, workspaces, asked: [], answers: async () => MERGED },
    forgeOf: () => scene.forge,
    forge: null,
    task: async (number, commit = "c0ffee", included = []) => {
      const name = names[number % names.length] ?? "";
      const wish = { project: name, refs: [], number, key: `start:${number}` };
      const begun = await ask(
        store,
        [{ ...starting(FLOW), ...wish } as ReturnType<typeof starting>],
        null,
        clock.now(),
      );
      const key = begun.kind === "done" ? (begun.tasks[0] ?? "") : assert.fail(begun.kind);
      const id = `r${number}`;
      const { job, run } =
        (await store.jobs.claim({ run: id, concurrency: 9, now: clock.now() })) ?? assert.fail();
      await store.runs.exited(id, 0, null, clock.now());
      for (const work of included) await ask(store, [keeping(key, work)], null, clock.now());
      const settled = included.map(({ ref }) => ref);
      const ended = { kind: "run_finished", run: id, task: key, job: job.id, fence: run.fence } as const;
      const outcome = { ...SUCCESS, branch: commit === null ? null : `chargehand/${key}`, commit, settled };
      await ask(store, [{ ...ended, jitter: 0, maxAttempts: 1, keptForMs: 1, outcome }], null, clock.now());
      return key;
    },
  };
  return scene;
}
