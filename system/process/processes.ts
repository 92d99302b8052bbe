/**
 * The only door to processes: start gate, identity, signals, sweep.
 *
 * P1. A process is believed only with pid, kernel start time, group and boot id (I5); every signal re-checks them.
 * P2. A launched agent does not run before `release`. A daemon that dies or freezes before that leaves a child that
 *     reads end-of-file and exits without having run the agent (DESIGN §5, *Start gate*).
 * P3. Output goes to files, never to pipes of the daemon; the launcher writes `exit.json` by rename.
 */

/** Structural twin of `Identity` in `workflow/run.ts`: this room knows no nouns of the house. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: number;
  readonly pgid: number;
  readonly leaderTicks: number;
  readonly bootId: string;
}

export interface LaunchSpec {
  readonly argv: readonly string[];
  /**
   * A command that runs the words after it and ends as they do, such as `systemd-run --scope --`. If it fails, the
   * agent never ran.
   */
  readonly wrapper?: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Directory for `stdout.log`, `stderr.log` (appended to) and `exit.json`. */
  readonly directory: string;
  /** A file for stdin, or `null` for `/dev/null`. */
  readonly stdin: string | null;
}

export interface Launched {
  readonly identity: ProcessIdentity;
  /** Opens the start gate: the agent is exec'ed. */
  release(): void;
  /** Closes the start gate without a byte: the child exits and the agent never ran. */
  abandon(): void;
}

export type LaunchResult =
  | { readonly kind: "launched"; readonly launched: Launched }
  | { readonly kind: "failed"; readonly reason: string };

/** What the launcher wrote when the agent ended. */
export interface ExitRecord {
  /** The agent's exit code, `null` when a signal ended it. */
  readonly code: number | null;
  /** Such as `SIGKILL`; `null` when it exited by itself. */
  readonly signal: string | null;
  /** The start gate was never opened, or the wrapper failed: the agent did not run. */
  readonly neverRan: boolean;
}

/** `group`: the whole process group, by its leader; `process`: the agent alone. */
export type SignalScope = "group" | "process";

/** Every effect takes the name of the operation first, so that a test can break exactly one call site. */
export interface Processes {
  /** Of the machine's present boot; worlds that never boot again have none. */
  readonly bootId?: string;
  launch(operation: string, spec: LaunchSpec): Promise<LaunchResult>;
  /** False also for a zombie, for a reused pid, and after a reboot. */
  isAlive(identity: ProcessIdentity): boolean;
  /** How long ago it began (ms), by the kernel's own clock; `null` when it is gone, or the kernel cannot tell. */
  ageMs(identity: ProcessIdentity): number | null;
  /** True when the launcher (group leader) still lives: `exit.json` may yet come. */
  isLauncherAlive(identity: ProcessIdentity): boolean;
  /** Re-checks the identity, then signals. False when there was nobody to signal. */
  signal(
    operation: string,
    identity: ProcessIdentity,
    signal: "SIGINT" | "SIGTERM" | "SIGKILL",
    scope: SignalScope,
  ): boolean;
  /**
   * Resolves when the process has ended and its exit is written or will never be (its launcher is gone, too), or when
   * `signal` aborts. Works for adopted processes too, and for those whose launcher was killed. Never rejects: what
   * cannot be looked at has not ended.
   */
  ended(identity: ProcessIdentity, directory: string, signal: AbortSignal): Promise<void>;
  exitRecord(directory: string): Promise<ExitRecord | null>;
  /** How many there are that a sweep would kill. It looks only. */
  strays(operation: string, mark: string, directory: string): Promise<number>;
  /** Kills what carries `mark` (`NAME=value`) in its environment or works below `directory`; returns how many. */
  sweep(operation: string, mark: string, directory: string): Promise<number>;
}
