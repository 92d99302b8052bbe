/**
 * A backend is one kind of agent program: its argv and the dialect of its transcript, nothing else.
 *
 * B1. Reading is a pure fold over lines. Its state is JSON, stored with the log offset it belongs to, so that a
 *     restart goes on from there and counts nothing twice (I8).
 * B2. The terminal event decides how a run ended; the exit code is a tie-breaker (DESIGN §5, *End of a run*).
 */

import type { LimitUse, Period } from "../workflow/pace/period.ts";
import type { AgentProfile } from "../workflow/project.ts";
import type { Usage } from "../workflow/run.ts";
import type { Calls } from "./dialect/repetition.ts";
import type { Turns } from "./dialect/turns.ts";
import type { Failure, Terminal } from "./terminal.ts";

export interface InvocationContext {
  readonly run: string;
  readonly profile: AgentProfile;
  /** Session to continue, or `null` for a new one. */
  readonly session: string | null;
  readonly promptFile: string;
  readonly promptText: string;
  /** The folder with the text from outside, and nothing else; for programs that take it in a file. */
  readonly outsideFolder: string;
  /** The run's directory, where files of {@link Invocation.files} are put (`supervision/run-folder.ts`). */
  readonly directory: string;
  /** It runs inside walls of ours. */
  readonly walled: boolean;
}

export interface Invocation {
  readonly argv: readonly string[];
  /** What the backend itself needs in the environment, besides what every agent gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of a file for stdin, or `null`. */
  readonly stdin: string | null;
  /** Settings that the program reads from files: name in the run's directory, and text. */
  readonly files: Readonly<Record<string, string>>;
}

/** What is known of a run before its first line. */
export interface Beginning {
  /** The run's id, for programs that do not tell a session's name in time and are given one. */
  readonly run?: string;
  /** The session that is continued. */
  readonly session?: string | null;
  /** The model that the profile asked for. */
  readonly model: string | null;
  /** Whether a session is continued. */
  readonly resumed: boolean;
  /**
   * What earlier runs of this session have used, per model. Some programs print totals of the whole session; what this
   * run used is the difference.
   */
  readonly baseline: readonly Usage[];
}

/** What has been understood of a transcript so far: JSON, small, independent of the transcript's length. */
export interface Transcript {
  readonly session: string | null;
  readonly model: string | null;
  /** Tokens so far, per model; complete once the terminal event was read. */
  readonly usage: readonly Usage[];
  /** Tool calls begun and not ended: silence is allowed to be longer. */
  readonly openTools: number;
  /**
   * Events (calls, retries, errors) since the last one that brought something new: text, a tool call with new input,
   * a tool's result. A program that only repeats itself makes this grow, and is stopped as `runaway`.
   */
  readonly idle: number;
  /** Tool calls with their results, to notice one that is made over and over (`dialect/repetition.ts`). */
  readonly calls: Calls;
  /** Calls of the model that the program tells one by one (`dialect/turns.ts`). */
  readonly turns: Turns;
  /** What the program said last of the periods of its account, one each. */
  readonly limits: readonly LimitUse[];
  /** The program's own last word, if it was said. */
  readonly terminal: Terminal | null;
  /** Lines that were understood, and lines that were kept and skipped. */
  readonly lines: number;
  readonly unknownLines: number;
  /** Private state of the dialect, JSON. */
  readonly memory: Readonly<Record<string, unknown>>;
}

/** Everything known once the process is gone. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** When it ended (ms), to understand a reset that is told as a time of day. */
  readonly endedAt: number;
  /** The last 4 KiB of stderr. */
  readonly stderrTail: string;
  /** Those of the backend's `outputs` that are there, by name, each up to 1 MiB. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What lies where its files should lie and is none, in a sentence (`system/files/door.ts`); `null` if nothing. */
  readonly violation: string | null;
  /** Why it came no further than its project's set-up; `null` where there is none, or that is not the reason. */
  readonly setup: Failure | null;
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

/** Where a program keeps its own record of a session, and what that record adds to the transcript. */
export interface SessionFiles {
  /**
   * @param place the agent's whole environment, its working directory, and the session's id
   * @returns the home (absolute), or the folder that stands for it by the program's own variable; the folders below
   *   it, level by level, each by its name or by a pattern of names; and how to know the file
   */
  where(place: {
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
    readonly session: string;
  }): {
    readonly root: string;
    readonly folders: readonly (string | RegExp)[];
    readonly isSession: (name: string) => boolean;
  };
  /**
   * The transcript, bettered: usage of a run that said no last word, the moment a limit resets. Pure.
   *
   * @param text the file, or its last 16 MiB
   * @param since when this run started (ms): a session's file holds earlier runs, too
   */
  read(transcript: Transcript, text: string, since: number): Transcript;
  /** The record tells each call when it is over, and the output tells no usage before the end. */
  readonly isAhead: boolean;
}

export interface Backend {
  readonly name: string;
  /** Whether the backend knows how its program is called, or is given the whole command by the profile (`argv`). */
  readonly commandLine: "own" | "given";
  /** Settings of a profile that the program has nothing for, and why; the configuration refuses them. */
  readonly lacks: Readonly<Partial<Record<"mcp" | "effort", string>>>;
  /**
   * How text from outside reaches the program (I13): in its prompt, or in a file that it is told to read, because it
   * attaches by itself whatever file a prompt names behind an `@`, with no tool call that permissions could refuse.
   */
  readonly outsideText: "prompt" | "file";
  /** What its sessions are called. Output that names another is not believed: the name becomes an argument (I13). */
  readonly sessionName: RegExp;
  invoke(context: InvocationContext): Invocation;
  /** The transcript before the first line. */
  begin(beginning: Beginning): Transcript;
  /** Reads one line (without its LF). A line it does not know is skipped, never an error. */
  read(transcript: Transcript, line: string): Transcript;
  /** Names of the tools that are called in one line, as `dialect/tools.ts` has them; each counts where it is read. */
  toolsIn(line: string): readonly string[];
  /** Weighs terminal event, text and exit code. What our own signals have to do with it is weighed by the caller. */
  conclude(transcript: Transcript, ending: Ending): Conclusion;
  readonly stop: readonly StopStep[];
  /** Where the program says how it ended: in a line of its output, or in one of `outputs`, and maybe not at all. */
  readonly lastWord: "line" | "file";
  /** Names of files in the agent's folder of the run that the program writes and `conclude` wants to see. */
  readonly outputs: readonly string[];
  /** Of which periods of a subscription its program tells how much is used. */
  readonly reports?: readonly Period[];
  /** Read when the process is gone; while it works only if the record is ahead of the output. */
  readonly sessions: SessionFiles | null;
  /**
   * Arguments with which the program lets a person sign in on a terminal; none where it is simply started, `null` for a
   * program that we know nothing of.
   */
  readonly login: readonly string[] | null;
  /**
   * By what is seen, without asking anybody, that its agents have a way to their service: variables of which one is
   * set, or files that a login leaves, of which one is there. Files are relative to the home, or to the folder that a
   * variable in front names (`$CODEX_HOME/auth.json`). Whether the service still takes it, a run shows. `null` for a
   * program that we know nothing of.
   */
  readonly signedInBy: { readonly variables: readonly string[]; readonly files: readonly string[] } | null;
  /**
   * What a new home is given of the one that was used before, so that logins and sessions go on: paths relative to
   * both; one that ends in `*` stands for all that begin so.
   *
   * @param worktrees the folder that holds the folders of all tasks (absolute)
   */
  keeps(worktrees: string): readonly string[];
}
