/**
 * A real program walks a task through a workflow of two phases, in the daemon as it is: a process of its own, started
 * by a webhook, with git, walls, API and all. What has to come of it stands in `walked.ts`.
 */

import { createHash, randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemClock } from "../../system/clock.ts";
import { DaemonProcess } from "../e2e/daemon-process.ts";
import { marked } from "../e2e/scene.ts";
import { NOWHERE } from "./perform.ts";
import type { Plot } from "./plot.ts";
import type { Program, Setup } from "./programs.ts";
import type { Stage, Verdict } from "./scene.ts";
import { GOOD_PLAN, MADE, STEPS, type Walked, type WalkedTask, WORKFLOW, walkDifferences } from "./walked.ts";

const KEY = "SHOP-1";
/** For three runs together. Quiet they take less than a minute; generous, because the machine may be busy. */
const PATIENCE_MS = 900_000;
const GLANCE_MS = 100;
const ENDED: ReadonlySet<string> = new Set(["done", "failed", "cancelled", "blocked"]);

const clock = systemClock();

/** @param start the program's file */
export async function walk(stage: Stage, program: Program, start: string): Promise<Verdict> {
  const plot: Plot = {
    ...{ audience: `${program.name}-walk-${randomUUID().slice(0, 8)}`, name: "walk", waitSeconds: 0 },
    command: STEPS,
  };
  const daemon = new DaemonProcess({ argv: ["/bin/true"] });
  const home = join(daemon.folder, "home");
  const setup = program.setUp({ url: stage.server.urlFor(plot), home, name: "workflow" });
  let wrong: readonly string[] = ["it was broken off"];
  const begun = clock.now();
  walking.add(daemon);
  try {
    configure(stage, daemon, program, start, home, setup);
    await daemon.start();
    await daemon.label(1);
    const task = await ended(daemon);
    wrong = walkDifferences({
      ...(await lookAt(daemon, task)),
      program,
      calls: stage.server.played(plot).calls,
    });
  } finally {
    await leave(daemon, stage.keep && wrong.length > 0);
    walking.delete(daemon);
  }
  const stderrTail = wrong.length > 0 && stage.keep ? `kept: ${daemon.folder}` : "";
  return { wrong, tookMs: clock.now() - begun, stderrTail };
}

function configure(
  stage: Stage,
  daemon: DaemonProcess,
  program: Program,
  start: string,
  home: string,
  { profile, account, home: homeFiles }: Setup,
): void {
  mkdirSync(`${home}/tmp`, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(homeFiles)) {
    mkdirSync(dirname(`${home}/${name}`), { recursive: true });
    writeFileSync(`${home}/${name}`, text);
  }
  writeFileSync(join(daemon.folder, "walk.yaml"), WORKFLOW);
  const agent = {
    ...{ backend: program.name, program: start, model: profile.model, args: profile.args },
    ...{ accounts: ["walker"], timeout: "10m", max_attempts: 2 },
  };
  daemon.configure({
    ...{ argv: [], workflow: "./walk.yaml", agent: JSON.stringify(agent) },
    isolation: stage.walls.level === "sandbox" ? "sandbox" : "none",
  });
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    ...{ TMPDIR: `${home}/tmp`, npm_config_registry: NOWHERE, ...account },
  };
  const accounts = { walker: { backend: program.name, home, env } };
  appendFileSync(daemon.config, `accounts: ${JSON.stringify(accounts)}\n`);
}

async function taskNow(daemon: DaemonProcess): Promise<WalkedTask> {
  const { body } = await daemon.api<WalkedTask>(`/api/v1/tasks/${KEY}`);
  return body;
}

/** The task when it has ended; or as it is when nobody would wait any longer. */
async function ended(daemon: DaemonProcess): Promise<WalkedTask> {
  const until = clock.now() + PATIENCE_MS;
  let task = await taskNow(daemon);
  while (!ENDED.has(task.status) && clock.now() < until) {
    await clock.sleep(GLANCE_MS);
    task = await taskNow(daemon);
  }
  return task;
}

async function lookAt(daemon: DaemonProcess, task: WalkedTask): Promise<Omit<Walked, "program" | "calls">> {
  const { body } = await daemon.api<Pick<Walked, "artifacts">>(`/api/v1/tasks/${KEY}/artifacts`);
  const runs = task.runs.toReversed();
  return {
    task: { ...task, runs },
    artifacts: body.artifacts,
    hash: createHash("sha256").update(GOOD_PLAN).digest("hex"),
    pushed: task.status === "done" ? shown(daemon, task.branch) : null,
    strays: runs.reduce((sum, { id }) => sum + marked(id).length, 0),
  };
}

function shown(daemon: DaemonProcess, branch: string | null): string | null {
  try {
    return daemon.git(daemon.remote, "show", `${branch}:${MADE.file}`);
  } catch {
    // There is no such branch, or no such file in it: what was expected says the rest.
    return null;
  }
}

/** Agents survive their daemon: what still works is killed after it. */
async function leave(daemon: DaemonProcess, keeps: boolean): Promise<void> {
  await daemon.end("SIGKILL");
  const runs = join(daemon.dataDir, "runs");
  const left = (): readonly string[] => (existsSync(runs) ? readdirSync(runs).flatMap(marked) : []);
  for (let pids = left(); pids.length > 0; pids = left()) {
    for (const pid of pids) isKilled(Number(pid));
    await clock.sleep(GLANCE_MS);
  }
  if (!keeps) await daemon.close();
}

/** @returns false for one that ended while we looked */
function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

const walking = new Set<DaemonProcess>();

/** For a test that is broken off. */
export async function breakOff(): Promise<void> {
  for (const daemon of walking) await leave(daemon, false);
}
