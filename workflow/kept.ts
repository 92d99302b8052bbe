/**
 * Kept: work of an agent that could not be published. It is listed, shown, and published or dropped by a person; time
 * alone lets it go, after a warning (I15).
 *
 * K1. Kept work has a row before its run is over, in the same transaction, so that nothing that was made is forgotten.
 * K2. Its commits lie under a ref of the daemon's own repository. What is done with the ref comes first and may be
 *     repeated; the row's move follows. So a row that says `kept` may be asked for again after any crash.
 * K3. `published` is a person's yes to exactly this commit, on which merging relies: what a run brings to the remote by
 *     itself is `included`.
 * K4. Nobody's work goes unannounced: it expires only after its warning, and some time after that.
 */

import { NOTICE_OF_KEPT_MS } from "./limits.ts";
import { defineMachine, type Machine, type StatusOf } from "./machine.ts";

const keptTable = {
  publish: { kept: "published" },
  include: { kept: "included" },
  drop: { kept: "dropped" },
  expire: { kept: "expired" },
} as const;
export const keptMoves: Machine<typeof keptTable> = defineMachine({
  name: "kept",
  initial: "kept",
  final: ["published", "included", "dropped", "expired"],
  timed: ["expire"],
  meaning: {
    kept: "Its commits lie under a ref of the daemon's repository; the reason says why it was not published.",
    published: "A person had it pushed; the row says to which branch.",
    included: "It came to the remote within what a run has published later; nobody was asked about it.",
    dropped: "A person said that it is not wanted.",
    expired: "Nobody wanted it for as long as such work is kept. Its task was told of that days before.",
  },
  moves: keptTable,
});
export type KeptStatus = StatusOf<typeof keptTable>;
export type KeptMove = keyof typeof keptTable;

/** Work as whoever gathers it tells of it. */
export interface NewKept {
  /** Unique among what is kept of a task. */
  readonly name: string;
  /** In the daemon's own repository. */
  readonly ref: string;
  readonly commit: string;
  /** Where it would be published. */
  readonly branch: string;
  /** How many files it changes. */
  readonly files: number;
  /** Why it was not published: one sentence. */
  readonly reason: string;
  /** What a person can do, where it is more than to publish it. */
  readonly remedy: string | null;
}

export interface Kept extends NewKept {
  readonly id: number;
  readonly task: string;
  readonly project: string;
  /** The run that made it; `null` for what was found when its task was put away. */
  readonly run: string | null;
  readonly status: KeptStatus;
  readonly keptAt: number;
  /** When its task is, or was to be, told that it will go (ms). */
  readonly tellAt: number;
  /** When it was told so. */
  readonly toldAt: number | null;
  /** Until when it is kept (ms). */
  readonly until: number;
  readonly finishedAt: number | null;
}

export type KeptChange =
  /** Another work of that name which is still kept gives way: its ref is the same. */
  | ({
      readonly change: "keep";
      readonly work: NewKept;
      readonly run: string | null;
    } & KeptTerm)
  | {
      readonly change: KeptMove;
      readonly id: number;
      readonly commit: string;
      /** Where it was pushed. */
      readonly branch?: string;
    }
  | { readonly change: "tell"; readonly id: number; readonly until: number };

/** How long something is kept; ms. */
export interface KeptTerm {
  readonly tellAt: number;
  readonly until: number;
}

/** @param spanMs how long work is kept; where that is short, its task is told in the middle of it */
export function keptTerm(now: number, spanMs: number): KeptTerm {
  const until = now + spanMs;
  return { until, tellAt: until - Math.min(NOTICE_OF_KEPT_MS, Math.floor(spanMs / 2)) };
}

/** Until when something is kept that is told of only now, because no daemon was there at the time (K4). */
export function keptAfterTelling({ tellAt, until }: KeptTerm, now: number): number {
  return Math.max(until, now + (until - tellAt));
}

/** The command that publishes it. */
export function howToPublish({ task, name }: Pick<Kept, "task" | "name">, several: boolean): string {
  return `chargehand kept publish ${task}${several ? ` --name ${quoted(name)}` : ""}`;
}

/** A name may come from a branch of an agent's, and the command is copied into a shell (I13). */
function quoted(name: string): string {
  return /^[\w./@+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
