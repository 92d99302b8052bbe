/** How a run ended when its program said no last word: judged by the exit record alone, the weakest evidence. */

import type { Ending } from "./backend.ts";
import { type Failure, failed } from "./terminal.ts";

/** One line of stderr in a reason; the whole is in the log. */
const QUOTE_CHARS_MAX = 300;

/** Judges an ending by exit code and signal. An exit code of 0 is left to the backend: `null`. */
export function judgeExit(ending: Ending): Failure | null {
  const { exitCode, signal } = ending;
  const quote = lastLine(ending.stderrTail);
  if (isRequest(ending)) {
    return failed("interrupted", `somebody else ended the agent (${signal ?? `exit code ${exitCode}`})`);
  }
  if (signal !== null) {
    const guess = signal === "SIGKILL" ? " (somebody did, or the system ran out of memory)" : "";
    return failed("crashed", `the agent was killed by ${signal}, which Chargehand did not send${guess}`);
  }
  if (exitCode === null) return failed("crashed", "the process vanished without an exit record");
  if (exitCode === 0) return null;
  if (exitCode === 127) return failed("program_missing", `the agent program was not found${quoted(quote)}`);
  if (exitCode === 126)
    return failed("program_missing", `the agent program could not be executed${quoted(quote)}`);
  return failed("agent_error", `the agent exited with code ${exitCode}${quoted(quote)}`);
}

/** Why a run whose launcher says that the agent never ran came to nothing. */
export function judgeNeverRan({ exitCode, stderrTail }: Ending): Failure {
  const quote = quoted(lastLine(stderrTail));
  return exitCode === null || exitCode === START_GATE_CLOSED || quote === ""
    ? failed("interrupted", "the agent was never started: the daemon ended before it opened the start gate")
    : failed(
        "host",
        `the agent was never started, because what should have put it into a scope failed${quote}`,
      );
}

/** The launcher's word for a start gate that stayed shut (`system/process/launcher.ts`). */
const START_GATE_CLOSED = 75;

/**
 * The signals by which people and service managers ask a program to end. Some programs die of them, some exit with
 * 128 + n, and a shell in between cannot tell the two apart.
 */
const REQUESTS: readonly (readonly [string, number])[] = [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
];

function isRequest({ exitCode, signal }: Ending): boolean {
  return REQUESTS.some(([name, code]) => signal === name || exitCode === code);
}

function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.findLast((line) => line !== "")?.slice(0, QUOTE_CHARS_MAX) ?? "";
}

function quoted(quote: string): string {
  return quote === "" ? "" : `: ${quote}`;
}
