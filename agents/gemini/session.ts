/**
 * Gemini CLI's own record of a session: `~/.gemini/tmp/<project>/chats/session-<time>-<first part of the id>.jsonl`.
 *
 * A message of the model is a line with the tokens of its call, written again with the same id when its tools have
 * answered. `$set` lines repeat the whole history and are not read. Figures as in the output, but thoughts are told.
 */

import type { Usage } from "../../workflow/run.ts";
import type { ToldTurn } from "../../workflow/turn.ts";
import type { SessionFiles, Transcript } from "../backend.ts";
import { countAt, type Fields, isSince, linesIn, objectAt, textAt } from "../dialect/fields.ts";
import { turnOf, withCalls, writtenAt } from "../dialect/turns.ts";
import { price } from "../prices/prices.ts";

export const geminiSessions: SessionFiles = {
  where: ({ env, session }) => ({
    root: env["GEMINI_CLI_HOME"] ?? env["HOME"] ?? "",
    // One per project, which here means per worktree. Its other folders hold logs and tool output.
    folders: [".gemini", "tmp", /^[^.]/, "chats"],
    isSession: (name) => name.startsWith("session-") && name.endsWith(`-${session.slice(0, 8)}.jsonl`),
  }),
  read,
  isAhead: true,
};

function read(transcript: Transcript, text: string, since: number): Transcript {
  const calls = new Map<string, ToldTurn>();
  for (const fields of linesIn(text)) {
    if (!isSince(fields, since)) continue;
    const tokens = objectAt(fields, "tokens");
    if (textAt(fields, "type") !== "gemini" || tokens === null) continue;
    const model = textAt(fields, "model") ?? transcript.model ?? "unknown";
    calls.set(
      textAt(fields, "id") ?? `#${calls.size}`,
      turnOf(rowOf(tokens, model), { at: writtenAt(fields) }),
    );
  }
  return withCalls(transcript, [...calls.values()]);
}

function rowOf(fields: Fields, model: string): Usage {
  const cacheReadTokens = countAt(fields, "cached");
  const input = countAt(fields, "input");
  const reasoningTokens = countAt(fields, "thoughts");
  const tokens = {
    ...{ model, inputTokens: Math.max(0, input - cacheReadTokens), reasoningTokens },
    outputTokens: Math.max(countAt(fields, "output") + reasoningTokens, countAt(fields, "total") - input),
    ...{ cacheReadTokens, cacheCreationTokens: 0 },
  };
  return { ...tokens, ...price(tokens, "call") };
}
