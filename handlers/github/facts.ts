/**
 * The facts that GitHub's payloads leave out: which task a pull request, a branch or a commit is of, and what CI and
 * reviews say besides.
 *
 * F1. The task is found by what is written down here: the name of its pull request, its branch, the commit that it has
 *     published. Several that fit are told, and none of them is guessed.
 * F2. A branch of a fork is none of ours, whatever it is called: only branches of the repository itself are asked for.
 * F3. Why something failed makes a report better: it is asked for again a few times, because an agent that is not told
 *     mends nothing, and then left out. All else is asked for until it is known.
 */

import type { Answer } from "../../forges/api/answer.ts";
import { lookup } from "../../forges/api/lookup.ts";
import type { ForgeAsk } from "../../forges/ask.ts";
import { ciMoves, type ReportedCheck } from "../../workflow/phases/ci.ts";
import { pullRef } from "../../workflow/phases/pull.ts";
import type { Task } from "../../workflow/task.ts";
import type { Facts, LookedUp, Places } from "../kit.ts";

/** What is asked of GitHub. */
export interface FactsClient {
  readonly ask: Pick<ForgeAsk, "checks" | "whyFailed" | "pull" | "remarks">;
}

export type Need =
  | ({ readonly kind: "task"; readonly project: string } & TaskClues)
  | { readonly kind: "checks"; readonly repo: string; readonly commit: string }
  | { readonly kind: "why"; readonly repo: string; readonly commit: string }
  | { readonly kind: "remarks"; readonly repo: string; readonly number: number };

/** By what a task may be known; the first that finds one counts. */
export interface TaskClues {
  readonly repo: string;
  readonly pull: number | null;
  /** Of the repository itself. */
  readonly branches: readonly string[];
  readonly commit: string | null;
}

export type FoundTask =
  | {
      readonly kind: "one";
      readonly key: string;
      readonly commit: string | null;
      /** Whether it has gone on from the commit that is asked about, and nobody waits for what CI says of that. */
      readonly isPast: boolean;
      /** Checks of the commit that is asked about which have ended, as far as was told. */
      readonly ended: readonly Pick<ReportedCheck, "name" | "url">[];
    }
  | { readonly kind: "none" }
  | { readonly kind: "many"; readonly keys: readonly string[] };

/** A remark of a review. */
export interface FoundRemark {
  readonly id: string;
  readonly thread: string;
  readonly review: string | null;
  readonly path: string;
  readonly line: number | null;
  readonly body: string;
}

/** Facts that were looked up for one delivery, by {@link needKey}. `null`: asked for, and not to be had. */
export interface Known {
  readonly tasks: ReadonlyMap<string, FoundTask>;
  readonly checks: ReadonlyMap<string, readonly ReportedCheck[] | null>;
  readonly why: ReadonlyMap<string, string | null>;
  readonly remarks: ReadonlyMap<string, readonly FoundRemark[] | null>;
}

export function needKey(need: Need): string {
  switch (need.kind) {
    case "task":
      return JSON.stringify([need.project, need.repo, need.pull, need.branches, need.commit]);
    case "remarks":
      return `${need.repo}#${need.number}`;
    default:
      return `${need.repo}@${need.commit}`;
  }
}

/** Bytes that say why checks have failed: what an agent is told of one, with room for its other words. */
const WHY_BYTES = 12_288;

/** With the waits in between, about a minute. */
const WHY_TRIES = 6;
const WHY = "why a check has failed";

