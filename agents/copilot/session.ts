/**
 * GitHub Copilot CLI's own record of a session: `$COPILOT_HOME/session-state/<session>/events.jsonl`.
 *
 * A `session.usage_record` is one call of the model, written when it has answered; its input INCLUDES what was read
 * from the cache and written to it, and its output includes reasoning. It is there however the run ended.
 */

import type { ToldTurn } from "../../workflow/turn.ts";
import type { SessionFiles, Transcript } from "../backend.ts";
import { countAt, type Fields, isSince, linesIn, numberAt, objectAt, textAt } from "../dialect/fields.ts";
import type { Figures } from "../dialect/since-baseline.ts";
import { turnOf, withCalls, writtenAt } from "../dialect/turns.ts";
import { price } from "../prices/prices.ts";
import { homeOf } from "../session.ts";

export const copilotSessions: SessionFiles = {
  where: ({ env, session }) => ({
    // The name comes out of a program's output; as a part of a path it is no more than a name.
    ...homeOf(env, "COPILOT_HOME", ".copilot", ["session-state", session.replaceAll(/[^\w-]/g, "")]),
    isSession: (name) => name === "events.jsonl",
  }),
  read,
  isAhead: true,
};

function read(transcript: Transcript, text: string, since: number): Transcript {
  const calls = linesIn(text)
    .map((fields) => callIn(fields, since))
    .filter((call) => call !== null)
    .toArray();
  return withCalls(transcript, calls);
}

function callIn(fields: Fields, since: number): ToldTurn | null {
  if (textAt(fields, "type") !== "session.usage_record") return null;
  const usage = objectAt(objectAt(fields, "data") ?? {}, "usage");
  if (usage === null || !isSince(fields, since)) return null;
  const figures = copilotFigures(usage, textAt(usage, "model") ?? "unknown");
  const more = { latencyMs: numberAt(usage, "duration"), requestId: textAt(usage, "apiCallId") };
  return turnOf({ ...figures, ...price(figures, "call") }, { at: writtenAt(fields), ...more });
}

/** The same figures wherever Copilot writes them. */
export function copilotFigures(fields: Fields, model: string): Figures {
  const cacheReadTokens = countAt(fields, "cacheReadTokens");
  const cacheCreationTokens = countAt(fields, "cacheWriteTokens");
  const inputTokens = Math.max(0, countAt(fields, "inputTokens") - cacheReadTokens - cacheCreationTokens);
  const outputTokens = countAt(fields, "outputTokens");
  const reasoningTokens = countAt(fields, "reasoningTokens");
  return { model, inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens, reasoningTokens };
}
