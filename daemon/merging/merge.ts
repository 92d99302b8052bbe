/**
 * One merge, from its row to what is decided of it: looked at, done in git, and told (`merge_ended`).
 *
 * G1. Git first, which may be repeated, then the row. A daemon that dies in between finds the commit in the base.
 * G2. What may pass by itself is tried again for as long as publishing is (about an hour), and its row says why and
 *     when; what will not, such as a protected branch, fails the task at once: `chargehand retry` merges it then.
 * G3. Fail closed: a project that merges no more, and a task of which something is kept for a person, merge nothing.
 * G4. What waits for people, checks or a queue does so for as long as it takes: nobody has failed. It is told once.
 */

import type { Merged, WorkspaceResult, Workspaces } from "../../forges/git/workspace.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { MergeOutcome } from "../../workflow/decide/gates/merge-ended.ts";
import { howToPublish, type Kept } from "../../workflow/kept.ts";
import type { Merge, MergeWaitsFor } from "../../workflow/phases/merge.ts";
import type { Project } from "../../workflow/project.ts";
import type { Task } from "../../workflow/task.ts";
import { fitSentence } from "../../workflow/text/fit.ts";
import type { MergeSpec } from "../../workflow/workflow.ts";
import { isSystemError } from "../run/own-trouble.ts";
import { workspaceSpec } from "../run/workspace.ts";
import { mergePull, type PullPorts } from "./pull.ts";
import type { Tried } from "./tried.ts";

export interface MergePorts extends PullPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly workspaces: Workspaces;
  readonly projects: ReadonlyMap<string, Project>;
}

/** No phase has this number, so that a merge of it is never wanted. */
const NEVER = 0;

/** Between two looks at what people or checks are awaited of. What is heard of them hastens the next. */
const WAITS_MS: Readonly<Record<MergeWaitsFor, number>> = {
  people: 10 * 60_000,
  checks: 2 * 60_000,
  queue: 60_000,
};

/**
 * Between two tries to merge, for over an hour in all. Each is a few calls, and somebody has already said yes to what
 * waits: a host that fails now and then is asked again within a minute, and one that is down is not pressed.
 */
export const MERGE_PAUSES_MS: readonly number[] = [
  ...[5, 15, 30],
  ...Array<number>(10).fill(60),
  ...Array<number>(12).fill(300),
].map((s) => s * 1_000);

/** @returns whether its row says something else now @throws StoreFault */
export async function mergeOne(ports: MergePorts, merge: Merge, task: Task): Promise<boolean> {
  const { store, clock, log } = ports;
  const tried = await tryOnce(ports, merge, task);
  if (tried.kind === "waits") return waitFor(ports, merge, task, tried);
  const pause = MERGE_PAUSES_MS[merge.tries];
  if (tried.kind === "delayed" && pause !== undefined) {
    const reason = fitSentence(tried.reason, log.redactor.redact);
    log.warn({ event: "merge.delayed", task: task.key, reason });
    return store.merges.delay(merge, reason, clock.now() + pause);
  }
  const outcome = fitted(tried.kind === "delayed" ? { ...tried, kind: "failed" } : tried, log);
  const intent = { kind: "merge_ended", task: task.key, seq: merge.seq, outcome } as const;
  const asked = await ask(store, [intent], null, clock.now());
  // By its pull request it is written down already, with that.
  if (asked.kind !== "done") return outcome.kind === "merged";
  log.info({ event: "merge.ended", task: task.key, outcome: outcome.kind });
  return true;
}

/** G4. */
async function waitFor(
  { store, clock, log }: MergePorts,
  merge: Merge,
  task: Task,
  { for: waitsFor, reason: said }: Extract<Tried, { kind: "waits" }>,
): Promise<boolean> {
  const reason = fitSentence(said, log.redactor.redact);
  if (merge.reason !== reason) {
    log.info({ event: "merge.waits", task: task.key, for: waitsFor, reason });
    await ask(
      store,
      [{ kind: "merge_waits", task: task.key, seq: merge.seq, waitsFor, reason }],
      null,
      clock.now(),
    );
  }
  return store.merges.wait(merge, waitsFor, reason, clock.now() + WAITS_MS[waitsFor]);
}

