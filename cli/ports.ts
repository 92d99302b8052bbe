/** What a command needs of the world, so that a test can be the world. `main.ts` hands in the real one. */

import type { Clock } from "../system/clock.ts";
import type { Downloads } from "../system/download.ts";
import type { Files } from "../system/files.ts";
import type { Http } from "../system/http.ts";
import type { InBackground } from "../system/process/background.ts";
import type { OnTerminal } from "../system/terminal.ts";

export interface Ports {
  /**
   * Asks the person at the terminal, and answers a line; `null` where they have gone. What is typed of a hidden answer
   * is not shown. Itself `null` where nobody sits at a terminal.
   */
  readonly ask: ((question: string, isHidden: boolean) => Promise<string | null>) | null;
  /** Leaves a program running. */
  readonly background: InBackground;
  readonly clock: Clock;
  readonly downloads: Downloads;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  readonly http: Http;
  /** Gives the terminal to a program. */
  readonly onTerminal: OnTerminal;
  /** How this program is called: words in front of a command. */
  readonly self: readonly string[];
  /** Columns of the terminal that standard output is; `null` when it is a pipe or a file. */
  readonly width: number | null;
  /** Its lines, in the same way. */
  readonly height: number | null;
  /** Standard input to its end, or as much of it as a task's text may be. */
  input(): Promise<string>;
  /** Standard output: what was asked for, and nothing else. */
  out(text: string | Uint8Array): void;
  /** Standard error: everything that is said about it. */
  err(text: string): void;
  /** The exit code, once the command is over. */
  exit(code: number): void;
}
