/**
 * The state machines of DESIGN §6, one table each, with what is true of a thing while it is in a status.
 *
 * A status is never written by hand anywhere else: the store builds its `WHERE`s, CHECKs and triggers from here
 * (`store/engine/legality.ts`), and `docs/states.md` draws them. Moves that nothing fires yet are marked as
 * `later`, with what will fire them; until then no decision can name them.
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
  meaning: {
    received:
      "It is on disk and its sender was told so. `not_before` says when the inbox looks at it (again).",
    processed: "Its effects and this mark were one transaction (I2). It names the task it touched.",
    ignored:
      "It asked for nothing, or for nothing that is allowed; the reason says which. Nothing came of it.",
    failed:
      "It could not be understood or checked; the reason says why. A person may replay it, as a new row.",
  },
  moves: deliveryTable,
});
export type DeliveryStatus = StatusOf<typeof deliveryTable>;

const taskTable = {
  activate: { waiting: "active" },
  complete: { active: "done", paused: "done", blocked: "done" },
  fail: { waiting: "failed", active: "failed", paused: "failed", blocked: "failed" },
  cancel: { waiting: "cancelled", active: "cancelled", blocked: "cancelled", paused: "cancelled" },
  block: { active: "blocked", paused: "blocked" },
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
  timed: ["fail", "resume", "expire"],
  begins: ["active"],
  meaning: {
    waiting: "It may not begin yet: a hold on its first job says why. It has no run and has cost nothing.",
    active:
      "Exactly one of its jobs is live: queued, held with a reason, or running. Or none is, and its phase waits for CI alone.",
    blocked: "A person is needed, and was told. It has no live run; its branch and sessions are kept.",
    paused:
      "A person has stopped it for a while. A run that lived was asked to stop; what it had finished counts. Its branch and session are kept.",
    done: "Its last run succeeded and its work is published, as far as its project publishes. Nothing of it is live.",
    failed:
      "Nothing tries it again by itself; the reason says why. What its agent made is kept. `retry` reopens it.",
    cancelled:
      "A person, or the end of its issue, has stopped it. A run that lived was asked to stop. `retry` reopens it.",
  },
  moves: taskTable,
});
export type TaskStatus = StatusOf<typeof taskTable>;
export type TaskMove = keyof typeof taskTable;

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
  meaning: {
    queued: "Nothing of its own keeps it from being claimed. Its lane may: limits, budgets, accounts.",
    held: "At least one hold says why it is not claimable. Each ends by time, by a person, or by another event.",
    running:
      "Its newest claim has a live run with the same fence; whoever has an older fence writes nothing (I3).",
    done: "Its run succeeded.",
    failed: "It is not tried again; the failure class and the reason say why.",
    cancelled: "Its task was cancelled. A run that lived was asked to stop.",
  },
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
  meaning: {
    starting: "It was claimed. Its process is none, or waits at the start gate: no agent has run for it.",
    running: "Its process is on record (pid, start time, group, boot) and its start gate was opened.",
    exited:
      "Its process is gone: what it printed is read to the end, swept, and its work published. It holds its task.",
    succeeded: "Its agent said it was done, and its work is published as far as its project publishes.",
    failed: "The failure class and the reason say why.",
    lost: "Its process vanished without an exit record, or never began.",
    killed: "We ended it: a limit, a person, a shutdown. What it used is counted.",
  },
  moves: runTable,
});
export type RunStatus = StatusOf<typeof runTable>;
export type RunMove = keyof typeof runTable;

const outboxTable = {
  send: { pending: "sent" },
  bury: { pending: "dead" },
  retry: { dead: "pending" },
  drop: { pending: "dropped", dead: "dropped" },
} as const;
/** A failed try leaves it `pending`, due later, so it is no move. A person alone fires `retry` and `drop`. */
export const outboxMoves: Machine<typeof outboxTable> = defineMachine({
  name: "outbox",
  initial: "pending",
  final: ["sent", "dead", "dropped"],
  timed: ["send", "bury"],
  meaning: {
    pending:
      "It is owed, and due at `due_at`; tries are counted before they are made, the last error is kept.",
    sent: "The other side has accepted it.",
    dead: "It is not tried again by itself; the error says why, and a person is told. `retry` has it tried again.",
    dropped: "A person said that it is not wanted.",
  },
  moves: outboxTable,
});
export type OutboxStatus = StatusOf<typeof outboxTable>;
