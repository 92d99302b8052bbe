/**
 * How a source is looked at: a folder beside this for each. A look is made of steps, each of which may fail by itself;
 * what is known moves on only over what was told (W1).
 *
 * W1. What was found is stored before the mark is moved that says up to when all is known. A daemon that dies between
 *     two of these finds it again, and it is a duplicate then.
 * W2. A mark stays a little behind the newest thing that was seen, because lists of hosts are a little behind the
 *     things themselves; what is seen twice is known by its key.
 */

import type { Answer } from "../forges/api/answer.ts";
import type { Watch } from "../store/watch/watches.ts";
import { folded } from "../workflow/text/same.ts";
import type { Failed, Look, Step, StepEnd } from "./ports.ts";

/** W2 (ms). */
export const OVERLAP_MS = 120_000;

export const DONE: Step = { kind: "ok" };

/** Steps one after the other; the rest is left out once the host itself is in trouble. */
export async function inTurn(
  steps: readonly (readonly [name: string, step: () => Promise<Step>])[],
): Promise<readonly StepEnd[]> {
  const ends: StepEnd[] = [];
  for (const [name, step] of steps) {
    const end = await step();
    ends.push({ name, end });
    if (end.kind === "failed" && end.fault === "host") break;
  }
  return ends;
}

export function failed(answer: Exclude<Answer<never>, { kind: "ok" }>): Failed {
  const { reason } = answer;
  if (answer.kind === "retry")
    return { kind: "failed", reason, afterMs: answer.afterMs, fault: answer.fault };
  const isHost = answer.kind === "unreachable" || answer.because === "auth";
  return { kind: "failed", reason, afterMs: 0, fault: isHost ? "host" : "call" };
}

/** Up to when a kind of thing is known. @param first where it was never looked at (ms) */
export function markOf(
  { place: { source, name }, marks }: Pick<Look, "place" | "marks">,
  kind: string,
  first: number,
): Watch {
  // Hosts know whole seconds.
  const since = Math.floor(first / 1_000) * 1_000;
  return marks.get(kind) ?? { source, place: folded(name), kind, since, etag: null };
}

/** W1. @param newest the newest thing that was seen (ms); `null` for none @param isCut there was more behind it */
export async function moveOn(
  { ports, marks }: Pick<Look, "ports" | "marks">,
  mark: Watch,
  newest: number | null,
  { etag, isCut }: { readonly etag: string | null; readonly isCut: boolean },
): Promise<void> {
  const behind = newest === null ? mark.since : newest - OVERLAP_MS;
  // Where one page holds nothing but the overlap, the rest would never be reached.
  const since = Math.max(mark.since, isCut && newest !== null && behind <= mark.since ? newest : behind);
  const next: Watch = { ...mark, since, etag: since === mark.since ? etag : null };
  const known = marks.get(mark.kind);
  if (known !== undefined && known.since === next.since && known.etag === next.etag) return;
  await ports.store.watches.put(next);
}
