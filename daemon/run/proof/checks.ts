/**
 * The checks of a phase: commands that prove the work of its agent, run when that has ended well.
 *
 * X1. One after the other, inside the walls that the agent had; the first that fails ends them.
 * X2. They may be begun anew at any time: what an earlier daemon has left of them is killed first, and nothing of what
 *     they found is believed but what was found by one daemon from the beginning to the end.
 * X3. They see no variable of the account: what proves work needs no key of a model service (I12).
 * X4. What they write is kept in the run's folder, bounded, where no agent inside walls can write ({@link CHECKS_LOG}).
 *     The end of what the failing one wrote goes back to the agent, as text that people could read, without secrets.
 * X5. Whoever cancels a task ends its checks, as it ends what is published (P1 of `daemon/run/publish.ts`).
 */

import { homeOf } from "../../../agents/home.ts";
import { ownPlace } from "../../../agents/supervision/run-folder.ts";
import type { Workspace } from "../../../forges/git/workspace.ts";
import type { AgentProfile, Project } from "../../../workflow/project.ts";
import { markOf, type Run, type RunOutcome } from "../../../workflow/run.ts";
import type { Task } from "../../../workflow/task.ts";
import { visibleText } from "../../../workflow/text/visible.ts";
import type { Check, WorkflowPhase } from "../../../workflow/workflow.ts";
import { accountEnvironment, environmentOf } from "../environment.ts";
import { orOwnTrouble } from "../own-trouble.ts";
import {
  CHECK_OUTPUT,
  type CheckEnd,
  type CheckRun,
  insist,
  type RunnerPorts,
  runDirectory,
} from "../ports.ts";
import { projectData } from "../project-data.ts";
import { wallsAround, wallsTrouble } from "../walls.ts";
import { workspaceSpec } from "../workspace.ts";
import { refused } from "./refused.ts";

export interface Checking {
  readonly run: Run;
  readonly checks: readonly Check[];
  /** As the run was played by it: in a window, with what that says. */
  readonly profile: AgentProfile;
  readonly project: Project;
  readonly workspace: Workspace;
}

export type Checked =
  | { readonly kind: "passed" }
  | {
      readonly kind: "failed";
      readonly check: Check;
      readonly end: CheckEnd;
      /** One sentence: which check, and how it ended. */
      readonly reason: string;
      /** The last lines that it wrote, at most 4 KiB. */
      readonly tail: string;
    }
  /** Its job went on without it: what they would prove is asked for by nobody. */
  | { readonly kind: "cancelled" }
  /** They could not be run, by no fault of the agent. */
  | { readonly kind: "unable"; readonly reason: string };

/** In the run's folder. */
export const CHECKS_LOG = "checks.log";
const LOG_BYTES_MAX = 1_048_576;
const TAIL_BYTES = 4_096;
/** Of a command, in a sentence. */
const NAMED_CHARS_MAX = 200;
/** Where each check has its output and its end while it runs. */
const FOLDER = "checks";

/** The phase of a run, as far as its checks go. */
interface Checkable {
  readonly task: Task;
  readonly phase: Pick<WorkflowPhase, "checks">;
}

/**
 * The outcome of a run whose work has passed the checks of its phase, or what they have found; every other passes
 * unchanged.
 *
 * @returns `null` when the daemon stops meanwhile: the next one begins them anew
 */
export async function checkWork(
  ports: RunnerPorts,
  run: Run,
  played: Checkable | null,
  outcome: RunOutcome,
  signal: AbortSignal,
): Promise<RunOutcome | null> {
  if (outcome.status !== "succeeded" || outcome.asks !== undefined) return outcome;
  if (played === null || played.phase.checks.length === 0) return outcome;
  const checked = await checkPlayed(ports, run, played, signal);
  switch (checked?.kind) {
    case undefined:
      return null;
    case "passed":
      return outcome;
    case "failed":
      return refused(outcome, "check", checked.reason, `${checked.reason}\n\n${checked.tail}`);
    case "cancelled":
      return { ...refused(outcome, "cancelled", "it was cancelled while it was checked"), status: "killed" };
    case "unable":
      return refused(outcome, "workspace", `its work could not be checked: ${checked.reason}`);
  }
}

async function checkPlayed(
  ports: RunnerPorts,
  run: Run,
  { task, phase: { checks } }: Checkable,
  signal: AbortSignal,
): Promise<Checked | null> {
  const [project, profile] = [ports.projects.get(run.project), ports.profiles.get(run.agent)];
  if (project === undefined) return { kind: "unable", reason: "its project left the configuration" };
  if (profile === undefined) return { kind: "unable", reason: "its agent left the configuration" };
  const made = await orOwnTrouble(() => ports.workspaces.prepare(workspaceSpec(task, project, profile)));
  if (made.kind === "failed") return { kind: "unable", reason: made.reason };
  return runChecks(ports, { run, checks, profile, project, workspace: made.value }, signal);
}

