/** Lines of GitHub Copilot CLI for the tests of its parts. */

import { existsSync, readFileSync } from "node:fs";
import type { Conclusion, Ending } from "../../../agents/backend.ts";
import { copilot } from "../../../agents/copilot/copilot.ts";
import type { Usage } from "../../../workflow/run.ts";
import { NEW_RUN } from "../profile.ts";
import { fold, readerOf, recording } from "../transcripts.ts";

export const FOLDER = "copilot-recorded";

/** How a recorded run ends with the file of usage that it left. */
export function concluded(name: string, baseline: readonly Usage[] = []): Conclusion {
  const { stdout, ending } = recording(name, FOLDER);
  const beginning = { ...NEW_RUN, resumed: baseline.length > 0, baseline };
  return copilot.conclude(fold(copilot, stdout, undefined, beginning).transcript, withUsage(name, ending));
}

export function withUsage(name: string, ending: Ending): Ending {
  const file = new URL(`../../fixtures/${FOLDER}/${name}.usage.json`, import.meta.url);
  return existsSync(file)
    ? { ...ending, outputs: { "copilot-usage.json": readFileSync(file, "utf8") } }
    : ending;
}

export const read = readerOf(copilot);

export const says = (content: string, more: object = {}): object => ({
  ...{ type: "assistant.message", data: { content, toolRequests: [], model: "gpt-5.4", ...more } },
});

export const ended = (exitCode: number): object => ({ type: "result", sessionId: "s", exitCode });

export const sessionError = (errorType: string, message: string, statusCode?: number): object => ({
  ...{ type: "session.error", data: { errorType, message, statusCode } },
});
