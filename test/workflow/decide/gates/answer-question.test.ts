/** An agent asks, a person answers, or nobody does: what follows for the task, its job, and whoever comes late. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decision } from "../../../../workflow/decide/decision.ts";
import type { AnswerQuestion } from "../../../../workflow/decide/gates/answer-question.ts";
import { QUESTIONS_MAX } from "../../../../workflow/limits.ts";
import type { AskedForm } from "../../../../workflow/phases/question.ts";
import { asks } from "../../questions.ts";
import { begin, claim, put, type World } from "../applied.ts";
import { change, failed, finished } from "../intents.ts";
import { PIPELINE, phase, starting } from "../phases.ts";
import { FACTS } from "../snapshot.ts";

const ONE = { ...PIPELINE, phases: [phase("work", { attempts: 1 })] } as const;

/** The next run ends because its agent asks. */
function ask(world: World, asked: AskedForm = asks(), session: string | null = "s1"): Decision {
  const job = claim(world) ?? assert.fail("nothing was to be had");
  const found = { branch: null, commit: null, summary: null, session };
  const outcome = { status: "succeeded", ...found, asks: asked } as const;
  return put(world, { ...finished(outcome), job: job.id, fence: job.fence, run: `r${job.fence}` });
}

function answer(more: Partial<AnswerQuestion> = {}): AnswerQuestion {
  const asked = {
    project: "shop",
    key: "answer",
    because: "asked",
    by: { kind: "cli", name: "bob" },
  } as const;
  const about = { target: { key: "SHOP-12" }, question: null, secrets: null } as const;
  return { kind: "answer_question", ...asked, ...about, answers: { size: "small" }, ...more };
}

const BY = { kind: "cli", name: "op" } as const;
const ASKED = { by: BY, because: "asked", target: { key: "SHOP-12" }, project: "shop" } as const;

function stand({ snapshot: { task, jobs, question, phases } }: World): readonly unknown[] {
  const job = jobs.at(-1);
  const holds = job?.holds.map(({ kind }) => kind);
  return [task?.status, job?.status, holds, question?.status, phases.at(-1)?.status];
}

test("B3, I9: a run that asks costs nothing; its task waits for a person, and the job goes on with the answer", () => {
  const world = begin(ONE, starting(ONE));
  for (const round of [1, 2, 3]) {
    const asked = change(ask(world, asks({}, `hash ${round}`)));
    assert.deepEqual(stand(world), ["blocked", "held", ["question"], "open", "running"]);
    const [told] = asked.outbox;
    assert.deepEqual([told?.kind, asked.outbox.length], ["question.asked", 1]);
    assert.match(String(told?.payload["remedy"]), /chargehand answer SHOP-12 NAME=VALUE$/);
    const [retry] = asked.jobs;
    assert.ok(retry?.change === "retry");
    assert.deepEqual(retry.session, { id: "s1", agent: "developer", account: "claude" });
    assert.equal(claim(world), null, "nothing is claimable while somebody is asked");
    put(world, answer({ key: `answer ${round}` }));
    assert.deepEqual(stand(world), ["active", "queued", [], "answered", "running"]);
  }
  assert.equal(world.snapshot.jobs[0]?.attempts, 0);
  assert.deepEqual(
    world.history.filter((kind) => kind.startsWith("question")),
    [
      ...["question.asked", "question.answered", "question.asked", "question.answered"],
      ...["question.asked", "question.answered"],
    ],
  );
});

test("B3: the first valid answer wins; an invalid one says all that is wrong, and a late one is told the result", () => {
  const world = begin(ONE, starting(ONE));
  const refusal = (intent: AnswerQuestion): string => {
    const decision = put(world, intent);
    return decision.kind === "refuse" ? decision.reason : assert.fail(decision.kind);
  };
  assert.equal(refusal(answer()), "SHOP-12 has asked nothing");
  ask(world);
  assert.equal(
    refusal(answer({ answers: { size: "huge", a: 1 } })),
    "nothing was answered: a there is no such field; there are size, token; size must be one of small, large",
  );
  assert.match(refusal(answer({ question: 9 })), /^question 9 is not the newest of SHOP-12/);
  const given = change(
    put(world, answer({ question: 1, answers: { size: "large", token: "hunter2" }, secrets: "t" })),
  );
  assert.ok(!JSON.stringify(given).includes("hunter2"), "I12: no secret is part of a change");
  assert.equal(
    refusal(answer({ key: "later", by: { kind: "api", name: "eve" } })),
    "what SHOP-12 asked (How to go on) was answered by bob already: size = large, token = (secret)",
  );
});

test("B3, I7: what was answered is not asked again: the next run is told, and asking for ever ends", () => {
  const world = begin(ONE, starting(ONE));
  ask(world);
  put(world, answer());
  const again = change(ask(world));
  assert.deepEqual(again.questions, []);
  assert.deepEqual(stand(world), ["active", "queued", [], "answered", "running"]);
  assert.match(
    world.snapshot.phases[0]?.trouble ?? "",
    /asked before in the same words; the answers stand under Answers/,
  );
  ask(world);
  assert.equal(world.snapshot.task?.status, "failed");
});