/** @returns `null` when the daemon stops meanwhile */
export async function runChecks(
  ports: RunnerPorts,
  checking: Checking,
  signal: AbortSignal,
): Promise<Checked | null> {
  const { run, checks, workspace } = checking;
  const surroundings = await surroundingsOf(ports, checking);
  if (typeof surroundings === "string") return { kind: "unable", reason: surroundings };
  const mark = markOf(run.id);
  const cwd = workspace.directory;
  // X2.
  await ports.processes.sweep("check", mark, cwd);
  const directory = runDirectory(ports, run.id);
  let log = "";
  for (const check of checks) {
    const own = await freshFolder(ports, directory);
    const what = { command: check.run, timeoutMs: check.timeoutMs, cwd, mark, directory: own };
    const unwanted = (): Promise<boolean> => isUnwanted(ports, run, signal);
    const ran = await ports.checks.run("check", { ...surroundings, ...what }, unwanted, signal);
    const bytes = Math.max(TAIL_BYTES, Math.floor(LOG_BYTES_MAX / checks.length) - HEAD_BYTES);
    const output = await outputOf(ports, own, bytes);
    const command = ports.log.redactor.redact(check.run);
    log += `$ ${command.slice(0, HEAD_BYTES / 4)}\n${output}\n=> ${endInWords(ran)}\n\n`;
    await ports.files.write("check", `${directory}/${CHECKS_LOG}`, log);
    await ports.files.remove("check", own);
    if (signal.aborted) return null;
    if (ran.kind === "exit" && ran.code === 0) continue;
    if (ran.kind === "dropped") return { kind: "cancelled" };
    const reason = `the check ${JSON.stringify(command.slice(0, NAMED_CHARS_MAX))} ${endInWords(ran)}`;
    if (ran.kind === "unable") return { kind: "unable", reason };
    return { kind: "failed", check, end: ran, reason, tail: tailOf(output) };
  }
  return { kind: "passed" };
}

interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly walls: readonly string[];
}

/** A sentence where this run cannot have what it had. */
async function surroundingsOf(
  ports: RunnerPorts,
  { run, profile, project, workspace }: Checking,
): Promise<Surroundings | string> {
  const directory = runDirectory(ports, run.id);
  const whole = environmentOf(ports, run, profile, directory, {});
  const account = accountEnvironment(ports, run);
  const hidden = Object.keys(account).filter((name) => name !== "HOME" && name !== "PATH");
  const env = Object.fromEntries(Object.entries(whole).filter(([name]) => !hidden.includes(name)));
  const inside = {
    ...{ profile, project, directory, account, env },
    worktree: workspace.directory,
    borrowed: [workspace.borrowed, ...(workspace.alsoBorrowed ?? [])],
    home: homeOf(ports, run.account, profile),
    data: await projectData(ports, project),
  };
  return wallsTrouble(ports, inside) ?? { env, walls: wallsAround(ports, inside) };
}

/** Without what an earlier check, or an agent without walls, has laid there. */
async function freshFolder({ files }: RunnerPorts, directory: string): Promise<string> {
  const folder = `${directory}/${FOLDER}`;
  await files.remove("check", folder);
  await files.makeDirectory("check", folder);
  return folder;
}

/** X5. Other reasons to stop come too late for an agent that has ended. */
async function isUnwanted(ports: RunnerPorts, run: Run, signal: AbortSignal): Promise<boolean> {
  if (ports.stops.reasonFor(run.id) === null) return false;
  const job = await insist(ports, run.id, signal, () => ports.store.jobs.get(run.job));
  return !signal.aborted && (job?.status !== "running" || job.fence !== run.fence);
}

/** Around the output of each check, at most. */
const HEAD_BYTES = 2_048;

/**
 * The end of what it wrote. More is read than is kept, or half a secret would not be known for one; in the bytes it is
 * masked, so that the cut stays where it is.
 */
async function outputOf({ files, log }: RunnerPorts, directory: string, bytes: number): Promise<string> {
  const place = ownPlace(directory, CHECK_OUTPUT);
  const received = await files.door.readEnd("check", place, bytes + log.redactor.reach());
  if (received.kind !== "read") return "";
  const kept = log.redactor.mask(received.bytes).subarray(-bytes);
  const output = new TextDecoder()
    .decode(kept)
    .replace(/^\ufffd+/, "")
    .trimEnd();
  const left = received.size - bytes;
  return left <= 0 ? output : `[${left} bytes before this are left out]\n${output}`;
}

/** Whole characters. */
function lastBytes(text: string, bytes: number): string {
  const all = Buffer.from(text);
  return all.length <= bytes
    ? text
    : all
        .subarray(-bytes)
        .toString("utf8")
        .replace(/^\ufffd+/, "");
}

/** Whole lines, without what a terminal would make of them. */
function tailOf(output: string): string {
  const near = lastBytes(output, 2 * TAIL_BYTES).replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "");
  const seen = visibleText(near).trim();
  const tail = lastBytes(seen, TAIL_BYTES);
  return tail === seen ? tail : tail.slice(tail.indexOf("\n") + 1);
}

function endInWords(ran: CheckRun): string {
  switch (ran.kind) {
    case "exit":
      return `ended with exit code ${ran.code}`;
    case "signal":
      return `was ended by ${ran.signal}`;
    case "timeout":
      return `took longer than ${Math.round(ran.afterMs / 1_000)} s, and was ended`;
    case "flood":
      return `wrote more than ${Math.floor(ran.bytes / 1_048_576)} MiB, and was ended`;
    case "dropped":
      return "was stopped before its end";
    case "unable":
      return `could not be run: ${ran.reason}`;
  }
}
