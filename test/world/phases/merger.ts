/**
 * The base branch of a simulated remote, which all projects of a world share, and daemons that merge into it: slow,
 * sometimes in vain, overtaken by others, and strict with whoever merges what it may not.
 */

import type { Merged, MergeWish, WorkspaceResult, WorkspaceSpec } from "../../../forges/git/workspace.ts";
import { Broken } from "../oracle.ts";
import type { World } from "../world.ts";

/** As often does git join anew what somebody else has moved. */
const ROUNDS = 3;
const MINUTE = 60_000;

export interface Pushed {
  readonly task: string;
  readonly commit: string;
}

export class SimBase {
  /** What stands in it, oldest first. */
  readonly merged: Pushed[] = [];
  /** Whether a push may happen. @throws Broken when it may not */
  judge: (pushed: Pushed) => Promise<void> = async () => undefined;
  readonly #world: World;
  readonly #isUnlucky: () => boolean;
  readonly #broke: (error: unknown) => void;
  /** By daemon, what it merges now. One that is dead has left its last. */
  readonly #underWay = new Map<number, string>();
  /** Whether two fit is not drawn twice. */
  readonly #drawn = new Map<string, "fits" | "conflict" | "refused">();

  constructor(world: World, isUnlucky: () => boolean, broke: (error: unknown) => void) {
    this.#world = world;
    this.#isUnlucky = isUnlucky;
    this.#broke = broke;
  }

  async merge(owner: number, { task }: WorkspaceSpec, wish: MergeWish): Promise<WorkspaceResult<Merged>> {
    const other = this.#underWay.get(owner);
    if (other !== undefined)
      this.#broke(new Broken(`M3: daemon ${owner} merges ${task} while it merges ${other} into the same`));
    this.#underWay.set(owner, task);
    try {
      return await this.#merge(owner, task, wish);
    } finally {
      this.#underWay.delete(owner);
    }
  }

  async #merge(
    owner: number,
    task: string,
    { commit, isWanted }: MergeWish,
  ): Promise<WorkspaceResult<Merged>> {
    const { prng } = this.#world;
    const soon = (ms: number): Promise<void> => this.#world.delay(prng.below(ms), owner);
    for (let round = 1; round <= ROUNDS; round++) {
      // Now and then a remote hangs.
      await soon(prng.chance(1, 4) ? 3 * MINUTE : 4_000);
      if (this.#isUnlucky() && prng.chance(1, 20))
        return { kind: "failed", reason: "git fetch failed: could not reach the remote" };
      const { length } = this.merged;
      if (this.merged.some((one) => one.commit === commit))
        return ok({ kind: "merged", commit: `base-${length}` });
      const fits = this.#draw(`${commit} ${length}`);
      if (fits === "conflict") return ok({ kind: "conflict", commit: `base-${length}`, paths: ["a.ts"] });
      if (!(await isWanted())) return ok({ kind: "delayed", reason: "it is wanted no more" });
      if (fits === "refused") return ok({ kind: "refused", reason: "the remote refused it" });
      await soon(500);
      if (this.merged.length !== length) continue;
      await this.judge({ task, commit }).catch(this.#broke);
      this.merged.push({ task, commit });
      this.#world.note(`merged ${task} ${commit}`);
      await soon(500);
      return ok({ kind: "merged", commit: `base-${length + 1}` });
    }
    return ok({ kind: "delayed", reason: "the base has moved on again and again" });
  }

  #draw(what: string): "fits" | "conflict" | "refused" {
    const { prng } = this.#world;
    const drawn =
      this.#drawn.get(what) ?? (prng.chance(1, 6) ? "conflict" : prng.chance(1, 30) ? "refused" : "fits");
    this.#drawn.set(what, drawn);
    return drawn;
  }
}

function ok(value: Merged): WorkspaceResult<Merged> {
  return { kind: "ok", value };
}
