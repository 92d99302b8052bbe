/** Lines of OpenCode for the tests of its parts. */

import { opencode } from "../../../agents/opencode/opencode.ts";
import { NEW_RUN } from "../profile.ts";
import { readerOf } from "../transcripts.ts";

export const MODEL = "anthropic/claude-sonnet-4-5";

export const BEGINNING = { ...NEW_RUN, model: MODEL };

export const read = readerOf(opencode, BEGINNING);
