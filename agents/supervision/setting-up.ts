/**
 * A run whose process is still at its project's set-up (`agents/setup/script.ts`), as its files tell. No agent is there
 * yet, so that none is late or silent.
 *
 * G1. The agent's time begins with the end of the set-up. Until then nothing is read but how far the set-up is.
 * G2. The set-up ends itself after its time limit. Whoever looks after the run is the net below that, as for an agent.
 * G3. Without a sandbox all of this could be forged by what runs there: for the ending of its own run, and for no more.
 */

import type { Clock } from "../../system/clock.ts";
import { type Door, silenceOf, textOf } from "../../system/files/door.ts";
import type { Files } from "../../system/files.ts";
import type { ExitRecord, Processes, ProcessIdentity } from "../../system/process/processes.ts";
import { LOG_BYTES_MAX, REASON_CHARS_MAX, SETUP_TAIL_BYTES } from "../../workflow/limits.ts";
import { visibleLine } from "../../workflow/text/visible.ts";
import { type Failure, failed } from "../terminal.ts";
import { ownPlace } from "./run-folder.ts";
import { watchEnd } from "./watch.ts";

/** The script itself: a run that has none has no set-up. */
export const SETUP_SCRIPT = "setup.sh";
export const SETUP_LOG = "setup.log";
/** There when the set-up has succeeded: from then on it is the agent that works. */
export const SETUP_DONE = "setup.done";
/** There when it has failed; holds the status of what has failed. */
export const SETUP_FAILED = "setup.failed";

/** The set-up's own word that it took too long: of timeout(1), also where that had to kill. */
const TIMED_OUT = ["124", "137"];
const LINES_MAX = 15;
const LOOK_MS = 1_000;

export interface SettingUp {
  readonly identity: ProcessIdentity;
  /** The run's. */
  readonly directory: string;
}

interface Ports {
  readonly clock: Clock;
  readonly processes: Pick<Processes, "ended">;
  readonly files: Pick<Files, "door">;
}

interface Hooks {
  /** Whether the run has to be looked after otherwise: because it is late, or was asked to stop. */
  isOver(): boolean;
  /** Its output would fill the disk. */
  onFlood(): Promise<void>;
}

/**
 * Waits until the set-up is over, one way or another.
 *
 * @returns when the agent began (ms, by the clock of files), also long after that; `null` where it did not, or where
 *   there is no set-up
 */
export async function awaitSetup(
  run: SettingUp,
  ports: Ports,
  hooks: Hooks,
  signal: AbortSignal,
): Promise<number | null> {
  const { door } = ports.files;
  if (!(await isThere(door, run.directory, SETUP_SCRIPT))) return null;
  const watch = watchEnd(ports, run, signal);
  try {
    for (let round = 0; ; round += 1) {
      const done = await door.look("set-up", ownPlace(run.directory, SETUP_DONE));
      if (done.kind === "seen") return done.modifiedAt;
      if (watch.hasEnded() || watch.hasLeft() || hooks.isOver()) return null;
      const log = await door.look("set-up", ownPlace(run.directory, SETUP_LOG));
      if (log.kind === "seen" && log.size > LOG_BYTES_MAX) {
        await hooks.onFlood();
        return null;
      }
      await watch.sleep(Math.min(LOOK_MS, 10 * 2 ** Math.min(round, 16)));
    }
  } finally {
    watch.close();
  }
}

/** Whether a run that lives is still at its set-up. */
export function isSettingUp(directory: string): boolean {
  const isThereNow = (name: string): boolean => silenceOf(ownPlace(directory, name)) !== null;
  return isThereNow(SETUP_SCRIPT) && !isThereNow(SETUP_DONE);
}

/** Why a run whose agent never ran came no further than its set-up; `null` where that is not the reason. */
export async function setupFailure(
  door: Door,
  directory: string,
  exit: ExitRecord | null,
): Promise<Failure | null> {
  if (exit?.neverRan !== true || !(await isThere(door, directory, SETUP_SCRIPT))) return null;
  const log = textOf(await door.readEnd("set-up", ownPlace(directory, SETUP_LOG), SETUP_TAIL_BYTES));
  // The gate stayed closed.
  if (log === null) return null;
  const marked = await door.read("set-up", ownPlace(directory, SETUP_FAILED), 0, 8);
  if (marked.kind === "missing")
    return (await isThere(door, directory, SETUP_DONE))
      ? null
      : failed("interrupted", `the set-up of its project was ended before it was done${quoted(log)}`);
  const isLate = TIMED_OUT.includes((textOf(marked) ?? "").trim());
  const what = isLate ? "took longer than its timeout" : "failed";
  return failed("setup", `the set-up of its project ${what}${quoted(log)}`);
}

async function isThere(door: Door, directory: string, name: string): Promise<boolean> {
  return (await door.look("set-up", ownPlace(directory, name))).kind === "seen";
}

/** The last lines, without what a terminal would make of them. */
function quoted(log: string): string {
  const lines = log
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "")
    .split(/[\r\n]+/)
    .map(visibleLine)
    .filter((line) => line !== "");
  const told = lines.slice(-LINES_MAX).join(" / ");
  return told === "" ? "" : `: ${told.slice(-Math.floor(REASON_CHARS_MAX / 2))}`;
}
