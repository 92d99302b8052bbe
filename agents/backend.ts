/**
 * A backend is one kind of agent program: its argv and the dialect of its transcript, nothing else.
 *
 * B1. Reading is a pure fold over lines. Its state is JSON, stored with the log offset it belongs to, so that a
 *     restart goes on from there and counts nothing twice (I8).
 * B2. The terminal event decides how a run ended; the exit code is a tie-breaker (DESIGN §5, *End of a run*).
 */

import type { FailureClass } from "../workflow/faults.ts";
import type { Usage } from "../workflow/model.ts";
import type { AgentProfile } from "../workflow/project.ts";

export interface InvocationContext {
  readonly profile: AgentProfile;
  /** Session to continue, or `null` for a new one. */
  readonly session: string | null;
  readonly promptFile: string;
  readonly promptText: string;
}

export interface Invocation {
  readonly argv: readonly string[];
  /** What the backend itself needs in the environment, besides what every agent gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of a file for stdin, or `null`. */
  readonly stdin: string | null;
}

/** What has been understood of a transcript so far: JSON, small, independent of the transcript's length. */
export interface Transcript {
  readonly session: string | null;
  readonly model: string | null;
  /** Tokens so far, per model; complete once the terminal event was read. */
  readonly usage: readonly Usage[];
  /** Tool calls begun and not ended: silence is allowed to be longer. */
  readonly openTools: number;
  /** The program's own last word, if it was said. */
  readonly terminal: Terminal | null;
  /** Lines that were understood, and lines that were kept and skipped. */
  readonly lines: number;
  readonly unknownLines: number;
  /** Private state of the dialect, JSON. */
  readonly memory: Readonly<Record<string, unknown>>;
}

export type Terminal =
  | { readonly ok: true; readonly summary: string | null }
  | {
      readonly ok: false;
      readonly failure: FailureClass;
      readonly reason: string;
      readonly summary: string | null;
      /** What the service asked us to wait, in ms; 0 when it asked nothing. */
      readonly retryAfterMs: number;
      /** When the account's usage limit resets (ms), where the service said so: a fold has no clock to subtract. */
      readonly resetAt: number | null;
    };

/** Everything known once the process is gone. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last 4 KiB of stderr. */
  readonly stderrTail: string;
  /** Text of the file at `$CHARGEHAND_RESULT`, or `null`. */
  readonly resultFile: string | null;
}

export interface Conclusion {
  readonly terminal: Terminal;
  readonly usage: readonly Usage[];
  readonly session: string | null;
}

/** One step of the stop sequence. */
interface StopStep {
  readonly signal: "SIGINT" | "SIGTERM" | "SIGKILL";
  /** How long to wait for the end before the next step, in ms. */
  readonly graceMs: number;
}

export interface Backend {
  readonly name: string;
  invoke(context: InvocationContext): Invocation;
  readonly empty: Transcript;
  /** Reads one line (without its LF). A line it does not know is skipped, never an error. */
  read(transcript: Transcript, line: string): Transcript;
  /** Weighs terminal event, text and exit code; called only when we did not signal the process ourselves. */
  conclude(transcript: Transcript, ending: Ending): Conclusion;
  readonly stop: readonly StopStep[];
}
