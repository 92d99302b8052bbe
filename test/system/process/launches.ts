/** What the tests of real processes share: a run directory, a worktree, agents in them, and their removal. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Clock, systemClock } from "../../../system/clock.ts";
import { systemProcesses } from "../../../system/process/linux.ts";
import { readStat } from "../../../system/process/proc.ts";
import type {
  ExitRecord,
  Launched,
  LaunchSpec,
  Processes,
  ProcessIdentity,
} from "../../../system/process/processes.ts";
import { markOf, RUN_MARK } from "../../../workflow/run.ts";

export const clock: Clock = systemClock();
export const processes: Processes = systemProcesses(clock);

/** Long enough for a machine that is busy with everything else; nobody waits so long for what works. */
const PATIENCE_MS = 30_000;

export interface Launches {
  /** The run directory. */
  readonly directory: string;
  readonly worktree: string;
  /** `NAME=value` that every agent of these launches carries. */
  readonly mark: string;
  readonly spec: (argv: readonly string[], more?: Partial<LaunchSpec>) => LaunchSpec;
  /** Behind its gate. */
  launch(argv: readonly string[], more?: Partial<LaunchSpec>): Promise<Launched>;
  /** Past its gate; a string is a script for the shell, of which it becomes the agent. */
  start(agent: string | readonly string[], more?: Partial<LaunchSpec>): Promise<ProcessIdentity>;
  ended(identity: ProcessIdentity): Promise<ExitRecord | null>;
  /** A file of the run directory, or `null`. */
  read(name: string): string | null;
}

/** Everything of it, processes too, is gone when the test is over. */
export function launches(t: TestContext): Launches {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "chargehand-system-")));
  const [directory, worktree] = [join(home, "run"), join(home, "worktree")];
  for (const path of [directory, worktree]) mkdirSync(path);
  const mark = markOf(home);
  t.after(async () => {
    await processes.sweep("test", mark, home);
    rmSync(home, { recursive: true, force: true });
  });
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", [RUN_MARK]: home };
  const spec: Launches["spec"] = (argv, more) => ({
    ...{ argv, cwd: worktree, env, directory, stdin: null },
    ...more,
  });
  const launch: Launches["launch"] = async (argv, more) => {
    const result = await processes.launch("test", spec(argv, more));
    assert.ok(result.kind === "launched", result.kind === "failed" ? result.reason : "");
    return result.launched;
  };
  const path = (name: string): string => join(directory, name);
  return {
    ...{ directory, worktree, mark, spec, launch },
    async start(agent, more): Promise<ProcessIdentity> {
      const argv = typeof agent === "string" ? ["/bin/sh", "-c", agent] : agent;
      const { identity, release } = await launch(argv, more);
      release();
      return identity;
    },
    async ended(identity): Promise<ExitRecord | null> {
      await endOf(processes, identity, directory);
      return processes.exitRecord(directory);
    },
    read: (name) => (existsSync(path(name)) ? readFileSync(path(name), "utf8") : null),
  };
}

/** What ends a test by patience alone has failed it. */
export async function endOf(its: Processes, identity: ProcessIdentity, directory: string): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  await its.ended(identity, directory, patience);
  assert.equal(patience.aborted, false, "its end was never told");
  assert.equal(its.isAlive(identity), false, "it was told to have ended, and lives");
}

/** Looks until `probe` finds something. */
export async function until<T>(what: string, probe: () => T | null | undefined | false): Promise<T> {
  const end = clock.monotonic() + PATIENCE_MS;
  for (;;) {
    const found = probe();
    if (found !== null && found !== undefined && found !== false) return found;
    assert.ok(clock.monotonic() < end, `never seen: ${what}`);
    await clock.sleep(5);
  }
}

/** The first word of a process's command line: `sleep`, or still the shell before it. */
export function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0")[0] ?? "";
}

/** Until the shell before the agent has become `sleep`. */
export async function asleep(identity: ProcessIdentity): Promise<void> {
  await until("the agent's exec", () => commandOf(identity.pid) === "sleep");
}

export function isRunning(pid: number): boolean {
  return readStat(pid)?.running === true;
}

/** A pid that an agent of these launches wrote into a file of its run directory or to its output. */
export async function pidIn(it: Launches, name: string): Promise<number> {
  const line = await until(`a pid in ${name}`, () => /^(\d+)\n/.exec(it.read(name) ?? "")?.[1]);
  return Number(line);
}

/** Launches carry the path of their home as the id of their run. */
export function runOf({ mark }: Launches): string {
  return mark.slice(markOf("").length);
}
