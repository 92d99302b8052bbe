/** Simulated git: slow, sometimes failing, and with a memory of what was pushed. */

import type {
  Merged,
  MergeWish,
  Published,
  Workspace,
  WorkspaceResult,
  WorkspaceSpec,
  Workspaces,
} from "../../forges/git/workspace.ts";
import type { World } from "./world.ts";

/** What every daemon of a world shares: the remote. */
export interface SimRemote {
  /** Pushes per task. */
  readonly pushes: Map<string, number>;
  /** How often an agent of a task has done its work: each makes another commit. */
  worksOf: (task: string) => number;
  /** What was pushed, by task, oldest first. */
  readonly published: Map<string, string[]>;
  /** What its base branch does with the work of a daemon's task. */
  merge: (owner: number, spec: WorkspaceSpec, wish: MergeWish) => Promise<WorkspaceResult<Merged>>;
}

export function simWorkspaces(world: World, owner: number, remote: SimRemote): Workspaces {
  let stirredAt = Number.NEGATIVE_INFINITY;
  const work = async <T>(value: T): Promise<WorkspaceResult<T>> => {
    stirredAt = world.now;
    await world.delay(world.prng.below(400), owner);
    stirredAt = world.now;
    if (world.prng.chance(1, 40))
      return { kind: "failed", reason: "git fetch failed: could not reach the remote" };
    return { kind: "ok", value };
  };
  const commitOf = (task: string): string => `commit-${remote.worksOf(task)}-of-${task}`;
  const directoryOf = (task: string): string => `/worktrees/${task}`;
  return {
    directoryOf,
    prepare: (spec) =>
      work<Workspace>({
        directory: directoryOf(spec.task),
        branch: `chargehand/${spec.task}`,
        borrowed: "/mirrors/shop.git",
        pristine: false,
      }),
    async publish(spec, workspace): Promise<WorkspaceResult<Published>> {
      const { branch } = workspace;
      const commit = commitOf(spec.task);
      const result = await work<Published>({ branch, commit, files: 1, beside: [], kept: [], told: [] });
      if (result.kind === "failed") return result;
      remote.pushes.set(spec.task, (remote.pushes.get(spec.task) ?? 0) + 1);
      remote.published.set(spec.task, [...(remote.published.get(spec.task) ?? []), commit]);
      return result;
    },
    merge: (spec, wish) => remote.merge(owner, spec, wish),
    publishKept: (spec, { branch }) => work({ branch, commit: commitOf(spec.task), files: 1 }),
    dropKept: () => work(null),
    showKept: () => work({ commits: [], paths: [], isCut: false }),
    idleMs: () => world.now - stirredAt,
    remove: () => work(null),
  };
}
