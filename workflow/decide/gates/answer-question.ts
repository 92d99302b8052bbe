/**
 * `answer_question` and `expire_question`: a person answers what an agent has asked, or nobody does in time. Part of
 * `decide`, and as pure.
 */

import { type Asked, isSaidBefore, type TaskTarget } from "../../intent.ts";
import type { JobChange } from "../../job.ts";
import { readAnswers } from "../../phases/answers.ts";
import {
  type Answer,
  checkAnswers,
  isOpenQuestion,
  type Question,
  tellAnswer,
  tellTroubles,
  titleOf,
  withoutSecrets,
} from "../../phases/question.ts";
import { phaseMoves, questionMoves } from "../../phases/states.ts";
import { jobMoves, taskMoves } from "../../states.ts";
import type { Task, TaskChange } from "../../task.ts";
import { UNCHANGED } from "../change.ts";
import type { Decision, IntentKind, Snapshot } from "../decision.ts";
import { failTask } from "../finish-phase.ts";
import { standing } from "../flow.ts";
import { aboutTask, asked, ignore, refuse } from "../parts.ts";

export interface AnswerQuestion extends Asked {
  readonly kind: "answer_question";
  readonly target: TaskTarget;
  /** Which one; `null` for the one that is open. */
  readonly question: number | null;
  /** By field, as they were given. In place of a secret stands `SECRET_SHOWN`. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** Names the file of the secrets. */
  readonly secrets: string | null;
  /** In place of answers: what somebody has said where people talk, to be read by the form. */
  readonly said?: string;
  /** When it was said (ms): what was asked later is not answered by it. */
  readonly saidAt?: number | null;
}

export interface ExpireQuestion {
  readonly kind: "expire_question";
  readonly task: string;
  readonly question: number;
}

export const answerQuestion: IntentKind<AnswerQuestion> = { about: aboutTask, decide: answer };

export const expireQuestion: IntentKind<ExpireQuestion> = {
  about: ({ task }) => ({ target: { key: task }, key: null, run: null }),
  decide: expire,
};

function answer(snapshot: Snapshot, intent: AnswerQuestion): Decision {
  const { task, question } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  if (question === null) return refuse(`${task.key} has asked nothing`);
  if (intent.question !== null && intent.question !== question.id)
    return refuse(
      `question ${intent.question} is not the newest of ${task.key}: chargehand questions ${task.key}`,
    );
  if (!isOpenQuestion(question)) return refuse(tellResult(task, question));
  if (isSaidBefore(question.askedAt, intent.saidAt))
    return refuse(`${task.key} asks something else now than when that was said: look again`);
  const given = givenBy(question, intent);
  if ("refusal" in given) return refuse(given.refusal);
  const checked = checkAnswers(question.form, given.answers);
  if (checked.kind === "invalid") return refuse(`nothing was answered: ${tellTroubles(checked.troubles)}`);
  const { by, secrets } = intent;
  const answers = withoutSecrets(question.form, checked.answers);
  const data = asked(intent, { phase: question.phase, question: titleOf(question.form) });
  return {
    ...UNCHANGED,
    base: task,
    task: onTheWay(task),
    questions: [{ change: "answer", id: question.id, answers, by, secrets }],
    jobs: release(snapshot),
    events: [{ kind: "question.answered", key: intent.key, data }],
  };
}

type Given = { readonly answers: AnswerQuestion["answers"] } | { readonly refusal: string };

function givenBy({ form, task: key }: Question, { said, answers }: AnswerQuestion): Given {
  if (said === undefined) return { answers };
  const read = readAnswers(form, said);
  switch (read.kind) {
    case "answers":
      return { answers: read.answers };
    case "wrong":
      return { refusal: `nothing was answered: ${read.reason}` };
    default:
      return {
        refusal: `${key} asks for a secret, which must not be written where others read it: answer it in a terminal (chargehand answer ${key}), or over the API`,
      };
  }
}

/** A paused task stays paused, and has its answer. */
function onTheWay({ status }: Task): TaskChange {
  return taskMoves.can("unblock", status) ? { change: "unblock", reason: null } : { change: "keep" };
}

/** What else its job waits for stays. */
function release({ jobs }: Snapshot): readonly JobChange[] {
  return jobs
    .filter(({ holds }) => holds.some(({ kind }) => kind === "question"))
    .map(({ id, fence }) => ({ change: "release", id, fence, kind: "question" }));
}

/** What whoever comes late is told. */
function tellResult({ key }: Task, { form, status, answers, answeredBy }: Question): string {
  const by = answeredBy === null ? "" : ` by ${answeredBy}`;
  const told = Object.entries(answers ?? {}).map(([name, one]) => `${name} = ${inShort(one)}`);
  return `what ${key} asked (${titleOf(form)}) was ${status}${by} already${told.length === 0 ? "" : `: ${told.join(", ")}`}`;
}

const SHORT_CHARS = 80;

function inShort(answer: Answer): string {
  const told = tellAnswer(answer);
  return told.length > SHORT_CHARS ? `${told.slice(0, SHORT_CHARS - 1)}…` : told;
}

function expire(snapshot: Snapshot, { question: id }: ExpireQuestion): Decision {
  const { task, question, now } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (question === null || question.id !== id) return ignore(`${task.key} does not ask that any more`);
  if (!questionMoves.can("expire", question.status)) return ignore(tellResult(task, question));
  if (question.until === null || question.until > now)
    return ignore(`${task.key} may be answered for longer`);
  // A paused task waits with everything.
  if (!taskMoves.can("unblock", task.status)) return ignore(`${task.key} is ${task.status}`);
  const { phase, form } = question;
  const reason = `nobody has answered in time what phase ${phase} asked: ${titleOf(form)}`;
  const expired = {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    questions: [{ change: "expire", id }],
    events: [
      { kind: "question.expired", data: { phase, question: titleOf(form), on_expire: form.onExpire } },
    ],
  } as const;
  if (form.onExpire === "continue")
    return { ...expired, task: { change: "unblock", reason: null }, jobs: release(snapshot) };
  const current = standing(snapshot.phases);
  const isOpen = current !== null && phaseMoves.can("fail", current.status);
  const jobs = snapshot.jobs
    .filter(({ status }) => jobMoves.can("fail", status))
    .map(({ id: job, fence }) => ({ change: "fail", id: job, fence, reason }) as const);
  const phases = isOpen ? ([{ change: "fail", seq: current.seq }] as const) : [];
  return failTask({ ...expired, jobs, phases }, task, reason);
}
