/**
 * How a task walks through its workflow: into a phase, out of one, and where to from there. Pure.
 *
 * F1. A task stands where its newest phase is; what is behind it stays as it ended.
 * F2. A phase whose condition does not hold is passed by, with a row that says so.
 * F3. Going back costs a pass, and a phase has as many as its `max_cycles`; so no task walks in circles.
 * F4. Who plays a phase was settled when the task began, or when a person started it again.
 * F5. A session goes on over phases and cycles as the workflow says, until it has had its turns: each costs more than
 *     the one before, and what its program has no room for is forgotten. The fresh one is told all that a first one is.
 */

import type { NewEvent } from "../event.ts";
import type { Hold } from "../hold.ts";
import type { JobChange, SessionOwner } from "../job.ts";
import { SESSION_TURNS_MAX } from "../limits.ts";
import { MERGER, type MergeChange } from "../phases/merge.ts";
import type { Phase, PhaseEntered } from "../phases/phase.ts";
import type { Workflow, WorkflowPhase } from "../workflow.ts";
import { routeOf } from "./routes.ts";

/** What a decision about a walk sees. */
export interface Walk {
  readonly workflow: Workflow;
  /** Oldest first. */
  readonly phases: readonly Phase[];
  readonly agents: Readonly<Record<string, string>>;
  readonly priority: number;
  /** The task has chosen who plays, so that no window may. Where several do, each role has its own anyway. */
  readonly pinned?: boolean;
  /** Those of the task that it follows, in whose sessions it goes on. */
  readonly before?: readonly Phase[];
}

/** What it takes to be in a phase. */
export interface Entry {
  readonly phases: readonly PhaseEntered[];
  readonly jobs: readonly JobChange[];
  /** In place of a job, where the daemon itself plays. */
  readonly merges: readonly MergeChange[];
  readonly events: readonly NewEvent[];
}

export type Step =
  | ({ readonly kind: "enters" } & Entry)
  /** Behind the last phase; with those that were passed by on the way. */
  | ({ readonly kind: "ends" } & Omit<Entry, "jobs" | "merges">)
  /** A sentence. */
  | { readonly kind: "fails"; readonly reason: string };

/** Where the task stands; `null` for one that an older version began. */
export function standing(phases: readonly Phase[]): Phase | null {
  return phases.at(-1) ?? null;
}

export function phaseOf({ phases }: Workflow, key: string): WorkflowPhase | null {
  return phases.find((phase) => phase.key === key) ?? null;
}

/** Into the first phase of a task that begins. */
export function begin(walk: Walk, holds: readonly Hold[]): Step {
  return forward(walk, walk.workflow.phases, { holds, pass: "fresh", opens: true });
}

/** Into a phase by its key, because a person says so: its passes, and those of what is behind it, begin anew. */
export function enterAgain(walk: Walk, key: string, holds: readonly Hold[]): Step {
  const phase = phaseOf(walk.workflow, key);
  if (phase === null)
    return { kind: "fails", reason: `workflow ${walk.workflow.name} has no phase ${key} any more` };
  const opens =
    key === walk.workflow.phases[0].key && walk.phases.every(({ status }) => status !== "completed");
  return { kind: "enters", ...enter(walk, phase, { holds, pass: "fresh", opens }, []) };
}

/** Into the same phase once more, because its work was refused. */
export function playAgain(walk: Walk, current: Phase): Step {
  return back(walk, current.phase);
}

/** Out of a phase that is good, by its verdict. */
export function goOn(walk: Walk, current: Phase): Step {
  const index = walk.workflow.phases.findIndex(({ key }) => key === current.phase);
  const phase = walk.workflow.phases[index];
  if (phase === undefined)
    return { kind: "fails", reason: `workflow ${walk.workflow.name} has no phase ${current.phase} any more` };
  const route = routeOf(phase, current.verdict);
  switch (route.to) {
    case "fail":
      return { kind: "fails", reason: `phase ${phase.key} ended with the verdict ${current.verdict}` };
    case "done":
      return { kind: "ends", phases: [], events: [] };
    case "next":
    case "freeze":
      return forward(walk, walk.workflow.phases.slice(index + 1), { holds: [], pass: "on" });
    default: {
      const target = walk.workflow.phases.findIndex(({ key }) => key === route.phase);
      return target > index
        ? forward(walk, walk.workflow.phases.slice(target), { holds: [], pass: "on" })
        : back(walk, route.phase);
    }
  }
}

/** Whether the daemon merges it now, or waits before it tries again. */
export function isMerging({
  workflow,
  phases,
}: {
  readonly workflow: Workflow | null;
  readonly phases: readonly Phase[];
}): boolean {
  const current = standing(phases);
  if (workflow === null || current?.status !== "running") return false;
  return phaseOf(workflow, current.phase)?.merge !== undefined;
}

/** What a merge waits for may have come. */
export function hasten(snapshot: Parameters<typeof isMerging>[0]): readonly MergeChange[] {
  const { seq = 0 } = standing(snapshot.phases) ?? {};
  return isMerging(snapshot) ? [{ change: "hasten", seq }] : [];
}

/** The first phase of the workflow that a task which was interrupted has still to play: where it stands. */
export function whereToBegin({ workflow, phases }: Pick<Walk, "workflow" | "phases">): string {
  const current = standing(phases);
  return current !== null && phaseOf(workflow, current.phase) !== null
    ? current.phase
    : workflow.phases[0].key;
}

