/** What CI does: statuses, checks, and runs of Actions with logs. */

import { type NewCheck, type NewJob, runWorkflow, setCheck, setStatus } from "../acts/checks.ts";
import type { At } from "../acts/issues.ts";
import type { CheckRun, Status, WorkflowRun } from "../model/checks.ts";
import { there, type World } from "../model/world.ts";

/** A branch, or a commit. */
export interface AtCommit {
  readonly repo: string;
  readonly at: string;
  /** In whose name it is told; default: the branch's last pusher is unknown, so `ci[bot]`. */
  readonly by?: string;
}

export class Ci {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async #place({
    repo,
    at,
    by = "ci[bot]",
  }: AtCommit): Promise<{ readonly where: At; readonly sha: string }> {
    const found = there(this.#world.repos.get(repo.toLowerCase()), `repository ${repo}`);
    const sha = found.refs.get(at) ?? (await this.#world.git(found).sha(at));
    return {
      where: { world: this.#world, repo: found, by: this.#world.user(by) },
      sha: there(sha, `commit ${at}`),
    };
  }

  async status(
    given: AtCommit & Pick<Status, "state"> & Partial<Pick<Status, "context" | "description" | "url">>,
  ): Promise<Status> {
    const { where, sha } = await this.#place(given);
    const { state, context = "ci", description = null, url = null } = given;
    return await setStatus(where, { sha, state, context, description, url });
  }

  async check(given: AtCommit & Omit<NewCheck, "sha"> & { readonly app?: string }): Promise<CheckRun> {
    const { where, sha } = await this.#place(given);
    return setCheck(where, { ...given, sha }, given.app);
  }

  async run(
    given: AtCommit & { readonly name?: string; readonly jobs: readonly NewJob[] },
  ): Promise<WorkflowRun> {
    const { where, sha } = await this.#place(given);
    return runWorkflow(where, { sha, name: given.name ?? "CI", jobs: given.jobs });
  }
}
