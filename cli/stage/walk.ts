/** Follows a task to its end: what has happened since the last look is told, and whoever follows may act on it. */

import type { ExplanationAnswer } from "../../handlers/api/explain.ts";
import type { WholeTaskAnswer } from "../../handlers/api/views/task.ts";
import type { Clock } from "../../system/clock.ts";
import type { Stage } from "./stage.ts";

const LOOK_MS = 150;
/** An agent is asked to end, and ended soon after. */
const GIVE_UP_MS = 20_000;
const EVENTS_AT_ONCE = 200;

export interface ToldEvent {
  readonly seq: number;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: string;
}

export interface Sight {
  readonly task: WholeTaskAnswer;
  /** What has happened since the last look, oldest first. */
  readonly events: readonly ToldEvent[];
}

export interface WalkOptions {
  readonly stage: Stage;
  readonly task: string;
  readonly clock: Clock;
  readonly interrupted: AbortSignal;
  /** How long nothing may happen while no agent is at work. */
  readonly patienceMs: number;
  /** How long it may take in all. */
  readonly limitMs: number;
  look(sight: Sight): Promise<void>;
}

export type WalkEnd =
  | { readonly kind: "over"; readonly task: WholeTaskAnswer }
  /** A sentence. */
  | { readonly kind: "given up"; readonly task: WholeTaskAnswer; readonly reason: string };

/** @throws Error where the daemon does not answer, and what `look` throws */
export async function walk(options: WalkOptions): Promise<WalkEnd> {
  const { stage, task: key, clock, interrupted, patienceMs, limitMs } = options;
  const began = clock.monotonic();
  let [seen, moved, wasOver] = [0, began, false];
  for (;;) {
    const events = await eventsSince(stage, key, seen);
    // After them, so that it shows what they tell.
    const task = await stage.get<WholeTaskAnswer>(`/tasks/${key}`);
    await options.look({ task, events });
    seen = events.at(-1)?.seq ?? seen;
    const now = clock.monotonic();
    if (events.length > 0 || task.runs.some(({ finished_at: end }) => end === null)) moved = now;
    // What was over at the last look has told all of it by now.
    if (events.length === 0 && wasOver) return { kind: "over", task };
    wasOver = isOver(task);
    const reason = interrupted.aborted
      ? "it was interrupted"
      : await whyGivenUp(options, now - moved > patienceMs, now - began > limitMs);
    if (reason !== null) {
      await giveUp(options);
      return { kind: "given up", task, reason };
    }
    await clock.sleep(LOOK_MS, interrupted);
  }
}

/** No agent outlives the walk, nor what it has started. */
async function giveUp({ stage, task: key, clock }: WalkOptions): Promise<void> {
  const before = await stage.get<WholeTaskAnswer>(`/tasks/${key}`);
  if (!isOver(before)) await stage.post(`/tasks/${key}/cancel`, {});
  for (const began = clock.monotonic(); clock.monotonic() - began < GIVE_UP_MS; await clock.sleep(LOOK_MS))
    if (isOver(await stage.get<WholeTaskAnswer>(`/tasks/${key}`))) return;
}

function isOver({ status, runs }: WholeTaskAnswer): boolean {
  return (
    ["done", "failed", "cancelled"].includes(status) && runs.every(({ finished_at: end }) => end !== null)
  );
}

async function whyGivenUp(
  { stage, task, patienceMs, limitMs }: WalkOptions,
  isStill: boolean,
  isLate: boolean,
): Promise<string | null> {
  if (isLate) return `${task} was not over after ${Math.round(limitMs / 1_000)} s`;
  if (!isStill) return null;
  const { reasons } = await stage.get<ExplanationAnswer>(`/tasks/${task}/explain`);
  const why = reasons[0]?.sentence ?? "nobody knows why";
  return `nothing went on for ${Math.round(patienceMs / 1_000)} s: ${why}`;
}

/** All that there are by now, or as many as fit an answer. */
async function eventsSince(stage: Stage, key: string, seen: number): Promise<readonly ToldEvent[]> {
  const query = `limit=${EVENTS_AT_ONCE}${seen === 0 ? "" : `&cursor=${seen}`}`;
  return (await stage.get<{ events: ToldEvent[] }>(`/tasks/${key}/events?${query}`)).events;
}
