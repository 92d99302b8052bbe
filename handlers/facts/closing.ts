/**
 * Something was closed that a task stands for. A merged pull request that says `Closes #12` closes it, too, and a host
 * may tell of the closing before it tells of the merge: so whoever keeps the code is asked before a task is cancelled.
 *
 * O1. Only an answer cancels: a question that fails is asked again, and the delivery waits for it.
 * O2. Where the pull request is known to be unmerged, the closing is a wish to stop, even while its merge is awaited.
 */

import { lookup } from "../../forges/api/lookup.ts";
import type { ForgeAsk } from "../../forges/ask.ts";
import type { Store } from "../../store/store.ts";
import { pullMoves } from "../../workflow/phases/pull.ts";
import type { Project } from "../../workflow/project.ts";
import { taskMoves } from "../../workflow/states.ts";
import type { Wish } from "../wish.ts";

export interface ClosingPorts {
  readonly store: Pick<Store, "tasks" | "pulls">;
  /** Who can be asked about the code of a project; left out, nobody can. */
  readonly askOf?: (project: Pick<Project, "name">) => Pick<ForgeAsk, "pull"> | null;
}

export type Closing =
  /** It stands, as it is now. */
  | { readonly kind: "stands"; readonly wish: Wish }
  | { readonly kind: "merged"; readonly reason: string; readonly task: string }
  | { readonly kind: "unasked"; readonly reason: string; readonly task: null }
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs: number };

/** ms; of answers that say no by themselves, until somebody mends the token. */
const REFUSED_MS = 60_000;

export async function judgeClosing({ store, askOf }: ClosingPorts, wish: Wish): Promise<Closing> {
  const { intent, project } = wish;
  const stands: Closing = { kind: "stands", wish };
  if (intent.kind !== "cancel_task" || intent.isClosed !== true) return stands;
  const { target } = intent;
  const task =
    "key" in target ? await store.tasks.get(target.key) : await store.tasks.find(project.name, target.refs);
  if (task === null || task.branch === null || taskMoves.final.includes(task.status)) return stands;
  const pull = await store.pulls.newest(task.project, task.branch);
  if (pull === null || !pullMoves.live.includes(pull.status)) return stands;
  const name = `pull request ${pull.number}`;
  const answer = await askOf?.(project)?.pull(pull.repo, pull.number);
  if (answer === undefined) return stands;
  const found = lookup(answer);
  if (found.kind === "retry" || (found.kind === "refused" && found.because !== "missing")) {
    const reason = `whether ${name} is merged could not be asked for: ${found.reason}`;
    return { kind: "retry", reason, afterMs: found.kind === "retry" ? found.afterMs : REFUSED_MS };
  }
  if (found.kind === "ok" && found.value?.state === "merged") {
    const reason = `${name} of ${task.key} is merged, which closes what it stands for`;
    return { kind: "merged", reason, task: task.key };
  }
  // O2
  const { isClosed: _, ...cancel } = intent;
  return { kind: "stands", wish: { ...wish, intent: cancel } };
}
