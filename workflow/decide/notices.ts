/** What decisions tell a person, in the transaction of what they tell of. Pure. */

import type { Kept, NewKept } from "../kept.ts";
import { type NewCall, noticeCall } from "../outbox.ts";
import type { Task } from "../task.ts";

/** Of whom a notice tells. */
type Told = Pick<Task, "key" | "project" | "title">;

export function noticeOfFailure({ key, project, title }: Told, reason: string): NewCall {
  const message = `${key} has failed`;
  const remedy = `see: chargehand explain ${key}; try it again: chargehand retry ${key}`;
  return noticeCall({ kind: "task.failed", project, title, message, reason, remedy });
}

export function noticeOfStuck({ key, project, title, status }: Told & Pick<Task, "status">): NewCall {
  const message = `${key} is ${status}, and nothing of it goes on`;
  const reason = "it has no job, hold, gate or question, which is a defect of Chargehand";
  const remedy = `make it whole with: chargehand cancel ${key}, then: chargehand retry ${key}`;
  return noticeCall({ kind: "task.stuck", project, title, message, reason, remedy });
}

export function noticeOfApproval({ key, project, title }: Told, phase: string, reason: string): NewCall {
  const message = `${key} waits for an approval of its phase ${phase}`;
  const remedy = `look at it: chargehand task ${key}; then: chargehand approve ${key}, or … reject ${key} --because "…"`;
  return noticeCall({ kind: "approval.asked", project, title, message, reason, remedy });
}

export function noticeOfWaiting({ key, project, title }: Told, url: string | null, reason: string): NewCall {
  const message = `${key} waits for people before its pull request is merged`;
  const remedy = url === null ? `see: chargehand explain ${key}` : `look at it: ${url}`;
  return noticeCall({ kind: "merge.waits", project, title, message, reason, remedy });
}

export function noticeOfQuestion({ key, project, title }: Told, phase: string, reason: string): NewCall {
  const message = `${key} waits for an answer to a question of its phase ${phase}`;
  const remedy = howToAnswer(key);
  return noticeCall({ kind: "question.asked", project, title, message, reason, remedy });
}

export function howToAnswer(key: string): string {
  return `see it: chargehand questions ${key}; then: chargehand answer ${key} NAME=VALUE`;
}

/** One notice of all that is kept at once; the first one's reason stands for the others'. */
export function noticeOfKept(
  { key, project, title }: Told,
  works: readonly NewKept[],
  until: number,
): readonly NewCall[] {
  const [first] = works;
  if (first === undefined) return [];
  const what = works.length === 1 ? `work of ${key}` : `${works.length} works of ${key}`;
  const is = works.length === 1 ? "is" : "are";
  const message = `${what} could not be published, and ${is} kept until ${dayOf(until)}`;
  const { reason, remedy } = first;
  const notice = { kind: "work.kept", project, title, message, reason } as const;
  return [noticeCall({ ...notice, remedy: remedy ?? howToSettle(key) })];
}

export function noticeOfExpiring(
  { key, project, title }: Told,
  { name, reason }: Kept,
  until: number,
): NewCall {
  const message = `${name} of ${key} could not be published, and goes on ${dayOf(until)}`;
  return noticeCall({ kind: "work.expiring", project, title, message, reason, remedy: howToSettle(key) });
}

function howToSettle(key: string): string {
  return `look at it: chargehand kept show ${key}; then publish or drop it`;
}

/** `2026-11-28`, in UTC. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
