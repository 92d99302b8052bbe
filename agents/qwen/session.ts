/**
 * Qwen Code's own record of a session: `~/.qwen/projects/<directory>/chats/<session>.jsonl`. Each call of the model is
 * a line of it, with reasoning, which the output does not tell, and with calls that the output does not show.
 *
 * A call is written when it has answered, also when the run is killed later. Figures as in the dialect: input includes
 * what was read from the cache, output includes reasoning.
 */

import type { ToldTurn } from "../../workflow/turn.ts";
import type { SessionFiles, Transcript } from "../backend.ts";
import { countAt, type Fields, isSince, linesIn, numberAt, objectAt, textAt } from "../dialect/fields.ts";
import { turnOf, withCalls, writtenAt } from "../dialect/turns.ts";
import { price } from "../prices/prices.ts";

export const qwenSessions: SessionFiles = {
  where: ({ env, cwd, session }) => ({
    root: env["HOME"] ?? "",
    folders: [".qwen", "projects", cwd.replaceAll(/[^a-zA-Z0-9]/g, "-"), "chats"],
    isSession: (name) => name === `${session}.jsonl`,
  }),
  read,
  isAhead: false,
};

function read(transcript: Transcript, text: string, since: number): Transcript {
  const calls = linesIn(text)
    .map((fields) => callIn(fields, since))
    .filter((call) => call !== null)
    .toArray();
  return withCalls(transcript, calls);
}

function callIn(fields: Fields, since: number): ToldTurn | null {
  if (!isSince(fields, since)) return null;
  const event = objectAt(objectAt(fields, "systemPayload") ?? {}, "uiEvent") ?? {};
  if (textAt(event, "event.name") !== "qwen-code.api_response") return null;
  const cacheReadTokens = countAt(event, "cached_content_token_count");
  const tokens = {
    model: textAt(event, "model") ?? "unknown",
    inputTokens: Math.max(0, countAt(event, "input_token_count") - cacheReadTokens),
    outputTokens: countAt(event, "output_token_count"),
    cacheReadTokens,
    cacheCreationTokens: 0,
  };
  const reasoningTokens = countAt(event, "thoughts_token_count");
  const more = { latencyMs: numberAt(event, "duration_ms"), requestId: textAt(event, "response_id") };
  return turnOf({ ...tokens, reasoningTokens, ...price(tokens, "call") }, { at: writtenAt(fields), ...more });
}
