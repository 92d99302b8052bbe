/** Agents that obey files, and short ways to ask a staged daemon: for the tests of its ending and of its reload. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DaemonOptions, DaemonProcess } from "./daemon-process.ts";

export interface SeenRun {
  readonly id: string;
  readonly task: string;
  readonly agent: string;
  readonly status: string;
  readonly pid: number | null;
  readonly failure_class: string | null;
  readonly claimed_at: string;
  readonly stop_reason: string | null;
  readonly reason: string | null;
  readonly session_id: string | null;
  readonly timeout_ms: number | null;
  readonly input_tokens: number;
  readonly cost_usd: number | null;
}

export interface SeenJob {
  readonly task: string;
  readonly status: string;
  readonly attempts: number;
  readonly interruptions: number;
}

/**
 * An agent that notes its start and its end in `journal`, and works until the file `go` is there. Asked to stop, it
 * writes down what it has used so far, as a good program does, and leaves a child in a session of its own behind.
 */
export function obedientAgent(folder: string): string[] {
  const usage = { model: "none", input_tokens: 120, output_tokens: 8, cost_usd: 0.25 };
  const result = JSON.stringify({ status: "error", summary: "cut off", session_id: "s-1", usage: [usage] });
  const script = `
    trap 'printf %s '\\''${result}'\\'' > "$CHARGEHAND_RESULT"; echo "stopped $CHARGEHAND_TASK" >> ${folder}/journal; exit 143' TERM
    echo "began $CHARGEHAND_TASK" >> ${folder}/journal
    setsid sh -c 'while [ -d ${folder} ]; do sleep 0.2; done' &
    while [ ! -e ${folder}/go ] && [ ! -e ${folder}/go-$CHARGEHAND_TASK ]; do
      [ -d ${folder} ] || exit 1
      sleep 0.05
    done
    echo worked >> work.txt
    echo "ended $CHARGEHAND_TASK" >> ${folder}/journal`;
  return ["/bin/sh", "-c", script];
}

/** What the agents of a stage have noted, in order. */
export function journal(stage: DaemonProcess): readonly string[] {
  const file = join(stage.folder, "journal");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

/** Lets the agent of this task end, or all. */
export function go(stage: DaemonProcess, task?: string): void {
  writeFileSync(join(stage.folder, task === undefined ? "go" : `go-${task}`), "");
}

/** A stage with an obedient agent, its daemon not yet started; whatever happens, nothing of it is left afterwards. */
export async function withScene(
  options: Omit<DaemonOptions, "argv"> & { readonly more?: string },
  work: (stage: DaemonProcess) => Promise<void>,
): Promise<void> {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  setUp(stage, options);
  try {
    await work(stage);
  } finally {
    go(stage);
    await stage.close();
  }
}

/** Writes the configuration anew; `more` are further lines at its end. */
export function setUp(
  stage: DaemonProcess,
  { more = "", ...options }: Omit<DaemonOptions, "argv"> & { readonly more?: string },
): void {
  stage.configure({ ...options, argv: obedientAgent(stage.folder) });
  writeFileSync(stage.config, `${readFileSync(stage.config, "utf8")}${more}`);
}

export function signal(stage: DaemonProcess, name: NodeJS.Signals): void {
  process.kill(stage.pid, name);
}

/** Waits for the end of a daemon that was told to end; its exit code. */
export function exitOf(stage: DaemonProcess): Promise<number | null> {
  return stage.end("SIGCONT");
}

/** Oldest first. */
export async function runsOf(stage: DaemonProcess): Promise<readonly SeenRun[]> {
  return (await stage.api<{ runs: SeenRun[] }>("/api/v1/runs")).body.runs.toReversed();
}

export async function jobOf(stage: DaemonProcess, task: string): Promise<SeenJob | undefined> {
  const { jobs } = (await stage.api<{ jobs: SeenJob[] }>(`/api/v1/jobs?task=${task}`)).body;
  return jobs[0];
}

export async function taskStatus(stage: DaemonProcess, key: string): Promise<string> {
  return (await stage.api<{ status: string }>(`/api/v1/tasks/${key}`)).body.status;
}

/** Waits until the agent of this task runs and is on record as running. */
export async function untilRunning(stage: DaemonProcess, task: string): Promise<SeenRun> {
  let found: SeenRun | undefined;
  await stage.until(`the agent of ${task} runs`, async () => {
    if (!journal(stage).includes(`began ${task}`)) return false;
    found = (await runsOf(stage)).find((run) => run.task === task && run.status === "running");
    return found !== undefined;
  });
  if (found === undefined) throw new Error("unreachable");
  return found;
}

export async function untilDone(stage: DaemonProcess, task: string): Promise<void> {
  await stage.until(`${task} is done`, async () => (await taskStatus(stage, task)) === "done");
}

/** Waits until the daemon has logged this event so often since the stage began. */
export async function untilLogged(stage: DaemonProcess, event: string, times = 1): Promise<void> {
  await stage.until(`${event} is logged`, () => linesOf(stage, event).length >= times);
}

export function linesOf(stage: DaemonProcess, event: string): readonly Record<string, unknown>[] {
  return stage.log
    .split("\n")
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line) => JSON.parse(line));
}

/** Processes that carry the mark of this run, in whatever session they are. */
export function marked(run: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "latin1").includes(`CHARGEHAND_RUN=${run}`)
      );
    } catch {
      // It ended while we looked.
      return false;
    }
  });
}

export function isAlive(pid: number | null | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return true;
  } catch {
    return false;
  }
}