/** What a remote says, and names of files, are other people's words. */
function fitted(outcome: MergeOutcome, { redactor: { redact } }: Log): MergeOutcome {
  if (outcome.kind === "failed") return { ...outcome, reason: fitSentence(outcome.reason, redact) };
  return outcome.kind === "conflict" ? { ...outcome, paths: outcome.paths.map(redact) } : outcome;
}

async function tryOnce(ports: MergePorts, merge: Merge, task: Task): Promise<Tried> {
  const { store, projects } = ports;
  const project = projects.get(task.project);
  if (project === undefined)
    return { kind: "delayed", reason: `project ${task.project} is not in the configuration` };
  const [workflow, kept] = await Promise.all([store.workflows.ofTask(task), store.kept.ofTask(task.key)]);
  const spec = workflow?.phases.find(({ key }) => key === merge.phase)?.merge;
  if (spec === undefined)
    return { kind: "failed", reason: `its workflow has no phase ${merge.phase} any more that merges` };
  if (!project.publish.merge) {
    const reason = `project ${project.name} merges no more, as publish: {merge: false} says`;
    return { kind: "failed", reason };
  }
  const waiting = kept.filter(({ status }) => status === "kept");
  if (waiting[0] !== undefined)
    return { kind: "failed", reason: tellWaiting(waiting[0], waiting.length, task.key) };
  if (task.commit === null) return { kind: "nothing" };
  const wish = { ...spec, commit: task.commit, kept };
  const { pull } = project.publish;
  if (pull === undefined) return mergeIn(ports, merge, task, project, wish);
  // What git says of it is asked for, and nothing pushed.
  const fits = (): Promise<Tried> => mergeIn(ports, { ...merge, seq: NEVER }, task, project, wish);
  if (!(await isWanted(store, merge))) return { kind: "delayed", reason: "it is wanted no more" };
  return mergePull(ports, task, project, {
    commit: task.commit,
    policy: pull,
    wasQueued: merge.waitsFor === "queue",
    fits,
  });
}

/** What was published may be older than that, or lack it. */
function tellWaiting(work: Kept, count: number, task: string): string {
  const many = count === 1 ? "work of it is" : `${count} works of it are`;
  const remedy = `publish what is wanted (${howToPublish(work, count > 1)}), drop the rest, and: chargehand retry ${task}`;
  return `${many} kept and not published, because ${work.reason}; ${remedy}`;
}

interface Wish extends MergeSpec {
  readonly commit: string;
  readonly kept: readonly Kept[];
}

async function mergeIn(
  { store, workspaces }: MergePorts,
  merge: Merge,
  task: Task,
  project: Project,
  { as, commit, kept }: Wish,
): Promise<Tried> {
  // A person has looked at exactly these (K3 of `workflow/kept.ts`), and had them pushed as work of the task.
  const looked = kept.filter((work) => work.status === "published" && work.branch === task.branch);
  const allowed = looked.map((work) => work.commit);
  const wanted = (): Promise<boolean> => isWanted(store, merge);
  const wish = { commit, as, allowCi: project.publish.allowCi, allowed, isWanted: wanted };
  const spec = workspaceSpec(task, project);
  const merged = await orTrouble(() => workspaces.merge(spec, wish));
  if (merged.kind === "failed") return { kind: "delayed", reason: merged.reason };
  const { value } = merged;
  if (value.kind === "refused") return { kind: "failed", reason: value.reason };
  return value.kind === "delayed" ? value : { ...value, base: spec.baseBranch };
}

async function isWanted({ merges }: Store, { task, seq }: Merge): Promise<boolean> {
  return (await merges.ofTask(task)).some((merge) => merge.seq === seq && merge.status === "pending");
}

/** What the machine is short of passes, too. */
async function orTrouble(work: () => Promise<WorkspaceResult<Merged>>): Promise<WorkspaceResult<Merged>> {
  try {
    return await work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: "failed", reason: error.message };
  }
}
