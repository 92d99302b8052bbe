/**
 * The state machines of DESIGN §6, one table each.
 *
 * A status is never written by hand anywhere else: the store builds its `WHERE`s, CHECKs and triggers from here
 * (`store/engine/legality.ts`), and `docs/states.md` is this file drawn.
 */

import { defineMachine, type Machine, type StatusOf } from "./machine.ts";

const deliveryTable = {
  process: { received: "processed" },
  ignore: { received: "ignored" },
  fail: { received: "failed" },
} as const;
/** A webhook request. A replay is a new row, so no move leads back to `received`. */
export const deliveryMoves: Machine<typeof deliveryTable> = defineMachine({
  name: "delivery",
  initial: "received",
  final: ["processed", "ignored", "failed"],
  timed: ["process", "ignore", "fail"],
  moves: deliveryTable,
});
export type DeliveryStatus = StatusOf<typeof deliveryTable>;

const taskTable = {
  activate: { waiting: "active" },
  complete: { active: "done" },
  fail: { waiting: "failed", active: "failed" },
  cancel: { waiting: "cancelled", active: "cancelled", blocked: "cancelled", paused: "cancelled" },
  block: { active: "blocked" },
  unblock: { blocked: "active" },
  pause: { waiting: "paused", active: "paused" },
  resume: { paused: "active" },
  expire: { waiting: "cancelled", blocked: "failed", paused: "cancelled" },
  retry: { failed: "active", cancelled: "active", blocked: "active" },
} as const;
/** `retry` is the one door back from an ending, and only a person opens it. */
export const taskMoves: Machine<typeof taskTable> = defineMachine({
  name: "task",
  initial: "waiting",
  final: ["done", "failed", "cancelled"],
  timed: ["fail", "expire"],
  moves: taskTable,
});
export type TaskStatus = StatusOf<typeof taskTable>;
export type TaskMove = keyof typeof taskTable;

const phaseTable = {
  start: { pending: "running" },
  validate: { running: "validating" },
  gate: { validating: "gated" },
  complete: { validating: "completed", gated: "completed" },
  fail: { running: "failed", validating: "failed", gated: "failed" },
  retry: { failed: "pending" },
  skip: { pending: "skipped" },
} as const;
export const phaseMoves: Machine<typeof phaseTable> = defineMachine({
  name: "phase",
  initial: "pending",
  final: ["completed", "failed", "skipped"],
  timed: ["skip", "fail"],
  moves: phaseTable,
});

const jobTable = {
  hold: { queued: "held" },
  release: { held: "queued" },
  claim: { queued: "running" },
  complete: { running: "done" },
  retry: { running: "queued" },
  fail: { running: "failed", queued: "failed", held: "failed" },
  cancel: { queued: "cancelled", held: "cancelled", running: "cancelled" },
} as const;
/** `held` is a job with at least one hold: the database keeps the two together, whoever writes either. */
export const jobMoves: Machine<typeof jobTable> = defineMachine({
  name: "job",
  initial: "queued",
  final: ["done", "failed", "cancelled"],
  timed: ["release", "retry", "fail"],
  moves: jobTable,
});
export type JobStatus = StatusOf<typeof jobTable>;
export type JobMove = keyof typeof jobTable;

const runTable = {
  start: { starting: "running" },
  exit: { starting: "exited", running: "exited" },
  succeed: { exited: "succeeded" },
  fail: { starting: "failed", exited: "failed" },
  lose: { starting: "lost", running: "lost", exited: "lost" },
  kill: { starting: "killed", running: "killed", exited: "killed" },
} as const;
/** `exited` is the process gone and the run not yet concluded: its output is read, its branch is pushed. */
export const runMoves: Machine<typeof runTable> = defineMachine({
  name: "run",
  initial: "starting",
  final: ["succeeded", "failed", "lost", "killed"],
  timed: ["lose", "kill"],
  moves: runTable,
});
export type RunStatus = StatusOf<typeof runTable>;
export type RunMove = keyof typeof runTable;

const approvalTable = {
  approve: { pending: "approved" },
  reject: { pending: "rejected" },
  abort: { pending: "aborted" },
  expire: { pending: "expired" },
  supersede: { pending: "superseded" },
} as const;
export const approvalMoves: Machine<typeof approvalTable> = defineMachine({
  name: "approval",
  initial: "pending",
  final: ["approved", "rejected", "aborted", "expired", "superseded"],
  timed: ["expire"],
  moves: approvalTable,
});

const questionTable = {
  answer: { open: "answered" },
  withdraw: { open: "withdrawn" },
  expire: { open: "expired" },
} as const;
export const questionMoves: Machine<typeof questionTable> = defineMachine({
  name: "question",
  initial: "open",
  final: ["answered", "withdrawn", "expired"],
  timed: ["expire"],
  moves: questionTable,
});

const outboxTable = {
  send: { pending: "sent" },
  bury: { pending: "dead" },
} as const;
/** A failed try leaves the row `pending` with a later due time, so it is no move. */
export const outboxMoves: Machine<typeof outboxTable> = defineMachine({
  name: "outbox",
  initial: "pending",
  final: ["sent", "dead"],
  timed: ["send", "bury"],
  moves: outboxTable,
});
export type OutboxStatus = StatusOf<typeof outboxTable>;

/** Every machine, in the order of DESIGN §6. */
export const MACHINES: readonly {
  readonly name: string;
  readonly initial: string;
  readonly final: readonly string[];
  readonly timed: readonly string[];
  readonly statuses: readonly string[];
  readonly live: readonly string[];
  readonly edges: readonly { readonly move: string; readonly from: string; readonly to: string }[];
}[] = [deliveryMoves, taskMoves, phaseMoves, jobMoves, runMoves, approvalMoves, questionMoves, outboxMoves];
