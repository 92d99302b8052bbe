/**
 * A transcript as text, for the row of its run, and back.
 *
 * It is stored with the log offset it belongs to. If it cannot be read back (an older version, a damaged row) both are
 * forgotten, and the log is read again from its beginning: usage replaces usage, so nothing is counted twice (I8).
 */

import { z } from "zod";
import { FAULTS, type FailureClass } from "../workflow/faults.ts";
import { PERIODS } from "../workflow/pace/period.ts";
import type { Backend, Beginning, Transcript } from "./backend.ts";
import type { Activity } from "./dialect/activity.ts";
import { type Calls, NO_CALLS } from "./dialect/repetition.ts";
import { NO_TURNS, withoutTurns } from "./dialect/turns.ts";

/** Where reading goes on. */
export interface Bookmark {
  readonly transcript: Transcript;
  /** Byte offset in `stdout.log` of the first line that is not in the transcript. */
  readonly logOffset: number;
}

export function writeTranscript(transcript: Transcript): string {
  return JSON.stringify(withoutTurns(transcript));
}

/** @param text what {@link writeTranscript} made, or `null` for a run that was never read. */
export function readTranscript(
  backend: Backend,
  beginning: Beginning,
  text: string | null,
  logOffset: number,
): Bookmark {
  const transcript = text === null ? null : decode(text);
  return transcript === null
    ? { transcript: backend.begin(beginning), logOffset: 0 }
    : { transcript, logOffset };
}

/** How often each tool was called, by what {@link writeTranscript} made; most often called first. */
export function toolCallsIn(text: string | null): Calls["byTool"] {
  const byTool = text === null ? [] : (decode(text)?.calls.byTool ?? []);
  return byTool.toSorted(([one, count], [other, more]) => more - count || (one < other ? -1 : 1));
}

/** How many turns its program has told of, by what {@link writeTranscript} made. */
export function turnsIn(text: string | null): number {
  return text === null ? 0 : (decode(text)?.turns.made ?? 0);
}

/** What its agent did last, by what {@link writeTranscript} made. */
export function activityIn(text: string | null): Activity | null {
  return text === null ? null : (decode(text)?.calls.last ?? null);
}

/** Tool calls open in what {@link writeTranscript} made; 0 where nothing was read yet. */
export function openToolsIn(text: string | null): number {
  return text === null ? 0 : (decode(text)?.openTools ?? 0);
}

const count = z.int().nonnegative();

const StoredUsage = z.object({
  model: z.string(),
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheCreationTokens: count,
  reasoningTokens: count,
  costNanos: count.nullable(),
  costSource: z.enum(["agent", "priced", "unpriced", "unknown"]),
});

const failure = z.custom<FailureClass>((value) => typeof value === "string" && Object.hasOwn(FAULTS, value));

const StoredTerminal = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), summary: z.string().nullable() }),
  z.object({
    ok: z.literal(false),
    failure,
    reason: z.string(),
    summary: z.string().nullable(),
    retryAfterMs: z.number(),
    resetAt: z.number().nullable(),
  }),
]);

const StoredCalls = z.object({
  open: z.array(z.tuple([z.string(), z.string()])),
  marks: z.array(z.string()),
  ended: count,
  repeated: count,
  inRow: count,
  byTool: z.array(z.tuple([z.string(), count])).default([]),
  last: z.object({ tool: z.string(), about: z.string().nullable() }).nullable().default(null),
});

/** Turns themselves are rows; here is what further ones are numbered by. */
const StoredTurns = z
  .object({
    made: count,
    recent: z.array(z.tuple([z.string(), count])),
    askedAt: count.nullable(),
  })
  .transform((stored) => ({ ...NO_TURNS, ...stored }));

const StoredLimit = z.object({
  per: z.enum(PERIODS),
  used: z.number().min(0).max(1),
  resetsAt: count,
});

const StoredTranscript = z.object({
  session: z.string().nullable(),
  model: z.string().nullable(),
  usage: z.array(StoredUsage),
  openTools: count,
  idle: count.default(0),
  calls: StoredCalls.default({ ...NO_CALLS, open: [], marks: [], byTool: [], last: null }),
  turns: StoredTurns.default({ ...NO_TURNS, recent: [] }),
  limits: z.array(StoredLimit).default([]),
  terminal: StoredTerminal.nullable(),
  lines: count,
  unknownLines: count,
  memory: z.record(z.string(), z.unknown()),
});

function decode(text: string): Transcript | null {
  try {
    const parsed = StoredTranscript.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
