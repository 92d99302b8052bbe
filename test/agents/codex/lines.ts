/** Lines of Codex for the tests of its parts. */

import { codex } from "../../../agents/codex/codex.ts";
import type { Usage } from "../../../workflow/run.ts";
import { readerOf } from "../transcripts.ts";

export const read = readerOf(codex);

/** What the first run of the recorded thread has used. */
export const BEFORE: Usage = {
  ...{ model: "gpt-5.1-codex", inputTokens: 1012, outputTokens: 154, reasoningTokens: 60 },
  ...{ cacheReadTokens: 10014, cacheCreationTokens: 2506, costNanos: null, costSource: "unpriced" },
};
