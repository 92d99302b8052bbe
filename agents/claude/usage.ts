/**
 * Figures of Claude Code as rows of usage: the same in its output and in its own record of a session.
 *
 * Costs come from the program; but of a model it does not know it prints a guess (`costBasis: "unknown"`), and then our
 * own list decides, or nobody.
 */

import type { Usage } from "../../workflow/run.ts";
import { countAt, type Fields, isFields, nanosAt, objectAt, textAt } from "../dialect/fields.ts";
import { price } from "../prices/prices.ts";
import { addUsage } from "../usage.ts";

/** Model name of messages that the program made up itself, to show an error. */
export const SYNTHETIC = "<synthetic>";

/** Rows of an object of models, as `modelUsage` and its sisters are. */
export function modelRows(models: Fields): readonly Usage[] {
  const rows = Object.entries(models).flatMap(([model, value]) =>
    isFields(value) ? [modelRow(model, value)] : [],
  );
  return addUsage([], rows);
}

function modelRow(model: string, fields: Fields): Usage {
  const tokens = {
    model,
    inputTokens: countAt(fields, "inputTokens"),
    outputTokens: countAt(fields, "outputTokens"),
    cacheReadTokens: countAt(fields, "cacheReadInputTokens"),
    cacheCreationTokens: countAt(fields, "cacheCreationInputTokens"),
  };
  const row = { ...tokens, reasoningTokens: countAt(fields, "thinkingTokens") };
  const costNanos = nanosAt(fields, "costUSD");
  if (costNanos !== null && textAt(fields, "costBasis") !== "unknown")
    return { ...row, costNanos, costSource: "agent" };
  const cacheCreation1hTokens = countAt(fields, "cacheCreationEphemeral1hInputTokens");
  return { ...row, ...price({ ...tokens, cacheCreation1hTokens }, "run") };
}

/** The row of a `usage` object, as the service gives it for a call. */
export function plainRow(fields: Fields, model: string, scope: "call" | "run"): Usage {
  const tokens = {
    model,
    inputTokens: countAt(fields, "input_tokens"),
    outputTokens: countAt(fields, "output_tokens"),
    cacheReadTokens: countAt(fields, "cache_read_input_tokens"),
    cacheCreationTokens: countAt(fields, "cache_creation_input_tokens"),
  };
  const reasoningTokens = countAt(objectAt(fields, "output_tokens_details") ?? {}, "thinking_tokens");
  const cacheCreation1hTokens = countAt(
    objectAt(fields, "cache_creation") ?? {},
    "ephemeral_1h_input_tokens",
  );
  return { ...tokens, reasoningTokens, ...price({ ...tokens, cacheCreation1hTokens }, scope) };
}
