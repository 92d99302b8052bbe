/**
 * What an event, or a call to the outside, is about. Most are about a task; a notice that a schedule has closed, that
 * an account is broken, or that the disk is full has no task, and has a history all the same.
 */

export const SUBJECT_KINDS = ["task", "project", "schedule", "account", "source", "daemon"] as const;
type SubjectKind = (typeof SUBJECT_KINDS)[number];

export interface Subject {
  readonly kind: SubjectKind;
  /** A task's key, a name of the configuration, or, of a daemon, the name of its machine. */
  readonly name: string;
}

/** All but tasks, whose histories are written by decisions alone. */
export interface NoticeSubject extends Subject {
  readonly kind: Exclude<SubjectKind, "task">;
}

export function aboutTask(key: string): Subject {
  return { kind: "task", name: key };
}
