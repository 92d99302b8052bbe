/**
 * Where the files of one run lie, and who may write them (DESIGN §5, *Run directory*).
 *
 * F1. The folder itself is the daemon's: `prompt.md`, `meta.json`, the logs, `exit.json`, and the settings of the
 *     program. A sandbox shows the agent no more of it than the files that it is to read ({@link RunFolder.given}).
 * F2. What an agent hands over it writes below `out`, the one place here that is its own. All of it comes in through
 *     the door (`system/files/door.ts`).
 * F3. Without a sandbox an agent is the same user as the daemon, and could write everywhere. So what the daemon reads
 *     back here it reads through the door, whosever file it is.
 */

import { placeIn, type StrangePlace } from "../../system/files/strange-place.ts";

/** What an agent hands over when it asks a person, by its name in `out`. */
export const ASK_FILE = "ask.json";
/** What the agent is told. */
export const PROMPT_FILE = "prompt.md";
/** Where text from outside stands for programs that take it in a file: a folder with nothing else in it. */
export const ASKED_FOLDER = "asked";
export const ASKED_FILE: string = `${ASKED_FOLDER}/task.md`;

export interface RunFolder {
  readonly prompt: string;
  /** Where the agent may write. */
  readonly out: string;
  /** Where the agent asks a person. */
  readonly ask: string;
  /** Where the agent finds what it was answered in secret. */
  readonly answers: string;
  /** The path of a file of settings by its name (`Invocation.files`). */
  given(name: string): string;
}

/** @param directory the run's */
export function runFolder(directory: string): RunFolder {
  return {
    prompt: `${directory}/${PROMPT_FILE}`,
    out: `${directory}/out`,
    ask: `${directory}/out/${ASK_FILE}`,
    answers: `${directory}/answers`,
    given: (name) => `${directory}/${name}`,
  };
}

/** Where a file of the daemon's own lies, such as `stdout.log` (F3). */
export function ownPlace(directory: string, name: string): StrangePlace {
  return placeIn(directory, name);
}

/** Where what an agent hands over lies, such as `result.json`. */
export function outPlace(directory: string, name: string): StrangePlace {
  return placeIn(directory, `out/${name}`);
}
