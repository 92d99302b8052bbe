/**
 * Calls to the outside world: written with what causes them, made afterwards (DESIGN §1). One kind of them are
 * notices: what wants a person, in words. Pure.
 *
 * O1. Whoever decides or finds out that a person is wanted does not know who is told, or where: a notice is a call to
 *     {@link NOTICE_TARGET}, and the outbox loop makes of it a call per channel of the configuration in force then.
 * O2. It is given once: in the transaction of the change that it tells of, or as an event with a key.
 */

import { REASON_CHARS_MAX, TITLE_CHARS_MAX } from "./limits.ts";
import type { OutboxStatus } from "./states.ts";
import type { Subject } from "./subject.ts";

/** A call to the outside world, committed with the change that causes it and made afterwards. */
export interface NewCall {
  /** Who makes it: `notice`, the name of a channel, … */
  readonly target: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface OutboxCall extends NewCall {
  readonly id: number;
  readonly subject: Subject;
  readonly status: OutboxStatus;
  /** Tries that were begun; a daemon that dies within one has counted it. */
  readonly tries: number;
  /** When the last try began (ms) of which nobody knows whether it arrived; `null` when there is none. */
  readonly begunAt: number | null;
  readonly dueAt: number;
  readonly error: string | null;
  readonly createdAt: number;
  /** From when its patience is counted (ms): since it was made, or since a person has asked for it again. */
  readonly owedSince: number;
  readonly finishedAt: number | null;
}

/** Who is meant by "a person": no channel in particular. */
export const NOTICE_TARGET = "notice";

const kinds = {
  "task.failed": "a task has failed, and nothing tries it again",
  "task.stuck": "a task is not finished, and nothing of it goes on",
  "approval.asked": "a phase waits for somebody to say whether it is good",
  "merge.waits": "a pull request waits for people before it can be merged: for a review, or an open thread",
  "question.asked": "an agent has asked a person something, and its task waits for the answer",
  "work.kept": "work could not be published, and is kept",
  "work.expiring": "work that is kept will go soon",
  "account.closed": "an account or an agent profile does not work",
  "project.closed": "a project, or all of them, is closed until a person opens it",
  "workflow.refused": "what a repository says of how its tasks go cannot be used",
  "project.frozen": "a repository takes no new work until a person says so",
  "window.closed": "a schedule was closed because runs crashed in its window",
  "host.trouble": "this machine cannot start agents",
  "loop.stopped": "robots, or too many, asked for something again and again",
  "outbox.dead": "calls to the outside were given up",
} as const;

export type NoticeKind = keyof typeof kinds;

/** With what each is about, for the documentation; a kind is a line here, and whoever gives the notice. */
export const NOTICES: Readonly<Record<NoticeKind, string>> = kinds;

export interface Notice {
  readonly kind: NoticeKind;
  /** The project that it is about; `null` where it concerns all of them. */
  readonly project: string | null;
  /** One sentence without a full stop, which says what has happened to whom. */
  readonly message: string;
  /** Of the task, as somebody outside has written it. */
  readonly title?: string;
  readonly reason: string | null;
  /** What a person can do. */
  readonly remedy: string | null;
  /** A target that is not told: it is what the notice is about. */
  readonly except?: string;
}

/** The call that tells of it; its texts are as long as a person reads. */
export function noticeCall({ kind, project, message, title, reason, remedy, except }: Notice): NewCall {
  const fit = (text: string | null): string | null =>
    text === null ? null : text.slice(0, REASON_CHARS_MAX).toWellFormed();
  return {
    target: NOTICE_TARGET,
    kind,
    payload: {
      project,
      message: fit(message),
      ...(title !== undefined && { title: title.slice(0, TITLE_CHARS_MAX).toWellFormed() }),
      reason: fit(reason),
      remedy: fit(remedy),
      ...(except !== undefined && { except }),
    },
  };
}
