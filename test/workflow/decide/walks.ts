/**
 * Random workflows, and random things that happen to a task in them, in random order; what has to be true of the task
 * after each. The steps are decided by the real `decide`, and applied by the machines (`applied.ts`).
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Intent } from "../../../workflow/decide/decide.ts";
import { isMerging } from "../../../workflow/decide/flow.ts";
import type { MergeOutcome } from "../../../workflow/decide/gates/merge-ended.ts";
import type { PullChanged } from "../../../workflow/decide/pulls/pull-changed.ts";
import type { PullReviewed } from "../../../workflow/decide/pulls/pull-reviewed.ts";
import { explain } from "../../../workflow/explain/explain.ts";
import type { Job } from "../../../workflow/job.ts";
import { type CheckStatus, ciMoves } from "../../../workflow/phases/ci.ts";
import type { Merge } from "../../../workflow/phases/merge.ts";
import { isOpenQuestion } from "../../../workflow/phases/question.ts";
import { approvalMoves, phaseMoves } from "../../../workflow/phases/states.ts";
import type { RunOutcome } from "../../../workflow/run.ts";
import { jobMoves, taskMoves } from "../../../workflow/states.ts";
import type {
  ApprovalGate,
  CiGate,
  Gate,
  Route,
  Workflow,
  WorkflowPhase,
} from "../../../workflow/workflow.ts";
import { asks } from "../questions.ts";
import { begin, claim, put, releaseAll, replay, type World } from "./applied.ts";
import { failed, finished } from "./intents.ts";
import { APPROVAL, answer, artifact, CI, phase, reporting, starting } from "./phases.ts";
import { changed, reviewed, row } from "./pulls/pulls.ts";
import { FACTS } from "./snapshot.ts";

const VERDICTS = ["good", "bad", "ugly"] as const;
const COMMITS = ["c1", "c2", "c3"] as const;
/** Tasks that the task may need. */
const OTHERS = ["MILL-1", "MILL-2"] as const;
/** Longer than any grace, and shorter than any patience. */
const TICK_MS = 3_000;

