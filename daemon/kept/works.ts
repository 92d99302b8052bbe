/**
 * What is done with kept work: git first, which may be repeated, then the row (K2 of `workflow/kept.ts`). Two who ask
 * for the same work take turns, and the second finds it settled.
 *
 * Its ref goes only while no agent is at work on the task: that one's work may just come to stand under the same name.
 */

import type { ShownWork, WorkspaceResult, Workspaces } from "../../forges/git/workspace.ts";
import type { KeptWorks, Settled } from "../../handlers/api/base.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Turns } from "../../system/turns.ts";
import type { SettledBy } from "../../workflow/decide/kept.ts";
import type { Actor } from "../../workflow/intent.ts";
import type { Kept } from "../../workflow/kept.ts";
import type { Project } from "../../workflow/project.ts";
import type { Task } from "../../workflow/task.ts";
import { fitSentence } from "../../workflow/text/fit.ts";
import { workspaceSpec } from "../run/workspace.ts";

export interface WorksPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly workspaces: Workspaces;
  /** Also those that have left the configuration since the start. */
  readonly projects: ReadonlyMap<string, Project>;
  /** Of tasks: what is put away of one waits until its ref has gone, and the other way round. */
  readonly turns: Turns;
}

export interface Works extends KeptWorks {
  /** Its time is over. */
  expire(kept: Kept): Promise<Settled>;
}

const PERSON: Actor = { kind: "api", name: "operator" };
const TIME: Actor = { kind: "daemon", name: "retention" };

/** @param own turns of nobody else's, by task */
export function createWorks(ports: WorksPorts, own: Turns): Works {
  const { turns, workspaces } = ports;
  return {
    async show(kept) {
      const place = await placeOf(ports, kept);
      if (place.kind === "failed") return place;
      const shown = await workspaces.showKept(workspaceSpec(place.task, place.project), kept.ref);
      return redacted(shown, ports.log);
    },
    publish: (kept) => own.take(kept.task, () => publish(ports, kept)),
    drop: (kept) =>
      own.take(kept.task, () => turns.take(kept.task, () => forget(ports, kept, "drop", PERSON))),
    expire: (kept) =>
      own.take(kept.task, () => turns.take(kept.task, () => forget(ports, kept, "expire", TIME))),
  };
}

/** Subjects and paths are an agent's words, and what failed a git's. */
function redacted(shown: WorkspaceResult<ShownWork>, { redactor }: Log): WorkspaceResult<ShownWork> {
  if (shown.kind === "failed") return { kind: "failed", reason: fitSentence(shown.reason, redactor.redact) };
  const { commits, paths, isCut } = shown.value;
  return {
    kind: "ok",
    value: { commits: commits.map(redactor.redact), paths: paths.map(redactor.redact), isCut },
  };
}

type Place =
  | { readonly kind: "ok"; readonly task: Task; readonly project: Project }
  | { readonly kind: "failed"; readonly reason: string };

async function placeOf({ store, projects }: WorksPorts, kept: Kept): Promise<Place> {
  const project = projects.get(kept.project);
  const task = await store.tasks.get(kept.task);
  if (project !== undefined && task !== null) return { kind: "ok", task, project };
  return { kind: "failed", reason: `project ${kept.project} is not in the configuration` };
}

async function publish(ports: WorksPorts, kept: Kept): Promise<Settled> {
  const { store, workspaces, log } = ports;
  const place = await placeOf(ports, kept);
  if (place.kind === "failed") return place;
  const late = await settledAlready(store, kept);
  if (late !== null) return late;
  const spec = workspaceSpec(place.task, place.project);
  const pushed = await workspaces.publishKept(spec, kept);
  if (pushed.kind === "failed")
    return { kind: "failed", reason: fitSentence(pushed.reason, log.redactor.redact) };
  const { branch, commit } = pushed.value;
  const settled = await settle(ports, kept, { move: "publish", commit, branch }, PERSON);
  if (settled.kind === "ok" && (await store.runs.countLive(kept.task)) === 0) {
    const dropped = await workspaces.dropKept(spec, kept.ref);
    if (dropped.kind === "failed")
      log.warn({ event: "kept.ref", task: kept.task, name: kept.name, reason: dropped.reason });
  }
  return settled;
}

async function forget(ports: WorksPorts, kept: Kept, move: SettledBy, by: Actor): Promise<Settled> {
  const { store, workspaces } = ports;
  const place = await placeOf(ports, kept);
  if (place.kind === "failed") return place;
  const late = await settledAlready(store, kept);
  if (late !== null) return late;
  if ((await store.runs.countLive(kept.task)) > 0)
    return {
      kind: "refused",
      state: place.task.status,
      reason: `an agent is at work on ${kept.task}; wait for its end`,
    };
  const dropped = await workspaces.dropKept(workspaceSpec(place.task, place.project), kept.ref);
  if (dropped.kind === "failed") return dropped;
  return settle(ports, kept, { move, commit: kept.commit }, by);
}

/** Somebody was faster, or what stands under the name is other work by now. */
async function settledAlready(store: Store, kept: Kept): Promise<Settled | null> {
  const row = await rowOf(store, kept);
  if (row?.status === "kept" && row.commit === kept.commit) return null;
  const state = row?.status ?? "dropped";
  const is = state === "kept" ? "other work by now; ask again" : `${state} already`;
  return { kind: "refused", state, reason: `${kept.name} of ${kept.task} is ${is}` };
}

async function rowOf(store: Store, { task, id }: Kept): Promise<Kept | undefined> {
  return (await store.kept.ofTask(task)).find((row) => row.id === id);
}

interface Done {
  readonly move: SettledBy;
  readonly commit: string;
  readonly branch?: string;
}

async function settle(
  { store, clock, log }: WorksPorts,
  kept: Kept,
  done: Done,
  by: Actor,
): Promise<Settled> {
  const { id, task, name, project } = kept;
  const key = `kept:${id}:${done.move}`;
  const because = by === TIME ? "it was kept long enough" : "asked over the API";
  const intent = {
    kind: "settle_kept",
    project,
    by,
    key,
    because,
    target: { key: task },
    id,
    ...done,
  } as const;
  const asked = await ask(store, [intent], null, clock.now());
  const row = await rowOf(store, kept);
  if (asked.kind === "done" && row !== undefined) {
    log.info({
      event: "kept.settled",
      task,
      name,
      status: row.status,
      commit: done.commit,
      branch: done.branch,
    });
    return { kind: "ok", kept: row };
  }
  const reason = "reason" in asked ? asked.reason : `${name} of ${task} is there no more`;
  return { kind: "refused", state: row?.status ?? "dropped", reason };
}
