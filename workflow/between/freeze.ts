/**
 * Freezes: a repository takes no new work until a person says so, after a bad deploy or for any other reason. Pure.
 *
 * Z1. A freeze lies on what is cloned, so it keeps the tasks of every project that works on it.
 * Z2. It keeps jobs that open a task, that is those that nobody has ever claimed. What has begun goes on to its end.
 */

import type { NewEvent } from "../event.ts";
import type { NewWideHold } from "../hold.ts";
import { REASON_CHARS_MAX } from "../limits.ts";
import { type NewCall, noticeCall } from "../outbox.ts";
import type { Phase } from "../phases/phase.ts";
import type { Task } from "../task.ts";
import { visibleLine } from "../text/visible.ts";

/** One to be put, by a person or by a verdict. */
export interface NewFreeze {
  /** The project that it was found out in; the freeze lies on what that one works on. */
  readonly project: string;
  /** Who freezes: a name, or `SHOP-12` for a verdict of that task. */
  readonly by: string;
  /** Why: one sentence. */
  readonly because: string;
  /** Makes it one line of the history, however often it is written. */
  readonly key: string;
}

/** The end of one. */
export type Thaw = NewFreeze;

/**
 * What an address names, whatever way it is reached: host and path, without a user, a password or `.git`. Of a folder
 * it is the path.
 */
export function repoOf(cloneUrl: string): string {
  const [, host, path] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^/]*)\/*(.*)$/i.exec(cloneUrl) ?? [];
  const [, shortHost, shortPath] = /^(?:[^@/:]+@)?([^/:]+):(?!\/\/)\/*(.*)$/.exec(cloneUrl) ?? [];
  const name = host ?? shortHost;
  const bare = (text: string): string => text.replace(/\/+$/, "").replace(/\.git$/i, "");
  if (name === undefined) return bare(cloneUrl);
  if (name === "") return bare(`/${path ?? ""}`);
  return `${withoutPort(name).toLowerCase()}/${bare(path ?? shortPath ?? "")}`;
}

/** Ports differ by the way in which a host is reached. */
function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "");
}

/** By a verdict: what its agent has said, because it knows best what is wrong. */
export function freezeBy(
  { key, project }: Pick<Task, "key" | "project">,
  { phase, verdict, summary, seq }: Pick<Phase, "phase" | "verdict" | "summary" | "seq">,
): NewFreeze {
  const because = summary?.trim() || `phase ${phase} ended with the verdict ${verdict}`;
  return { project, by: `${key}, phase ${phase}`, because, key: `frozen:${key}:${seq}` };
}

/** The hold that a freeze is; what it lies on is found by whoever writes it. */
export function holdOfFreeze({ project, by, because }: NewFreeze): Omit<NewWideHold, "scope" | "subject"> {
  const remedy = `chargehand unfreeze ${project} --because "…"`;
  return { kind: "freeze", reason: fit(`frozen by ${by}: ${because}`), remedy, until: null };
}

export function eventOfFreeze({ by, because, key }: NewFreeze): NewEvent & { readonly key: string } {
  return { kind: "project.frozen", key, data: { by, reason: fit(because) } };
}

export function eventOfThaw({ by, because, key }: Thaw): NewEvent & { readonly key: string } {
  return { kind: "project.unfrozen", key, data: { by, reason: fit(because) } };
}

export function noticeOfFreeze(freeze: NewFreeze): NewCall {
  const { project } = freeze;
  const { reason, remedy } = holdOfFreeze(freeze);
  const message = `the repository of ${project} is frozen: no new task of it begins`;
  return noticeCall({ kind: "project.frozen", project, message, reason, remedy });
}

/** An agent may have written it. */
function fit(text: string): string {
  return visibleLine(text.slice(0, REASON_CHARS_MAX * 2))
    .slice(0, REASON_CHARS_MAX)
    .toWellFormed();
}
