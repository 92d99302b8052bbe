/**
 * The launcher: a few lines of POSIX shell between the daemon and an agent.
 *
 * L1. The agent runs in the FOREGROUND of the launcher. Started with `&`, a shell without job control would make it
 *     ignore SIGINT and SIGQUIT for good, and the stop sequence would lose its gentlest step.
 * L2. The launcher outlives the signals meant for the group by handlers that do nothing: handlers are reset by `exec`,
 *     whereas an ignored signal would stay ignored in the agent. Once the agent has ended they are ignored after all,
 *     because then that is what is wanted of its child (L6).
 * L3. The gated child tells its pid on fd 4 (a subshell reads it from `/proc/self`, because `$$` is its parent's) and
 *     waits for a line on fd 3. End of file instead of a line means that the daemon is gone or has thought better of
 *     it: the agent never runs.
 * L4. The agent ran if something stood in `exit.json.tmp` before the launcher wrote it: the gated child says so when
 *     the start gate has opened and a wrapper, if there is one, has done its work. Thus a child that is killed while it
 *     waits is not taken for an agent that was killed. Behind a wrapper there may be walls, and no such file: it is
 *     said to a descriptor that was opened before them, and that is closed before the agent begins.
 * L5. `exec` keeps pid and kernel start time, so what the daemon recorded of the gated child is true of the agent, also
 *     through a wrapper that execs what it wraps. A sandbox forks instead (`agents/sandbox/`): then the process on
 *     record is the one that waits for the agent outside, lives as long, and ends as the agent did.
 * L6. The exit is written beside and renamed, so that `exit.json` is there whole or not at all. What renames it is a
 *     program in the same group: it inherits that signals are ignored, or one that came too late for the agent would
 *     end it, and the exit would never be known. What an agent has laid in its way, a pipe without a reader, say, goes
 *     first.
 */

import type { ExitRecord, LaunchSpec } from "./processes.ts";
import { quote } from "./quote.ts";

/** Says that the agent is about to run (L4). */
const OPENED = `echo >"$directory/exit.json.tmp"`;
/** Opens what it is said to behind a wrapper. */
const LISTEN = `exec 8>"$directory/exit.json.tmp"`;
const OPENED_INSIDE = `echo >&8; exec 8>&-; exec "$@"`;

/** What waits for the end of the agent, from when the gated child has ended on. */
const EPILOGUE = `ran=false
[ -s "$directory/exit.json.tmp" ] && ran=true
[ -f "$directory/exit.json.tmp" ] && [ ! -L "$directory/exit.json.tmp" ] || /bin/rm -rf "$directory/exit.json.tmp"
printf '{"status":%d,"ran":%s}\\n' "$status" "$ran" >"$directory/exit.json.tmp"
/bin/mv -f "$directory/exit.json.tmp" "$directory/exit.json"`;

/** The gated child tells its pid, once and for all: what it execs later keeps it (L5). */
const TELL = `read -r pid rest </proc/self/stat
  echo "$pid" >&4`;

/** `inside` is what the gated child does when it has told its pid. */
function around(inside: string, between: string): string {
  return `trap : HUP INT QUIT TERM USR1 USR2
(
  ${TELL}
  ${inside}
)
status=$?
trap '' HUP INT QUIT TERM USR1 USR2
${between}${EPILOGUE}`;
}

function behindGate({ wrapper }: LaunchSpec, redirect: string): string {
  return `read -r go <&3 || exit 75
  exec 3<&-
  ${wrapper === undefined ? OPENED : LISTEN}
  ${redirect}
  exec "$@"`;
}

/** The launcher as arguments of a shell. */
export function launchArguments(spec: LaunchSpec): readonly string[] {
  const script = `directory=$1\nshift\n${around(`exec 4>&-\n  ${behindGate(spec, ":")}`, "")}`;
  return ["-c", script, "chargehand-launcher", spec.directory, ...commandLine(spec)];
}

/** With a wrapper, a shell behind it says that the agent runs, because only there it is true. */
function commandLine({ argv, wrapper }: LaunchSpec): readonly string[] {
  return wrapper === undefined
    ? argv
    : [...wrapper, "/bin/sh", "-c", OPENED_INSIDE, "chargehand-inside", ...argv];
}

/** A name that a shell can export; other variables are left to the launcher that gets its environment from `spawn`. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The launcher for a run that nobody knows yet (`spare.ts`): its gated child has become a shell that reads on stdin
 * what to do ({@link launchScript}), and the launcher learns on fd 5 where the exit belongs.
 */
export const SPARE_ARGUMENTS: readonly string[] = [
  "-c",
  around("exec /bin/sh -s 4>&- 5<&-", "IFS= read -r directory <&5 || exit\n"),
  "chargehand-launcher",
];

/**
 * What the gated child of a spare launcher does, with directory, environment and command line written into it; `null`
 * where a shell could not say it exactly. It is one group of commands, read whole before its first one is obeyed.
 */
export function launchScript(spec: LaunchSpec): string | null {
  const argv = commandLine(spec);
  const words = [spec.directory, spec.cwd, spec.stdin ?? "", ...argv, ...Object.values(spec.env)];
  if (words.some((word) => word.includes("\0")) || !Object.keys(spec.env).every((name) => NAME.test(name)))
    return null;
  if (spec.directory.includes("\n")) return null;
  const logs = `>>${quote(`${spec.directory}/stdout.log`)} 2>>${quote(`${spec.directory}/stderr.log`)}`;
  return [
    "{",
    `cd -- ${quote(spec.cwd)} || exit 76`,
    "unset OLDPWD",
    ...Object.entries(spec.env).map(([name, value]) => `export ${name}=${quote(value)}`),
    `directory=${quote(spec.directory)}`,
    `set -- ${argv.map(quote).join(" ")}`,
    behindGate(spec, `exec <${quote(spec.stdin ?? "/dev/null")} ${logs}`),
    "}",
    "",
  ].join("\n");
}

/** Signals that end a process; only for these a shell's status above 128 means a signal. */
const SIGNALS: ReadonlyMap<number, string> = new Map([
  [1, "SIGHUP"],
  [2, "SIGINT"],
  [3, "SIGQUIT"],
  [4, "SIGILL"],
  [5, "SIGTRAP"],
  [6, "SIGABRT"],
  [7, "SIGBUS"],
  [8, "SIGFPE"],
  [9, "SIGKILL"],
  [11, "SIGSEGV"],
  [13, "SIGPIPE"],
  [14, "SIGALRM"],
  [15, "SIGTERM"],
  [24, "SIGXCPU"],
  [25, "SIGXFSZ"],
]);

/** What stands in `exit.json`; `null` for anything that the launcher did not write. */
export function parseExit(text: string): ExitRecord | null {
  const [, status, ran] = /^\{"status":(\d{1,3}),"ran":(true|false)\}\n$/.exec(text) ?? [];
  if (status === undefined) return null;
  return { ...decodeStatus(Number(status)), neverRan: ran === "false" };
}

/** A shell's `$?` as an exit code or a signal. Some programs exit with codes above 128 that are no signals. */
function decodeStatus(status: number): Pick<ExitRecord, "code" | "signal"> {
  const signal = SIGNALS.get(status - 128) ?? null;
  return signal === null ? { code: status, signal } : { code: null, signal };
}
