/**
 * What tasks have to do with one another: a task that needs others waits until they are done, and the tasks of a serial
 * project go one after another. Pure.
 *
 * B1. Both keep a task from beginning, by a hold on its job that says for whom it waits; what has begun goes on.
 * B2. Only `done` is done. A task that failed, or was cancelled, keeps those that need it until a person decides.
 * B3. A task that waits for one that it needs stands in no line, so that what it needs may pass it.
 */

import type { Hold, HoldKind } from "../hold.ts";
import type { Job, JobChange } from "../job.ts";
import { jobMoves, type TaskStatus } from "../states.ts";

export const NEEDS_MAX = 50;
/** Tasks that need the same one: all of them are told in the transaction that ends it. */
export const DEPENDENTS_MAX = 200;
/** Named in one reason; the others are counted. */
const TOLD_MAX = 5;

/** A task that another needs, or is to need. */
export interface Need {
  readonly key: string;
  readonly status: TaskStatus;
  readonly version: number;
  /** How many tasks need it. */
  readonly dependents: number;
  /** Where it was declared that it is needed, such as `github`; `null`: here. */
  readonly source: string | null;
}

/** The one needs the other. */
export interface Edge {
  readonly task: string;
  readonly needs: string;
}

/** Those of a project whose tasks go one after another, as one task sees them. */
export interface Line {
  readonly project: string;
  /** Raised by whoever joins or leaves. */
  readonly version: number;
  /** Whose end the task waits for: the one before it, or one that has begun; `null` when it is its turn. */
  readonly before: string | null;
}

/** What a decision about a task sees of the others. */
export interface Between {
  readonly needs: readonly Need[];
  /** Of those that it is to need now; a key that no task has is missing. */
  readonly wanted: readonly Need[];
  /** Every edge that leads on from those. */
  readonly edges: readonly Edge[];
  /** Number of the newest edge of all; whoever adds one believes in it. */
  readonly lastEdge: number;
  /** `null` of a project whose tasks run side by side. */
  readonly line: Line | null;
}

export const NOTHING_BETWEEN: Between = { needs: [], wanted: [], edges: [], lastEdge: 0, line: null };

export type DependencyChange =
  | {
      readonly change: "add";
      readonly number: number;
      readonly needs: string;
      /** Of the needed task as it was seen. */
      readonly version: number;
      /** Where it was declared; `null`: here. */
      readonly source: string | null;
    }
  | { readonly change: "drop"; readonly needs: string };

/** What somebody believes about a line that they change. */
export type LineBelief = Pick<Line, "project" | "version">;

/** Kinds of holds that keep a task in `waiting`. */
const KEEPING = ["dependency", "serial"] as const satisfies readonly HoldKind[];

/** Why a task may not begin; nothing when it may. */
export function holdsOfBeginning(
  needs: readonly Pick<Need, "key" | "status">[],
  line: Line | null,
): readonly Hold[] {
  const needed = dependencyHold(needs);
  if (needed !== null) return [needed];
  const turn = serialHold(line);
  return turn === null ? [] : [turn];
}

/** `null` when all of them are done. */
function dependencyHold(needs: readonly Pick<Need, "key" | "status">[]): Hold | null {
  const open = needs.filter(({ status }) => status !== "done");
  const [first] = open;
  if (first === undefined) return null;
  const told = open.slice(0, TOLD_MAX).map(({ key, status }) => `${key}, which ${tellStatus(status)}`);
  const more = open.length > TOLD_MAX ? `, and ${open.length - TOLD_MAX} more` : "";
  const ended = open.find(({ status }) => status === "failed" || status === "cancelled");
  const retry = ended === undefined ? "" : `try that one again with: chargehand retry ${ended.key}; or `;
  const drop = `begin without it with: chargehand depend --drop ${(ended ?? first).key} KEY`;
  return {
    kind: "dependency",
    reason: `it needs ${told.join("; ")}${more}`,
    remedy: `${retry}${drop}`,
    until: null,
  };
}

function tellStatus(status: TaskStatus): string {
  if (status === "failed") return "failed";
  return status === "cancelled" ? "was cancelled" : "is not done";
}

function serialHold(line: Line | null): Hold | null {
  if (line === null || line.before === null) return null;
  const reason = `${line.before} is before it, and the tasks of project ${line.project} go one after another`;
  return { kind: "serial", reason, remedy: "begin beside it with: chargehand resume KEY", until: null };
}

/** A job and what is to change about the holds by which it waits for others. */
export interface Regarded {
  readonly jobs: readonly JobChange[];
  /** Whether none of them is left. */
  readonly isFree: boolean;
}

/**
 * Brings the holds of a task that waits for others to what is true now; a task that does not wait is left alone.
 *
 * @param joins whether it waits from now on, though it has not before
 */
export function regard(
  jobs: readonly Job[],
  needs: readonly Pick<Need, "key" | "status">[],
  line: Line | null,
  joins: boolean,
): Regarded {
  const job = jobs.find(({ status }) => jobMoves.can("hold", status) || jobMoves.can("release", status));
  const had = job?.holds.filter(isKeeping) ?? [];
  if (job === undefined || (had.length === 0 && !joins)) return { jobs: [], isFree: had.length === 0 };
  const wanted = holdsOfBeginning(needs, line);
  const { id, fence } = job;
  const put = wanted.filter(
    (hold) => !had.some(({ kind, reason }) => kind === hold.kind && reason === hold.reason),
  );
  const gone = had.filter(({ kind }) => !wanted.some((hold) => hold.kind === kind));
  return {
    // Put before others go, so that the job is claimable at no moment between.
    jobs: [
      ...put.map((hold): JobChange => ({ change: "hold", id, fence, hold })),
      ...gone.map(({ kind }): JobChange => ({ change: "release", id, fence, kind })),
    ],
    isFree: wanted.length === 0,
  };
}

/** A person lets a task begin out of turn. */
export function passBy(jobs: readonly Job[]): readonly JobChange[] {
  return jobs
    .filter(({ holds }) => holds.some(({ kind }) => kind === "serial"))
    .map(({ id, fence }) => ({ change: "release", id, fence, kind: "serial" }));
}

export function isKeeping({ kind }: Pick<Hold, "kind">): boolean {
  return KEEPING.some((keeping) => keeping === kind);
}

/** The circle that new edges of a task would close, such as `SHOP-1 needs SHOP-2 needs SHOP-1`; `null` for none. */
export function circleOf(task: string, wanted: readonly string[], edges: readonly Edge[]): string | null {
  const needsOf = Map.groupBy(edges, (edge) => edge.task);
  const seen = new Set<string>();
  const open = wanted.map((key) => [task, key]);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const last = path.at(-1) ?? task;
    if (last === task) return path.join(" needs ");
    if (seen.has(last)) continue;
    seen.add(last);
    for (const { needs } of needsOf.get(last) ?? []) open.push([...path, needs]);
  }
  return null;
}