export const GITHUB_FACTS: Facts<FactsClient, Need, Known> = {
  nothing: { tasks: new Map(), checks: new Map(), why: new Map(), remarks: new Map() },
  async lookUp(need, known, places) {
    const key = needKey(need);
    const ask = places.client?.ask;
    switch (need.kind) {
      case "task": {
        const found = await findTask(need, places);
        if (found.kind === "retry") return found;
        return { kind: "known", known: { ...known, tasks: new Map([...known.tasks, [key, found.task]]) } };
      }
      case "checks": {
        const answer = await ask?.checks(need.repo, need.commit);
        if (isLater(answer)) return later(answer, "the checks of the commit");
        const value = answer?.kind === "ok" ? answer.value : null;
        return { kind: "known", known: { ...known, checks: new Map([...known.checks, [key, value]]) } };
      }
      case "why": {
        const answer = await ask?.whyFailed(need.repo, need.commit, WHY_BYTES);
        const { tries = 0 } = places;
        if (tries < WHY_TRIES && isLater(answer)) return later(answer, WHY);
        const value = answer?.kind === "ok" ? answer.value : null;
        if (tries < WHY_TRIES && value?.isPartial === true)
          return { kind: "retry", reason: `${WHY} could not be read whole`, afterMs: 0 };
        return {
          kind: "known",
          known: { ...known, why: new Map([...known.why, [key, value?.text ?? null]]) },
        };
      }
      case "remarks": {
        const answer = await ask?.remarks(need.repo, need.number);
        if (isLater(answer)) return later(answer, "the remarks of the review");
        const value = answer?.kind === "ok" ? answer.value.items : null;
        return { kind: "known", known: { ...known, remarks: new Map([...known.remarks, [key, value]]) } };
      }
      default:
        return need satisfies never;
    }
  },
};

type Found =
  | { readonly kind: "found"; readonly task: FoundTask }
  | Extract<LookedUp<never>, { kind: "retry" }>;

/** F1. */
async function findTask(need: Extract<Need, { kind: "task" }>, places: Places<FactsClient>): Promise<Found> {
  const found = await lookForTask(need, places);
  if (found.kind === "retry" || found.task.kind !== "one" || need.commit === null) return found;
  const { key, commit } = found.task;
  const checks = (await places.ci?.checks(key, need.commit)) ?? [];
  const waits = commit === need.commit ? [] : ((await places.ci?.ofTask(key)) ?? []);
  const isPast = waits.some((wait) => wait.commit === need.commit && !ciMoves.live.includes(wait.status));
  const ended = checks.filter(({ status }) => status !== "pending");
  return { kind: "found", task: { ...found.task, isPast, ended } };
}

async function lookForTask(
  { project, repo, pull, branches, commit }: Extract<Need, { kind: "task" }>,
  { tasks, client }: Places<FactsClient>,
): Promise<Found> {
  if (pull !== null) {
    const named = await tasks.find(project, [pullRef({ source: "github", repo, number: pull })]);
    if (named !== null) return one(named);
    if (branches.length === 0 && commit === null) {
      const answer = await client?.ask?.pull(repo, pull);
      if (isLater(answer)) return later(answer, "the pull request");
      const head = answer?.kind === "ok" ? answer.value?.head : undefined;
      // F2
      const task = head?.repo === repo ? await tasks.findByBranch(project, head.branch) : null;
      return task === null ? { kind: "found", task: { kind: "none" } } : one(task);
    }
  }
  const byBranch = await Promise.all(branches.map((branch) => tasks.findByBranch(project, branch)));
  const onBranch = distinct(byBranch.filter((task) => task !== null));
  if (onBranch.length > 0) return several(onBranch, commit);
  return commit === null
    ? { kind: "found", task: { kind: "none" } }
    : several(await tasks.findByCommit(project, commit), commit);
}

/** Those that have published exactly this commit count before others; of these there is one, or none is guessed. */
function several(tasks: readonly Task[], commit: string | null): Found {
  const exact = tasks.filter((task) => commit !== null && task.commit === commit);
  const candidates = exact.length > 0 ? exact : tasks;
  const [first, ...others] = candidates;
  if (first === undefined) return { kind: "found", task: { kind: "none" } };
  if (others.length === 0) return one(first);
  return { kind: "found", task: { kind: "many", keys: candidates.map(({ key }) => key) } };
}

function one({ key, commit }: Task): Found {
  return { kind: "found", task: { kind: "one", key, commit, isPast: false, ended: [] } };
}

function distinct(tasks: readonly Task[]): readonly Task[] {
  return [...new Map(tasks.map((task) => [task.key, task])).values()];
}

type Later = Exclude<Answer<never>, { kind: "ok" | "refused" }>;

function isLater(answer: Answer<unknown> | undefined): answer is Later {
  return answer?.kind === "retry" || answer?.kind === "unreachable";
}

function later(answer: Later, what: string): Extract<LookedUp<never>, { kind: "retry" }> {
  const found = lookup<never>(answer);
  const afterMs = found.kind === "retry" ? found.afterMs : 0;
  return { kind: "retry", reason: `${what} could not be asked for: ${answer.reason}`, afterMs };
}
