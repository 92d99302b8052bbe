/**
 * The turns of a run, a call of the model each, noted alike for every dialect. Pure.
 *
 * A turn has a number from its first line on, and the same one in every later line of it, so that a line that is read
 * twice makes no second row. What is noted is written down with the next report and forgotten then (`tail.ts`): what
 * stays in the transcript is small however many turns a run has.
 */

import { LATENCY_MS_MAX, MOMENT_MS_MAX, TURNS_MAX, TURNS_PER_REPORT_MAX } from "../../workflow/limits.ts";
import type { Usage } from "../../workflow/run.ts";
import type { NewTurns, ToldTurn, Turn } from "../../workflow/turn.ts";
import type { Transcript } from "../backend.ts";
import { addUsage } from "../usage.ts";
import { type Fields, nameOf, numberAt, textAt } from "./fields.ts";

export interface Turns extends NewTurns {
  /** How many there were. */
  readonly made: number;
  /** Numbers of the newest by what their lines call them, the newest last. */
  readonly recent: readonly (readonly [id: string, number: number])[];
  /** When the model was asked last, as the program tells (ms). */
  readonly askedAt: number | null;
}

export const NO_TURNS: Turns = { turns: [], areAll: false, made: 0, recent: [], askedAt: null };

/** Subagents work side by side; lines of more at once are turns of their own. */
const RECENT_MAX = 16;

/** Whatever notes turns, as a transcript does. */
interface Noting {
  readonly turns: Turns;
}

/** @param id by which further lines of the same turn are known; empty for one that has no further line */
export function noteTurn<T extends Noting>(transcript: T, id: string, told: ToldTurn): T {
  const { turns } = transcript;
  const [, known] = turns.recent.find(([other]) => other === id && id !== "") ?? [];
  const number = known ?? turns.made + 1;
  const fresh = [...turns.turns.filter((turn) => turn.number !== number), { ...told, number }];
  const recent: Turns["recent"] =
    known === undefined && id !== "" ? [...turns.recent, [id, number] as const] : turns.recent;
  const noted: Turns = {
    ...turns,
    made: Math.max(turns.made, number),
    recent: recent.slice(-RECENT_MAX),
    turns: fresh.slice(-TURNS_PER_REPORT_MAX),
  };
  return { ...transcript, turns: noted };
}

/** The model is asked now; how long the next turn takes counts from here. */
export function askModel<T extends Noting>(transcript: T, at: number | null): T {
  return { ...transcript, turns: { ...transcript.turns, askedAt: at } };
}

/** How long it took since the model was asked last, if both is told. */
export function latencySince({ turns: { askedAt } }: Noting, at: number | null): number | null {
  return askedAt === null || at === null ? null : spanOf(at - askedAt);
}

/** These are all turns of the run, from the program's own record; the newest of them, where they are too many. */
export function replaceTurns<T extends Noting>(transcript: T, all: readonly ToldTurn[]): T {
  if (all.length === 0) return transcript;
  const turns: readonly Turn[] = all.map((told, index) => ({ ...told, number: index + 1 }));
  return {
    ...transcript,
    turns: { ...NO_TURNS, turns: turns.slice(-TURNS_MAX), areAll: true, made: all.length },
  };
}

/** What a program's own record of a session tells of this run: all its turns, and with them its usage. */
export function withCalls(transcript: Transcript, calls: readonly ToldTurn[]): Transcript {
  if (calls.length === 0) return transcript;
  const usage = addUsage(
    [],
    calls.map((call) => call.usage),
  );
  return { ...replaceTurns(transcript, calls), usage };
}

/** What is left when the turns are written down. */
export function withoutTurns<T extends Noting>(transcript: T): T {
  const { turns } = transcript;
  return turns.turns.length === 0 ? transcript : { ...transcript, turns: { ...turns, turns: [] } };
}

/** @param more what else is told of it; what is no moment, no span and no name counts as not told */
export function turnOf(
  usage: Usage,
  more: {
    readonly at?: number | null;
    readonly latencyMs?: number | null;
    readonly requestId?: string | null;
    readonly isFailed?: boolean;
  },
): ToldTurn {
  const { at = null, latencyMs = null, requestId = null, isFailed = false } = more;
  return {
    usage: { ...usage, model: nameOf(usage.model) },
    status: isFailed ? "failed" : "answered",
    requestId: requestId === null || requestId === "" ? null : nameOf(requestId),
    latencyMs: latencyMs === null ? null : spanOf(latencyMs),
    at: at === null ? null : momentOf(at),
  };
}

/** Of a call that failed before anything was used. */
export function nothingUsed(model: string | null): Usage {
  const tokens = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheCreationTokens: 0 };
  return { model: model ?? "unknown", ...tokens, reasoningTokens: 0, costNanos: null, costSource: "unknown" };
}

/** When a line says that it was written: as text in `timestamp`, or in ms. */
export function writtenAt(fields: Fields): number | null {
  return momentOf(numberAt(fields, "timestamp") ?? Date.parse(textAt(fields, "timestamp") ?? ""));
}

function momentOf(ms: number): number | null {
  const whole = Math.round(ms);
  return whole >= 0 && whole <= MOMENT_MS_MAX ? whole : null;
}

function spanOf(ms: number): number | null {
  const whole = Math.round(ms);
  return whole >= 0 && whole <= LATENCY_MS_MAX ? whole : null;
}
