/** What a program's own record of a session adds to a transcript, where it tells each call of the model. Pure. */

import type { ToldTurn } from "../../workflow/turn.ts";
import type { Transcript } from "../backend.ts";
import { addUsage } from "../usage.ts";
import { replaceTurns } from "./turns.ts";

/** @param calls all of this run: its turns, and with them its usage */
export function withCalls(transcript: Transcript, calls: readonly ToldTurn[]): Transcript {
  if (calls.length === 0) return transcript;
  const usage = addUsage(
    [],
    calls.map((call) => call.usage),
  );
  return { ...replaceTurns(transcript, calls), usage };
}
