/** What is stored of a transcript: its turns are rows, and what they say is held by rows. */

import type { Transcript } from "../../agents/backend.ts";
import { NO_TURNS, withoutTurns } from "../../agents/dialect/turns.ts";
import type { Turn } from "../../workflow/turn.ts";

export function withoutWritten(transcript: Transcript): Transcript {
  const { turns, areAll } = NO_TURNS;
  const left = withoutTurns(transcript);
  return { ...left, turns: { ...left.turns, turns, areAll } };
}

export function byNumber({ turns }: Transcript): readonly (readonly [number, Turn])[] {
  return turns.turns.map((turn) => [turn.number, turn] as const);
}