interface Manner {
  readonly holds: readonly Hold[];
  /** `fresh`: a person begins; `on`: it follows from what was before; `again`: it is gone back to. */
  readonly pass: "fresh" | "on" | "again";
  /** Nothing of the task is finished, and it is new work to whoever has to decide whether there may be some. */
  readonly opens?: boolean;
}

/** F2. */
function forward(walk: Walk, ahead: readonly WorkflowPhase[], manner: Manner): Step {
  const passed: PhaseEntered[] = [];
  for (const phase of ahead) {
    if (applies(walk.phases, phase)) return { kind: "enters", ...enter(walk, phase, manner, passed) };
    passed.push({ change: "pass_by", ...rowOf(walk, phase, manner, passed.length) });
  }
  return { kind: "ends", phases: passed, events: tellEntries(walk.workflow, passed) };
}

/** F3. */
function back(walk: Walk, key: string): Step {
  const phase = phaseOf(walk.workflow, key);
  if (phase === null)
    return { kind: "fails", reason: `workflow ${walk.workflow.name} has no phase ${key} any more` };
  const used = passesOf(walk, key);
  if (used >= phase.cyclesMax) {
    const times = used === 1 ? "once" : `${used} times`;
    return {
      kind: "fails",
      reason: `phase ${key} was played ${times}, which is its max_cycles, and is to be played again`,
    };
  }
  return { kind: "enters", ...enter(walk, phase, { holds: [], pass: "again" }, []) };
}

function enter(walk: Walk, phase: WorkflowPhase, manner: Manner, passed: readonly PhaseEntered[]): Entry {
  const row = { change: "enter", ...rowOf(walk, phase, manner, passed.length) } as const;
  const phases = [...passed, row];
  if (phase.merge !== undefined) {
    const events = tellEntries(walk.workflow, phases);
    return { phases, jobs: [], merges: [{ change: "ask", seq: row.seq, phase: phase.key }], events };
  }
  const { session, rotated } = sessionFor(walk, phase);
  return {
    phases,
    merges: [],
    jobs: [
      {
        change: "create",
        phase: phase.key,
        agent: row.agent,
        pinned: walk.pinned === true || walk.workflow.phases.length > 1,
        priority: walk.priority,
        holds: manner.holds,
        ...(manner.opens === true && { opens: true }),
        session,
      },
    ],
    events: [...tellEntries(walk.workflow, phases), ...rotated],
  };
}

function rowOf(
  walk: Walk,
  { key, role, merge }: WorkflowPhase,
  { pass }: Manner,
  ahead: number,
): Pick<Phase, "seq" | "phase" | "role" | "agent" | "cycle" | "pass"> {
  const cycle = walk.phases.filter((row) => row.phase === key).length + 1;
  const agent = merge === undefined ? (walk.agents[role] ?? "") : MERGER;
  const before = passesOf(walk, key);
  const counted = pass === "fresh" ? 1 : before + 1;
  return { seq: walk.phases.length + 1 + ahead, phase: key, role, agent, cycle, pass: counted };
}

/** Of the newest row, which carries what was counted since a person began, unless that was later. */
function passesOf({ workflow, phases }: Walk, key: string): number {
  const order = workflow.phases.map((phase) => phase.key);
  const newest = phases.findLastIndex((row) => row.phase === key);
  const begun = phases.findLastIndex(
    (row) => row.pass === 1 && row.cycle > 1 && order.indexOf(row.phase) <= order.indexOf(key),
  );
  return newest < begun ? 0 : (phases[newest]?.pass ?? 0);
}

function applies(phases: readonly Phase[], { when }: WorkflowPhase): boolean {
  if (when === null) return true;
  const row = phases.findLast(({ phase }) => phase === when.phase);
  return row?.status === "completed" && row.verdict !== null && when.verdicts.includes(row.verdict);
}

/** F5. The session that the workflow says, unless it is to be followed by a fresh one, which the history tells. */
function sessionFor(
  { workflow, phases, before = [] }: Walk,
  { key, session, role }: WorkflowPhase,
): { readonly session: SessionOwner | null; readonly rotated: readonly NewEvent[] } {
  if (session.kind === "fresh") return { session: null, rotated: [] };
  const wanted = session.kind === "of" ? session.role : role;
  const played = [...before, ...phases];
  const found = played.findLast((row) => row.role === wanted && row.session !== null)?.session ?? null;
  const { turns = 0 } = found ?? {};
  const most = workflow.sessionTurnsMax ?? SESSION_TURNS_MAX;
  if (turns < most) return { session: found, rotated: [] };
  return {
    session: null,
    rotated: [{ kind: "session.rotated", data: { phase: key, role: wanted, turns, most } }],
  };
}

/** Of a workflow of one phase there is nothing to tell that its task does not. */
function tellEntries({ phases }: Workflow, entries: readonly PhaseEntered[]): readonly NewEvent[] {
  return phases.length === 1 ? [] : entries.map(tellEntry);
}

function tellEntry(change: PhaseEntered): NewEvent {
  const { phase, role, agent, cycle } = change;
  return change.change === "enter"
    ? { kind: "phase.entered", data: { phase, role, agent, cycle } }
    : { kind: "phase.skipped", data: { phase, cycle } };
}