/** Any workflow that the reader of files would let through: what it goes back to has a limit. */
export const anyWorkflow: fc.Arbitrary<Workflow> = fc
  .array(
    fc.record({
      gate: fc.constantFrom("none", "retry", "fail", "ci", "all_of", "any_of"),
      merges: fc.constantFrom(false, false, false, true),
      noChecks: fc.constantFrom("pass", "fail", "wait"),
      required: fc.constantFrom([], ["test"], ["test", "lint"]),
      count: fc.integer({ min: 1, max: 2 }),
      cyclesMax: fc.integer({ min: 1, max: 3 }),
      attempts: fc.option(fc.integer({ min: 1, max: 3 })),
      session: fc.constantFrom("fresh", "continue"),
      when: fc.option(fc.tuple(fc.nat(5), fc.constantFrom(...VERDICTS))),
      routes: fc.dictionary(fc.constantFrom(...VERDICTS), fc.nat(10)),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((rows) => {
    const phases = rows.map((row, index): WorkflowPhase => {
      const { merges, gate, noChecks, required, count, cyclesMax, attempts, session, when, routes } = row;
      const earlier =
        when === null || index === 0 ? null : { phase: `p${when[0] % index}`, verdicts: [when[1]] };
      return phase(`p${index}`, {
        ...{ cyclesMax, attempts, session: { kind: session }, when: earlier, role: `r${index % 2}` },
        ...(merges && index > 0
          ? { merge: { as: "fast_forward" }, gate: { kind: "none" } }
          : { gate: gateOf(gate, { ...APPROVAL, count }, { ...CI, noChecks, required }) }),
        routes: {
          conflict: routeTo(noChecks === "fail" ? 9 : index, rows.length),
          ...Object.fromEntries(
            Object.entries(routes).map(([verdict, to]) => [verdict, routeTo(to, rows.length)]),
          ),
        },
      });
    });
    const [first, ...rest] = phases;
    return { name: "random", description: "", phases: [first ?? phase("p0"), ...rest] };
  });

function gateOf(
  kind: "none" | "retry" | "fail" | "ci" | "all_of" | "any_of",
  approval: ApprovalGate,
  ci: CiGate,
): Gate {
  if (kind === "none") return { kind };
  if (kind === "ci") return ci;
  return kind === "retry" || kind === "fail" ? { ...approval, onReject: kind } : { kind, approval, ci };
}

function routeTo(to: number, count: number): Route {
  if (to === 10) return { to: "freeze" };
  if (to === 9) return { to: "fail" };
  if (to === 8) return { to: "done" };
  if (to === 7) return { to: "next" };
  return { to: "phase", phase: `p${to % count}` };
}

type Happening =
  | { readonly kind: "succeeds"; readonly verdict: string | null; readonly commit: string | null }
  | {
      readonly kind: "reports";
      readonly commit: string | null;
      readonly checks: Readonly<Record<string, CheckStatus>>;
    }
  | { readonly kind: "fails"; readonly failure: "artifact" | "check" | "agent_error" | "crashed" | "refused" }
  | { readonly kind: "answer"; readonly said: "approve" | "reject" | "abort"; readonly by: string }
  | { readonly kind: "asks"; readonly form: number; readonly onExpire: "fail" | "continue" }
  | { readonly kind: "answers"; readonly size: "small" | "huge" }
  /** A task begins again with a phase that somebody names; there may be no such phase. */
  | { readonly kind: "retries from"; readonly phase: number }
  /** What the task needs, and how that ends, or goes on again. */
  | { readonly kind: "needs" | "drops"; readonly other: string }
  | { readonly kind: "ends"; readonly other: string; readonly status: "done" | "failed" | "active" }
  | {
      readonly kind:
        | "starts"
        | "pause"
        | "resume"
        | "cancel"
        | "retry"
        | "say"
        | "release"
        | "expire"
        | "silence";
    }
  | { readonly kind: "merges"; readonly outcome: MergeOutcome }
  /** What people do to its pull request, and say of it. */
  | { readonly kind: "pulls"; readonly what: PullChanged["what"]; readonly commit: string }
  | {
      readonly kind: "reviews";
      readonly said: PullReviewed["said"];
      readonly commit: string | null;
      readonly text: string;
    };

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("succeeds"),
      verdict: fc.option(fc.constantFrom(...VERDICTS)),
      commit: fc.option(fc.constantFrom(...COMMITS)),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("reports"),
      commit: fc.option(fc.constantFrom(...COMMITS)),
      checks: fc.dictionary(
        fc.constantFrom("test", "lint", "docs"),
        fc.constantFrom("success", "success", "success", "pending", "failure", "neutral", "skipped"),
        { minKeys: 1 },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("fails"),
      failure: fc.constantFrom("artifact", "check", "agent_error", "crashed", "refused"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("asks"),
      form: fc.nat(2),
      onExpire: fc.constantFrom("fail", "continue"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("answers"), size: fc.constantFrom("small", "small", "huge") }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("retries from"), phase: fc.nat(6) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("needs", "drops"), other: fc.constantFrom(...OTHERS) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("ends"),
      other: fc.constantFrom(...OTHERS),
      status: fc.constantFrom("done", "done", "done", "failed", "active"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("merges"),
      outcome: fc.constantFrom<MergeOutcome>(
        { kind: "merged", base: "main", commit: "c9" },
        { kind: "conflict", base: "main", commit: "c8", paths: ["a", "b"] },
        { kind: "nothing" },
        { kind: "failed", reason: "the remote refused it" },
        { kind: "moved", branch: "b", commit: "c7" },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("pulls"),
      what: fc.constantFrom("opened", "opened", "reopened", "closed", "merged", "pushed"),
      commit: fc.constantFrom(...COMMITS),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("reviews"),
      said: fc.constantFrom("approved", "approved", "changes_requested", "commented", "dismissed"),
      commit: fc.option(fc.constantFrom(...COMMITS)),
      text: fc.constantFrom("", "not so"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("answer"),
      said: fc.constantFrom("approve", "approve", "approve", "reject", "abort"),
      by: fc.constantFrom("bob", "carol", "dave"),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...([
          "starts",
          "starts",
          "starts",
          "starts",
          "pause",
          "pause",
          "pause",
          "resume",
          "resume",
          "resume",
        ] as const),
        ...(["cancel", "retry", "retry", "say", "release", "release", "expire", "silence"] as const),
      ),
    }),
  },
);

/** Long enough for a story: left to themselves, lists are short. */
export const manyHappenings: fc.Arbitrary<Happening[]> = fc.array(anyHappening, {
  ...{ minLength: 10, maxLength: 60, size: "max" },
});

/** @param needs what it needs when it begins */
export function walkThrough(
  workflow: Workflow,
  happenings: readonly Happening[],
  needs: readonly string[] = [],
): World {
  const start = { ...starting(workflow), needs };
  const world = begin(workflow, start);
  check(world, workflow);
  for (const [index, happening] of happenings.entries()) {
    happen(world, happening, index);
    check(world, workflow);
  }
  const { log: _log, ...again } = replay(workflow, start, world.log);
  const { log, ...first } = world;
  // Time goes on without an intent, too.
  again.snapshot = { ...again.snapshot, now: first.snapshot.now };
  assert.deepEqual(again, first, `the same ${log.length} steps give another task`);
  return world;
}

function happen(world: World, happening: Happening, index: number): void {
  const asked = {
    by: { kind: "cli", name: "op" },
    because: "asked",
    target: { key: "SHOP-12" },
    project: "shop",
  } as const;
  const key = `k${index}`;
  const simple: Readonly<Record<string, Intent>> = {
    pause: { kind: "pause_task", ...asked, key, why: null, until: null },
    resume: { kind: "resume_task", ...asked, key, onlyDue: false },
    cancel: { kind: "cancel_task", ...asked, key, reason: "enough" },
    retry: { kind: "retry_task", ...asked, key },
    say: { kind: "say", ...asked, key, text: `word ${index}`, facts: FACTS },
    silence: { kind: "expire_ci", task: "SHOP-12", seq: world.snapshot.ci?.seq ?? 0 },
  };
  world.snapshot = {
    ...world.snapshot,
    now: world.snapshot.now + (happening.kind === "silence" ? TICK_MS : 1),
  };
  switch (happening.kind) {
    case "succeeds": {
      const { commit } = happening;
      const found = { branch: null, commit, summary: null, session: `s${index}` };
      const left = happening.verdict === null ? null : artifact(happening.verdict);
      end(world, { status: "succeeded", ...found, artifact: left });
      return;
    }
    case "reports":
      put(world, reporting(happening.checks, { key, commit: happening.commit }));
      return;
    case "fails":
      end(world, failed(happening.failure));
      return;
    case "answer":
      put(world, answer(happening.said, { key, by: { kind: "cli", name: happening.by } }));
      return;
    case "asks": {
      const found = { branch: null, commit: null, summary: null, session: `s${index}` };
      const form = asks({ expiresMs: 1, onExpire: happening.onExpire }, `hash ${happening.form}`);
      end(world, { status: "succeeded", ...found, asks: form });
      return;
    }
    case "pulls": {
      const { what, commit } = happening;
      const { pull } = changed(what);
      const seen = { ...row(), commit };
      if (what === "opened") put(world, { kind: "pull_told", task: "SHOP-12", pull: seen });
      else put(world, changed(what, { key, pull: { ...pull, commit } }));
      return;
    }
    case "reviews": {
      const { said, commit, text } = happening;
      put(world, reviewed(said, { key, commit, text }));
      return;
    }
    case "answers": {
      const answers = { size: happening.size };
      put(world, { kind: "answer_question", ...asked, key, question: null, secrets: null, answers });
      return;
    }
    case "retries from": {
      put(world, { kind: "retry_task", ...asked, key, from: `p${happening.phase}` });
      return;
    }
    case "needs":
    case "drops": {
      const [add, drop] = happening.kind === "needs" ? [[happening.other], []] : [[], [happening.other]];
      put(world, { kind: "depend_task", ...asked, key, add, drop });
      return;
    }
    case "ends": {
      // What is done stays done.
      if (world.others[happening.other] === "done") return;
      const ended = [{ key: happening.other, status: happening.status }];
      put(world, { kind: "reconsider_task", task: "SHOP-12", ended });
      return;
    }
    case "merges": {
      const { outcome } = happening;
      put(world, {
        kind: "merge_ended",
        task: "SHOP-12",
        seq: world.snapshot.phases.at(-1)?.seq ?? 0,
        outcome,
      });
      return;
    }
    case "starts":
      started(world);
      return;
    case "release":
      releaseAll(world);
      return;
    case "expire":
      world.snapshot = { ...world.snapshot, now: world.snapshot.now + 1 };
      put(world, { kind: "expire_gate", task: "SHOP-12", approval: world.snapshot.approval?.id ?? 0 });
      put(world, { kind: "expire_question", task: "SHOP-12", question: world.snapshot.question?.id ?? 0 });
      return;
    default: {
      const intent = simple[happening.kind];
      if (intent !== undefined) put(world, intent);
    }
  }
}

function end(world: World, outcome: RunOutcome): void {
  const job = started(world);
  if (job === null) return;
  put(world, { ...finished(outcome), job: job.id, fence: job.fence, run: `r${job.id}.${job.fence}` });
}

/** The job whose run is at work, or that of one which begins. */
function started(world: World): Job | null {
  return world.snapshot.jobs.find(({ status }) => status === "running") ?? claim(world);
}

/** Why it is not running: of every task that is reached there is a cause, and none of them is a defect. */
function checkExplained(world: World): void {
  const { task, jobs, approval, ci, checks, question } = world.snapshot;
  if (task === null) return;
  const around = {
    live: [],
    kept: [],
    lastRunAt: null,
    routes: [],
    accounts: [],
    wide: [],
    refusal: null,
    freeze: null,
  };
  const asked = { approval, ci, checks, question, merge: mergeOf(world) };
  const causes = explain({ ...around, ...asked, task, jobs, ahead: { count: 0, more: false } });
  assert.ok(causes.length > 0, `I7: nothing explains why ${task.key} is ${task.status}`);
  for (const { reason } of causes) assert.doesNotMatch(reason, /^$|defect/);
}

/** As a row says it. */
function mergeOf({ snapshot: { workflow, phases } }: World): Merge | null {
  if (!isMerging({ workflow, phases })) return null;
  const { task, seq, phase: key } = phases.at(-1) ?? assert.fail();
  const begun = {
    status: "pending",
    tries: 0,
    waitsFor: null,
    askedAt: 1,
    dueAt: 1,
    reason: null,
    finishedAt: null,
  } as const;
  return { task, seq, phase: key, ...begun };
}

function check(world: World, workflow: Workflow): void {
  const { task, jobs, phases, approval, ci, question } = world.snapshot;
  checkExplained(world);
  const live = jobs.filter(({ status }) => jobMoves.live.includes(status));
  const open = phases.filter(({ status }) => phaseMoves.live.includes(status));
  const isAsked = approval !== null && approvalMoves.live.includes(approval.status);
  const isAwaited = ci !== null && ciMoves.live.includes(ci.status);
  const waits = isOpenQuestion(question);
  const merges = mergeOf(world) !== null;
  const holds = live[0]?.holds.map(({ kind }) => kind) ?? [];
  checkBetween(world, workflow);
  assert.equal(
    waits,
    holds.includes("question"),
    "a question is open exactly while a job waits for its answer",
  );
  assert.ok(task !== null && live.length <= 1 && open.length <= 1);
  for (const row of phases) {
    const limit = workflow.phases.find(({ key }) => key === row.phase)?.cyclesMax ?? 0;
    assert.ok(
      row.pass <= Math.max(limit, passesAhead(phases, row.phase, limit)),
      `${row.phase} was played too often`,
    );
  }
  if (taskMoves.final.includes(task.status)) {
    assert.deepEqual(
      [live.length, open.length, isAsked, isAwaited, waits],
      [0, 0, false, false, false],
      `${task.status} with something open`,
    );
    return;
  }
  assert.equal(open.length, 1, `${task.status} and in no phase`);
  if (merges) assert.deepEqual([live.length, isAsked || isAwaited], [0, false], "what is merged has no job");
  if (isAwaited)
    assert.deepEqual(
      [live.length, ci.seq, open[0]?.status],
      [0, open[0]?.seq, "gated"],
      "it waits for CI of its phase",
    );
  switch (task.status) {
    case "active":
      assert.equal(isAsked, false, "I7: active, and a person is needed");
      if (!isAwaited && !merges)
        assert.equal(live[0]?.phase, open[0]?.phase, "I7: active, and nothing goes on");
      assert.ok(!waits, "I7: active, and waits for an answer");
      return;
    case "blocked":
      assert.ok(isAsked !== waits, "I7: blocked, and nobody is asked");
      assert.deepEqual([live.length, open[0]?.status], waits ? [1, "running"] : [0, "gated"]);
      assert.equal(waits ? question.seq : approval?.seq, open[0]?.seq);
      return;
    case "waiting":
      assert.equal(live.length, 1, "I7: it waits, and nothing would begin");
      return;
    default:
      assert.ok(
        (isAsked || isAwaited || merges) !== (live.length === 1),
        "I7: paused, and neither a job nor an answer would go on",
      );
      if (live[0] !== undefined && live[0].status !== "running")
        assert.ok(live[0].holds.some(({ kind }) => kind === "pause"));
  }
}

/** Whoever needs others has not begun before they are done, and each verdict that freezes has frozen once. */
function checkBetween(
  { snapshot: { task, jobs, phases, between }, freezes }: World,
  workflow: Workflow,
): void {
  const job = jobs.find(({ status }) => jobMoves.live.includes(status));
  const isKept = job?.holds.some(({ kind }) => kind === "dependency") === true;
  const areDone = between.needs.every(({ status }) => status === "done");
  if (isKept) assert.ok(!areDone, "it waits for what is done");
  if (task?.status === "waiting") assert.ok(isKept, "I7: it waits, and for nothing");
  if (job?.opens === true && job.status === "queued") assert.ok(areDone, "it may begin before what it needs");
  const frozen = phases.filter(({ phase: key, verdict, status }) => {
    const routes = workflow.phases.find((one) => one.key === key)?.routes ?? {};
    return status === "completed" && verdict !== null && routes[verdict]?.to === "freeze";
  });
  assert.deepEqual(
    freezes,
    frozen.map(({ seq }) => `frozen:SHOP-12:${seq}`),
    "a verdict freezes once",
  );
}

/** Going forward through a phase is no going back to it: it may be passed as often as what is before it is played. */
function passesAhead(phases: World["snapshot"]["phases"], key: string, limit: number): number {
  const played = phases.filter(({ phase: name }) => name !== key).map(({ pass }) => pass);
  return Math.max(limit, ...played) + limit;
}
