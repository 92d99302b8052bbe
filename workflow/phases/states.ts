/** The state machines of phases, and of those who are asked about one. Part of the tables of `workflow/states.ts`. */

import { defineMachine, type Fired, type Machine, type StatusOf } from "../machine.ts";

const phaseTable = {
  start: { pending: "running" },
  validate: { running: "validating" },
  gate: { validating: "gated" },
  complete: { validating: "completed", gated: "completed" },
  fail: { running: "failed", validating: "failed", gated: "failed" },
  retry: { failed: "pending" },
  skip: { pending: "skipped" },
} as const;
const LAID_OUT = "workflows, part 2: phases that are laid out before they begin";
const phaseLater = { start: LAID_OUT, skip: LAID_OUT, retry: LAID_OUT } as const;
export const phaseMoves: Machine<typeof phaseTable> = defineMachine({
  name: "phase",
  initial: "pending",
  final: ["completed", "failed", "skipped"],
  timed: ["skip", "fail"],
  begins: ["running", "skipped"],
  later: phaseLater,
  meaning: {
    pending: "Nothing was run for it in this cycle.",
    running: "One job is live for it.",
    validating: "Its run is over and its artifact and checks are judged. No agent works.",
    gated: "Its artifact is accepted by its hash, and a gate has still to open: approval or CI.",
    completed: "Its artifact, checks and gate are settled; later phases build on them.",
    failed: "Its attempts are used up, or a person said no. The task says what follows.",
    skipped: "Its condition did not hold; no agent was run for it.",
  },
  moves: phaseTable,
});
export type PhaseStatus = StatusOf<typeof phaseTable>;
export type PhaseMove = Fired<typeof phaseTable, typeof phaseLater>;

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
  // An agent's word is never waited for.
  begins: ["pending", "approved", "rejected"],
  final: ["approved", "rejected", "aborted", "expired", "superseded"],
  timed: ["expire"],
  meaning: {
    pending: "Somebody was asked about exactly one artifact hash, and has not answered.",
    approved: "The first valid answer was yes; who and when is recorded.",
    rejected: "The first valid answer was no, with a reason that goes back to the agent.",
    aborted: "The first valid answer was to give the task up.",
    expired: "Nobody answered in time. That is no rejection.",
    superseded: "The artifact changed, so the question was about something that is no more.",
  },
  moves: approvalTable,
});
export type ApprovalStatus = StatusOf<typeof approvalTable>;
export type ApprovalMove = keyof typeof approvalTable;

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
  meaning: {
    open: "An agent waits for a person's words; its process is gone meanwhile.",
    answered: "The first valid answer is recorded and goes to the agent.",
    withdrawn: "The agent or its task needs no answer any more.",
    expired: "Nobody answered in time; the question's own rule says what follows.",
  },
  moves: questionTable,
});
export type QuestionStatus = StatusOf<typeof questionTable>;
export type QuestionMove = keyof typeof questionTable;
