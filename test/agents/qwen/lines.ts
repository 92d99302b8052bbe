/** Lines of Qwen Code for the tests of its parts. */

import { qwen } from "../../../agents/qwen/qwen.ts";
import type { Usage } from "../../../workflow/run.ts";
import { NEW_RUN } from "../profile.ts";
import { readerOf } from "../transcripts.ts";

/** What the first run of the recorded session has used. */
export const BEFORE: Usage = {
  model: "qwen3-coder-plus",
  inputTokens: 3518,
  outputTokens: 154,
  cacheReadTokens: 10014,
  cacheCreationTokens: 0,
  reasoningTokens: 60,
  costNanos: null,
  costSource: "unpriced",
};

export const RESUMED = { ...NEW_RUN, resumed: true, baseline: [BEFORE] };

export function call(id: string, input: number, output: number, text = `${id} ${input}`): object {
  return {
    type: "assistant",
    message: {
      id,
      model: "m",
      content: [{ type: "text", text }],
      usage: { input_tokens: input, output_tokens: output },
    },
  };
}

export const read = readerOf(qwen);
