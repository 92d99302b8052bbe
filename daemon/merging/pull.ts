/**
 * A merge by the pull request of a task: its host does it, while its head is what the task has published.
 *
 * H1. What the host says is the last word on whether it may be merged. What it waits for is told, and not guessed.
 * H2. A merge that has happened is one, by whoever's hand: `pull_changed` writes it down with the end of the phase.
 * H3. Only what others have pushed is told as theirs: a host may not have seen yet what we have pushed ourselves.
 */

import type { Answer, Refused } from "../../forges/api/answer.ts";
import type { Forge, MergeTried } from "../../forges/tell.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import { isVerdict } from "../../workflow/outside/face.ts";
import { type PullRequest, pullKey } from "../../workflow/phases/pull.ts";
import type { Project, PullPolicy } from "../../workflow/project.ts";
import type { Task } from "../../workflow/task.ts";
import { subjectText } from "../../workflow/text/subject.ts";
import type { Tried } from "./tried.ts";

export interface PullPorts {
  readonly store: Store;
  readonly clock: Clock;
  /** Who merges pull requests of a project; `null` where nobody can. */
  readonly forgeOf: (project: Project) => Pick<Forge, "merge"> | null;
}

export interface PullWishes {
  readonly commit: string;
  readonly policy: PullPolicy;
  /** What git finds of both sides; nothing is pushed. */
  readonly fits: () => Promise<Tried>;
}

export async function mergePull(
  ports: PullPorts,
  task: Task,
  project: Project,
  { commit, policy, fits }: PullWishes,
): Promise<Tried> {
  const pull = task.branch === null ? null : await ports.store.pulls.newest(task.project, task.branch);
  const base = task.base ?? project.baseBranch;
  if (pull?.status === "merged" && pull.commit === commit)
    return { kind: "merged", base, commit: pull.mergedAs ?? commit };
  if (pull?.status === "merged") {
    // By somebody, with what others have put on top; or without what was made since.
    const sides = await fits();
    if (sides.kind === "merged") return sides;
  }
  if (pull === null || pull.status !== "open")
    return { kind: "delayed", reason: "its pull request is not open yet" };
  if (pull.isDraft && pull.isOurs) return { kind: "delayed", reason: `${placeOf(pull)} is still a draft` };
  if (await isVerdictOnItsWay(ports, task))
    return { kind: "delayed", reason: `what an agent has judged is not said yet at ${placeOf(pull)}` };
  const forge = ports.forgeOf(project);
  if (forge === null)
    return { kind: "delayed", reason: `no source of project ${project.name} can merge pull requests now` };
  const title = titleOf(task, pull, policy);
  const how = { commit, base, method: policy.method, title, deleteBranch: policy.deleteBranch };
  const answer = await forge.merge(pull.repo, pull.number, how);
  return answer.kind === "ok"
    ? tried(ports, { task, pull, base, commit, fits }, answer.value)
    : unanswered(answer, task, pull);
}

/** A review that is about to be said may be the one that its base demands; one that cannot be keeps nobody waiting. */
const VERDICT_MS = 60_000;

async function isVerdictOnItsWay({ store, clock }: PullPorts, { key }: Task): Promise<boolean> {
  const since = clock.now() - VERDICT_MS;
  return (await store.faces.ofTask(key)).some(
    ({ aspect, isOpen, wishedAt }) => isVerdict(aspect) && isOpen && wishedAt > since,
  );
}

/** Of the commit that it becomes in the base; `null` where there is none of its own. */
function titleOf({ key, title }: Task, { number }: PullRequest, { method }: PullPolicy): string | null {
  const subject = `${key}: ${subjectText(title)} (#${number})`;
  return method === "rebase" ? null : method === "merge" ? `Merge ${subject}` : subject;
}

interface About {
  readonly task: Task;
  readonly pull: PullRequest;
  readonly base: string;
  readonly commit: string;
  readonly fits: () => Promise<Tried>;
}

async function tried(ports: PullPorts, about: About, found: MergeTried): Promise<Tried> {
  const { task, pull, base, commit, fits } = about;
  switch (found.kind) {
    case "merged":
      await writeDown(ports, about, found.commit);
      return { kind: "merged", base, commit: found.commit ?? commit };
    case "conflict": {
      const sides = await fits();
      if (sides.kind !== "delayed") return sides;
      return {
        kind: "delayed",
        reason: `${placeOf(pull)} says that it does not fit, and git cannot say where`,
      };
    }
    case "moved": {
      const phases = await ports.store.phases.ofTask(task.key);
      const isOurs = found.commit === pull.commit || phases.some((phase) => phase.commit === found.commit);
      if (!isOurs) return { kind: "moved", branch: pull.branch, commit: found.commit };
      return { kind: "delayed", reason: `${placeOf(pull)} does not show yet what was pushed last` };
    }
    default: {
      const reason = `${placeOf(pull)}: ${found.reason}`;
      return found.for === "host" ? { kind: "delayed", reason } : { kind: "waits", for: found.for, reason };
    }
  }
}

/** H2. */
async function writeDown(
  { store, clock }: PullPorts,
  { task, pull, base, commit }: About,
  mergedAs: string | null,
): Promise<void> {
  const { source, repo, number, branch, url, isDraft } = pull;
  const intent = {
    kind: "pull_changed",
    what: "merged",
    project: task.project,
    target: { key: task.key },
    by: { kind: "daemon", name: "the merge" },
    because: "its phase merges",
    key: pullKey(pull, "merged", null),
    pull: { source, repo, number, branch, url, isDraft, commit, base },
    isTrusted: true,
    mergedAs,
  } as const;
  await ask(store, [intent], null, clock.now());
}

/** Nothing was said of the pull request itself. */
function unanswered(
  answer: Exclude<Answer<MergeTried>, { kind: "ok" }>,
  { key }: Task,
  pull: PullRequest,
): Tried {
  const reason = `${placeOf(pull)} could not be merged: ${answer.reason}`;
  if (answer.kind !== "refused" || PASSES[answer.because]) return { kind: "delayed", reason };
  return { kind: "failed", reason: `${reason}; mend it, then: chargehand retry ${key}` };
}

/** Whether somebody may mend it within the hour for which it is tried. */
const PASSES: Readonly<Record<Refused["because"], boolean>> = {
  auth: true,
  permission: false,
  missing: false,
  invalid: false,
  conflict: true,
  state: false,
};

function placeOf({ number, repo }: PullRequest): string {
  return `pull request ${number} of ${repo}`;
}