test("I12: a secret that went with the end of its task is asked for again, and within its phase it is not", () => {
  const world = begin(ONE, starting(ONE));
  ask(world);
  put(world, answer({ answers: { size: "small", token: "x" }, secrets: "t" }));
  assert.deepEqual(change(ask(world)).questions, []);
  put(world, { kind: "cancel_task", ...ASKED, key: "c", reason: "enough" });
  put(world, { kind: "retry_task", ...ASKED, key: "r" });
  ask(world);
  assert.deepEqual(stand(world), ["blocked", "held", ["question"], "open", "running"]);
});

test("I7: a task does not ask without end", () => {
  const world = begin(ONE, starting(ONE));
  for (let round = 0; round < QUESTIONS_MAX; round++) {
    ask(world, asks({}, `hash ${round}`));
    put(world, answer({ key: `answer ${round}` }));
  }
  ask(world, asks({}, "one more"));
  assert.match(world.snapshot.phases[0]?.trouble ?? "", /asked more than 50 questions; go on without asking/);
  assert.equal(world.snapshot.task?.status, "active");
});

test("B3: what nobody answers in time ends as the form says, and not before", () => {
  for (const onExpire of ["fail", "continue"] as const) {
    const world = begin(ONE, starting(ONE));
    ask(world, asks({ expiresMs: 60_000, onExpire }));
    const expire = { kind: "expire_question", task: "SHOP-12", question: 1 } as const;
    assert.equal(put(world, { ...expire, question: 2 }).kind, "ignore");
    assert.equal(put(world, expire).kind, "ignore", "it may be answered for longer");
    world.snapshot = { ...world.snapshot, now: world.snapshot.now + 60_000 };
    const expired = change(put(world, expire));
    assert.deepEqual(
      stand(world),
      onExpire === "fail"
        ? ["failed", "failed", [], "expired", "failed"]
        : ["active", "queued", [], "expired", "running"],
    );
    assert.equal(expired.outbox.length, onExpire === "fail" ? 1 : 0);
    assert.equal(put(world, answer()).kind, "refuse");
    assert.equal(put(world, expire).kind, "ignore");
  }
});

test("I7: cancelled or started again, a task asks nothing any more, and has no job but its own", () => {
  for (const end of ["cancel_task", "retry_task"] as const) {
    const world = begin(ONE, starting(ONE));
    ask(world);
    put(
      world,
      end === "cancel_task"
        ? { kind: end, ...ASKED, key: "k", reason: "enough" }
        : { kind: end, ...ASKED, key: "k" },
    );
    assert.equal(world.snapshot.question?.status, "withdrawn");
    assert.deepEqual(
      world.snapshot.jobs.map(({ status }) => status),
      end === "cancel_task" ? ["cancelled"] : ["cancelled", "queued"],
    );
    assert.equal(put(world, answer()).kind, "refuse");
  }
});

test("I7: a task that was paused while its agent asked waits for both, in either order", () => {
  for (const first of ["resume", "answer"] as const) {
    const world = begin(ONE, starting(ONE));
    const job = claim(world) ?? assert.fail();
    put(world, { kind: "pause_task", ...ASKED, key: "p", why: null, until: null });
    const found = { branch: null, commit: null, summary: null, session: "s1" };
    const outcome = { status: "succeeded", ...found, asks: asks({ expiresMs: 1 }) } as const;
    put(world, { ...finished(outcome), job: job.id, fence: job.fence, run: "r1" });
    assert.deepEqual(stand(world), ["paused", "held", ["question", "pause"], "open", "running"]);
    world.snapshot = { ...world.snapshot, now: 99_999 };
    assert.equal(put(world, { kind: "expire_question", task: "SHOP-12", question: 1 }).kind, "ignore");
    const resume = { kind: "resume_task", ...ASKED, key: "q", onlyDue: false } as const;
    if (first === "answer") {
      put(world, answer());
      assert.deepEqual(stand(world), ["paused", "held", ["pause"], "answered", "running"]);
      put(world, resume);
    } else {
      put(world, resume);
      assert.deepEqual(stand(world), ["blocked", "held", ["question"], "open", "running"]);
      put(world, answer());
    }
    assert.deepEqual(stand(world), ["active", "queued", [], "answered", "running"]);
  }
});

test("I9: what people said is not lost on a run that asked: it is told again; a run that failed asks nothing", () => {
  const world = begin(ONE, starting(ONE));
  put(world, { kind: "say", ...ASKED, key: "s", text: "use tabs", facts: FACTS });
  assert.equal(change(ask(world, asks(), null)).heard, null);
  put(world, answer());
  assert.equal(change(ask(world, asks({ reason: "one more" }, "other"))).heard, null);
  const other = begin(ONE, starting(ONE));
  const job = claim(other) ?? assert.fail();
  put(other, { ...finished(failed("crashed")), job: job.id, fence: job.fence });
  assert.equal(other.snapshot.question, null);
});
