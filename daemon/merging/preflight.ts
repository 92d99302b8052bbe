/**
 * Asks a forge, before money is spent on a task, whether its work will be let through.
 *
 * F1. An answer stands for a while, for all tasks of a project: a forge is not asked with every run.
 * F2. What could not be asked is not known, and no yes; it is asked again with the next try, and no try is made while
 *     the host wants to be left alone: its pause may be longer than all tries together.
 */

import type { ForgeAsk } from "../../forges/ask.ts";
import type { Clock } from "../../system/clock.ts";
import { type Demands, whyNotThrough } from "../../workflow/phases/may-merge.ts";
import type { Project } from "../../workflow/project.ts";
import type { Why } from "../../workflow/why.ts";

/** Nothing stands in its way as far as is known; or why not, and what a person can do. */
export type Preflight = (project: Project) => Promise<Closed | null>;

export interface Closed extends Why {
  /** How long it has asked to be left alone (ms), where it could not be asked; 0 where nobody has said it. */
  readonly afterMs: number;
}

type Asking = Pick<ForgeAsk, "repository" | "rules">;

const YES_MS = 10 * 60_000;
/** Somebody may be mending it. */
const NO_MS = 30_000;

/** @param askOf who is asked about a project; `null` where nobody can be */
export function createPreflight(
  clock: Pick<Clock, "monotonic">,
  askOf: (project: Project) => Asking | null,
): Preflight {
  const known = new Map<string, { readonly why: Closed | null; readonly until: number }>();
  return async (project) => {
    const { name, repo, baseBranch, publish } = project;
    if (publish.pull === undefined || repo === null) return null;
    const key = JSON.stringify([name, repo, baseBranch, publish]);
    const found = known.get(key);
    // F1.
    if (found !== undefined && clock.monotonic() < found.until) return found.why;
    const forge = askOf(project);
    const remedy = `look at its source, and at publish and repo of project ${name}`;
    if (forge === null)
      return { reason: `no source of project ${name} can open pull requests`, remedy, afterMs: 0 };
    const [repository, branch] = await Promise.all([forge.repository(repo), forge.rules(repo, baseBranch)]);
    const trouble = [repository, branch].find(({ kind }) => kind !== "ok");
    if (trouble !== undefined && trouble.kind !== "ok") {
      const afterMs = trouble.kind === "retry" ? trouble.afterMs : 0;
      return { reason: `${repo} could not be asked about: ${trouble.reason}`, remedy, afterMs };
    }
    if (repository.kind !== "ok" || branch.kind !== "ok") return null;
    const demands: Demands = { repository: repository.value, branch: branch.value };
    const told = whyNotThrough(
      { project: name, repo, base: baseBranch },
      publish.pull,
      publish.merge,
      demands,
    );
    const why = told === null ? null : { ...told, afterMs: 0 };
    known.set(key, { why, until: clock.monotonic() + (why === null ? YES_MS : NO_MS) });
    return why;
  };
}
