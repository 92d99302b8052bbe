/**
 * `report_ci` and `expire_ci`: somebody tells what CI has found out about a commit, or nobody does in time. Part of
 * `decide`, and as pure.
 *
 * C1. Only checks of exactly the awaited commit settle anything, and only when all that count have ended.
 * C2. Checks that failed play the phase again, and their names and summaries are its feedback. Silence fails the task:
 *     no agent can do anything about it.
 */

import type { Asked, TaskTarget } from "../../intent.ts";
import { CI_CHECKS_MAX } from "../../limits.ts";
import {
  awaitedCommit,
  ciMoves,
  isOwnMark,
  judgeChecks,
  type ReportedCheck,
  withReported,
} from "../../phases/ci.ts";
import type { Task } from "../../task.ts";
import { type CiGate, partsOf } from "../../workflow.ts";
import { type Change, UNCHANGED } from "../change.ts";
import type { Decision, IntentKind, Snapshot } from "../decision.ts";
import { failTask, refusedByCi } from "../finish-phase.ts";
import { hasten, standing } from "../flow.ts";
import { shortCommit } from "../made.ts";
import { aboutTask, asked, ignore, refuse } from "../parts.ts";
import { type CiRefusal, ciFailed, ciPassed, passedOn, refusalOf } from "./open-gate.ts";
import { gateOf, settlePart } from "./settle-gate.ts";

export interface ReportCi extends Asked {
  readonly kind: "report_ci";
  readonly target: TaskTarget;
  /** The whole name of the commit; `null` for the one that the task waits for, or has published last. */
  readonly commit: string | null;
  readonly checks: readonly ReportedCheck[];
}

export interface ExpireCi {
  readonly kind: "expire_ci";
  readonly task: string;
  /** Number of the phase that waits. */
  readonly seq: number;
}

export const reportCi: IntentKind<ReportCi> = {
  about: (intent) => ({ ...aboutTask(intent), commit: intent.commit }),
  decide: report,
};

export const expireCi: IntentKind<ExpireCi> = {
  about: ({ task }) => ({ target: { key: task }, key: null, run: null, commit: null }),
  decide: expire,
};

function report(snapshot: Snapshot, intent: ReportCi): Decision {
  const { task } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  const commit = intent.commit ?? awaitedCommit(task, snapshot.ci);
  if (commit === null) return refuse(`${task.key} has published no commit yet: say which one is meant`);
  const foreign = intent.checks.filter(({ name }) => !isOwnMark(name));
  if (foreign.length === 0) return ignore("our own marks at a commit are no checks");
  const checks = withReported(snapshot.checks, foreign);
  if (checks.length > CI_CHECKS_MAX)
    return refuse(`commit ${shortCommit(commit)} would have more than ${CI_CHECKS_MAX} checks`);
  const told = foreign.map(({ name, status }) => ({ name, status }));
  const recorded: Change = {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    reported: { commit, checks: foreign },
    events: [{ kind: "ci.reported", key: intent.key, data: asked(intent, { commit, checks: told }) }],
  };
  const waits = waiting(snapshot);
  if (waits === null || waits.commit !== commit) return { ...recorded, merges: hasten(snapshot) };
  const verdict = judgeChecks(checks, waits.gate);
  switch (verdict.said) {
    case "open":
      return { ...recorded, ci: [{ change: "hear", seq: waits.seq }] };
    case "yes":
      return passed(recorded, snapshot, task, waits, passedOn(commit));
    default:
      return failed(recorded, snapshot, task, waits, refusalOf(commit, verdict.failing));
  }
}

interface Waiting {
  readonly seq: number;
  readonly phase: string;
  readonly commit: string | null;
  readonly gate: CiGate;
}

/** What the task waits for of CI; `null` for nothing. */
function waiting(snapshot: Snapshot): Waiting | null {
  const { ci } = snapshot;
  const { ci: gate } = partsOf(gateOf(snapshot) ?? { kind: "none" });
  if (ci === null || gate === null || !ciMoves.live.includes(ci.status)) return null;
  return standing(snapshot.phases)?.seq === ci.seq ? { ...ci, gate } : null;
}

function passed(
  before: Change,
  snapshot: Snapshot,
  task: Task,
  { seq, phase }: Waiting,
  why: string,
): Change {
  const { change, event } = ciPassed(seq, phase, why);
  const told = { ...before, ci: [change], events: [...before.events, event] };
  return settlePart(told, snapshot, task, "ci", "yes", (no) => no);
}

/** C2. */
function failed(
  before: Change,
  snapshot: Snapshot,
  task: Task,
  { seq, phase }: Waiting,
  refusal: CiRefusal,
): Change {
  const { change, event } = ciFailed(seq, phase, refusal);
  const told = { ...before, ci: [change], events: [...before.events, event] };
  const current = standing(snapshot.phases);
  return settlePart(told, snapshot, task, "ci", "no", (no) =>
    current === null ? no : refusedByCi(no, snapshot, task, current, refusal, null),
  );
}

function expire(snapshot: Snapshot, { seq }: ExpireCi): Decision {
  const { task, ci, now, checks } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  const waits = waiting(snapshot);
  if (waits === null || ci === null || waits.seq !== seq)
    return ignore(`${task.key} waits for nothing of CI any more`);
  // A paused task waits with everything.
  if (task.status === "paused") return ignore(`${task.key} is paused`);
  const { phase, gate } = waits;
  const about = `on commit ${shortCommit(waits.commit ?? "")}, for which phase ${phase} waits`;
  const begun: Change = { ...UNCHANGED, base: task, task: { change: "keep" } };
  if (ci.until <= now) {
    const reason = `CI has not said everything in time ${about}`;
    const expired: Change = {
      ...begun,
      ci: [{ change: "expire", seq, reason }],
      events: [{ kind: "ci.expired", data: { phase, commit: waits.commit, reason } }],
    };
    return settlePart(expired, snapshot, task, "ci", "no", (no) => failTask(no, task, reason));
  }
  if (ci.dueAt > now || checks.length > 0) return ignore(`${task.key} may wait for CI for longer`);
  const reason = `no check at all was reported ${about}`;
  return gate.noChecks === "pass"
    ? passed(begun, snapshot, task, waits, `${reason}, which its workflow takes for a yes`)
    : failed(begun, snapshot, task, waits, { reason, told: null });
}
