/**
 * What becomes of kept work: `keep_work` writes it down, `warn_kept` tells that it will go, and `settle_kept` says that
 * it was published, dropped or has expired. Each is asked after what it says was done in git, which may be repeated.
 * Part of `decide`, and as pure.
 */

import type { NewEvent } from "../event.ts";
import type { Asked } from "../intent.ts";
import {
  type Kept,
  type KeptChange,
  type KeptMove,
  keptAfterTelling,
  keptMoves,
  keptTerm,
  type NewKept,
} from "../kept.ts";
import { REASON_CHARS_MAX } from "../limits.ts";
import type { NewCall } from "../outbox.ts";
import type { RunOutcome } from "../run.ts";
import type { Task } from "../task.ts";
import { UNCHANGED } from "./change.ts";
import type { Decision, IntentKind, Snapshot } from "./decision.ts";
import { noticeOfExpiring, noticeOfKept } from "./notices.ts";
import { asked, ignore, refuse } from "./parts.ts";

/** The change of a task that only its kept work is about. */
interface AskedOfKept extends Asked {
  readonly target: { readonly key: string };
}

/** Work was found that nobody has published; outside of a run's end, such as where a cancelled task is put away. */
export interface KeepWork extends AskedOfKept {
  readonly kind: "keep_work";
  readonly run: string | null;
  readonly work: NewKept;
  readonly keptForMs: number;
}

/** Its time is nearly over. */
export interface WarnKept extends AskedOfKept {
  readonly kind: "warn_kept";
  readonly id: number;
}

/** What a run brings along is told by its own end ({@link settling}). */
export type SettledBy = Exclude<KeptMove, "include">;

export interface SettleKept extends AskedOfKept {
  readonly kind: "settle_kept";
  readonly id: number;
  readonly move: SettledBy;
  /** The commit for which it was done: what is kept may be another by now. */
  readonly commit: string;
  /** Where it was pushed; only of `publish`. */
  readonly branch?: string;
}

const about = ({ target, key }: AskedOfKept) => ({ target, key, run: null, kept: true }) as const;

export const keepWork: IntentKind<KeepWork> = {
  about,
  decide: (snapshot, { work, run, keptForMs }) => {
    const { task } = snapshot;
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    const parts = keeping(snapshot, task, [work], run, keptForMs);
    if (parts.kept.length === 0) return ignore(`${work.name} of ${task.key} is kept already`);
    return { ...UNCHANGED, base: task, task: { change: "keep" }, ...parts };
  },
};

export const warnKept: IntentKind<WarnKept> = {
  about,
  decide: (snapshot, { id, key }) =>
    withRow(snapshot, id, (task, row) => {
      if (snapshot.seen || row.toldAt !== null) return ignore(`${task.key} was told already`);
      if (row.status !== "kept") return ignore(`${row.name} of ${task.key} is ${row.status}`);
      const until = keptAfterTelling(row, snapshot.now);
      const data = { name: row.name, until };
      return {
        ...UNCHANGED,
        base: task,
        task: { change: "keep" },
        kept: [{ change: "tell", id, until }],
        events: [{ kind: "work.expiring", key, data }],
        outbox: [noticeOfExpiring(task, row, until)],
      };
    }),
};

const TOLD_AS: Readonly<Record<SettledBy, string>> = {
  publish: "work.published",
  drop: "work.dropped",
  expire: "work.expired",
};

export const settleKept: IntentKind<SettleKept> = {
  about,
  decide: (snapshot, intent) =>
    withRow(snapshot, intent.id, (task, row) => {
      const { move, id, commit, branch, key } = intent;
      const what = `${row.name} of ${task.key}`;
      if (!keptMoves.can(move, row.status)) return refuse(`${what} is ${row.status} already`);
      if (row.commit !== commit) return refuse(`${what} is other work by now; ask again`);
      if (move === "expire" && (row.toldAt === null || row.until > snapshot.now))
        return refuse(`${what} is kept until it was told that it goes`);
      const data = { name: row.name, commit, files: row.files, ...(branch !== undefined && { branch }) };
      return {
        ...UNCHANGED,
        base: task,
        // Its only work was kept, or its newest: that is what is on the remote now.
        task:
          branch !== undefined && (task.commit === null || branch === task.branch)
            ? {
                change: "keep",
                branch,
                commit,
                files: row.files,
                ...(task.status === "done" && { reason: null }),
              }
            : { change: "keep" },
        kept: [{ change: move, id, commit, ...(branch !== undefined && { branch }) }],
        events: [{ kind: TOLD_AS[move], key, data: asked(intent, data) }],
      };
    }),
};

function withRow(
  { task, kept }: Snapshot,
  id: number,
  decideRow: (task: Task, row: Kept) => Decision,
): Decision {
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  const row = kept.find((candidate) => candidate.id === id);
  return row === undefined
    ? { kind: "unknown", reason: `nothing with the number ${id} was kept of ${task.key}` }
    : decideRow(task, row);
}

/** Rows of earlier work that has come to the remote with what a run has published now. */
export function settling(
  { kept }: Pick<Snapshot, "kept">,
  outcome: RunOutcome,
): { readonly kept: readonly KeptChange[]; readonly events: readonly NewEvent[] } {
  const { settled = [] } = outcome;
  const rows = kept.filter(({ status, ref }) => status === "kept" && settled.includes(ref));
  const branch = outcome.status === "succeeded" ? outcome.branch : null;
  const where = branch === null ? {} : { branch };
  return {
    kept: rows.map(({ id, commit }) => ({ change: "include", id, commit, ...where })),
    events: rows.map(({ name, commit, files }) => ({
      kind: TOLD_AS.publish,
      data: { name, commit, files, ...where },
    })),
  };
}

/** The rows for works that have none yet, with what the history tells of each. */
export function keeping(
  { kept, now }: Pick<Snapshot, "kept" | "now">,
  task: Task,
  works: readonly NewKept[],
  run: string | null,
  keptForMs: number,
): {
  readonly kept: readonly KeptChange[];
  readonly events: readonly NewEvent[];
  readonly outbox: readonly NewCall[];
} {
  const isKept = ({ name, commit }: NewKept): boolean =>
    kept.some((row) => row.status === "kept" && row.name === name && row.commit === commit);
  const fresh = works.filter((work) => !isKept(work)).map(bounded);
  const term = keptTerm(now, keptForMs);
  return {
    kept: fresh.map((work) => ({ change: "keep", work, run, ...term })),
    events: fresh.map(({ name, branch, commit, files, reason, remedy }) => ({
      kind: "work.kept",
      data: { name, branch, commit, files, reason, ...(remedy !== null && { remedy }) },
    })),
    outbox: noticeOfKept(task, fresh, term.until),
  };
}

/** Reasons tell of names that an agent chose, and of what a git said. */
function bounded(work: NewKept): NewKept {
  const { reason, remedy } = work;
  return {
    ...work,
    reason: reason.slice(0, REASON_CHARS_MAX),
    remedy: remedy === null ? null : remedy.slice(0, REASON_CHARS_MAX),
  };
}
