/** The faults, each as it strikes the real thing. What a fault expects of the daemon at once, it says itself. */

import { join } from "node:path";
import { type Field, insistItLives, startWell, type Victim, victim } from "./field.ts";
import { Found, moment, until, within } from "./patience.ts";
import type { Fault, FaultKind } from "./plan.ts";
import { innocentAt, isAlive, processes, type Seen, seen, strike, workingDirectory } from "./processes.ts";
import { FINAL_TASK, readLive, readRecords } from "./records.ts";

/** How long a fault waits for the moment it was meant for. */
const MOMENT_MS = 500;
/** How long the daemon may take to see that a run is over. */
const NOTICE_MS = 30_000;

/** Answers whether there was somebody to strike. */
type Strike = (field: Field, fault: Fault) => Promise<boolean>;

const STRIKES: Readonly<Record<FaultKind, Strike>> = {
  kill_daemon: killDaemon,
  kill_young_daemon: killYoungDaemon,
  stop_daemon: stopDaemon,
  freeze_daemon: freezeDaemon,
  second_daemon: secondDaemon,
  kill_agent: (field, fault) =>
    onVictim(field, fault, async (who) => strike(agentOf(who, fault).pid, "SIGKILL")),
  kill_launcher: (field, fault) =>
    onVictim(field, fault, async ({ launcher }) => strike(launcher, "SIGKILL")),
  kill_group: (field, fault) => onVictim(field, fault, async ({ launcher }) => strike(-launcher, "SIGKILL")),
  kill_both: killBoth,
  freeze_agent: (field, fault) =>
    onVictim(field, fault, (who) => {
      const { pid, startTicks } = agentOf(who, fault);
      return freeze(pid, startTicks, fault.spanMs);
    }),
  freeze_launcher: (field, fault) =>
    onVictim(field, fault, ({ launcher, launcherTicks }) => freeze(launcher, launcherTicks, fault.spanMs)),
  kill_git: killGit,
  kill_publisher: killPublisher,
  reuse_pids: reusePids,
  fill_disk: fillDisk,
  cancel_task: cancelTask,
  retry_task: retryTask,
};

/** Waits for its moment, strikes, and leaves a daemon that runs. @throws Found */
export async function meetFault(field: Field, fault: Fault): Promise<void> {
  insistItLives(field);
  if (fault.on !== null) await field.daemon.moment(fault.on, MOMENT_MS);
  await moment(fault.afterMs);
  const met = await STRIKES[fault.kind](field, fault);
  const name = met ? fault.kind : "missed";
  field.tally.set(name, (field.tally.get(name) ?? 0) + 1);
  field.yard.note(`${fault.kind} ${met ? "met" : "missed"} ${JSON.stringify(fault)}`);
  insistItLives(field);
}

/** Behind walls it is the agent itself every other time, and else the one that stands for it outside. */
function agentOf(who: Victim, { pick }: Fault): Pick<Seen, "pid" | "startTicks"> {
  return who.inner === null || pick % 2 === 0 ? who : who.inner;
}

async function onVictim(
  field: Field,
  fault: Fault,
  act: (who: Victim) => Promise<boolean>,
): Promise<boolean> {
  const who = await victim(field, fault.pick);
  if (who === null) return false;
  field.yard.note(
    `${fault.kind} strikes run ${who.run} of ${who.task}: agent ${who.pid}, launcher ${who.launcher}`,
  );
  return act(who);
}

async function killDaemon(field: Field, fault: Fault): Promise<boolean> {
  await field.daemon.kill();
  await moment(fault.spanMs);
  await startWell(field);
  return true;
}

/** Again and again while it is coming up: adoption must bear to be interrupted anywhere. */
async function killYoungDaemon(field: Field, fault: Fault): Promise<boolean> {
  const { daemon } = field;
  const marks = ["daemon.recovered", "run.adopted", "daemon.started"];
  for (let n = 0; n < 2; n++) {
    await daemon.kill();
    daemon.launch();
    await daemon.moment(marks[(fault.pick + n) % marks.length] ?? "", MOMENT_MS + fault.spanMs);
  }
  await daemon.kill();
  await startWell(field);
  return true;
}

async function stopDaemon(field: Field): Promise<boolean> {
  const { code, signal } = await field.daemon.stop();
  if (code !== 0) throw new Found(`the daemon ended with ${code ?? signal} after SIGTERM`);
  await startWell(field);
  return true;
}

async function freezeDaemon(field: Field, fault: Fault): Promise<boolean> {
  await field.daemon.freeze();
  try {
    if (fault.pick % 4 === 1) await refuseSecond(field);
    if (fault.pick % 4 === 2) await onVictim(field, fault, async ({ pid }) => strike(pid, "SIGKILL"));
    if (fault.pick % 4 === 3)
      await onVictim(field, fault, async ({ launcher }) => strike(-launcher, "SIGKILL"));
    await moment(fault.spanMs);
  } finally {
    field.daemon.thaw();
  }
  return true;
}

async function secondDaemon(field: Field): Promise<boolean> {
  await refuseSecond(field);
  return true;
}

async function refuseSecond({ daemon }: Field): Promise<void> {
  const before = daemon.urls;
  const { code, signal, said } = await daemon.startSecond();
  if (code !== 1 || !said.includes("another daemon"))
    throw new Found(`I4: a second daemon ended with ${code ?? signal} and said: ${said}`);
  if (daemon.urls.admin !== before.admin) throw new Found("I4: a refused daemon has announced itself");
}

async function killBoth(field: Field, fault: Fault): Promise<boolean> {
  return onVictim(field, fault, async ({ launcher }) => {
    await field.daemon.kill();
    const met = strike(-launcher, "SIGKILL");
    await startWell(field);
    return met;
  });
}

/** Stops a process for a while. It may end in between by other hands. */
async function freeze(pid: number, startTicks: number, spanMs: number): Promise<boolean> {
  if (!isAlive(pid, startTicks) || !strike(pid, "SIGSTOP")) return false;
  await moment(spanMs);
  return !isAlive(pid, startTicks) || strike(pid, "SIGCONT");
}

async function killGit(field: Field): Promise<boolean> {
  strikeAll(field);
  const git = await gitOf(({ parent }) => parent === field.daemon.pid);
  const met = git !== null && strike(git.pid, "SIGKILL");
  strikeAll(field);
  return met;
}

/** The daemon dies while its git writes what an agent has left, and the next one meets that git, or its locks. */
async function killPublisher(field: Field): Promise<boolean> {
  const worktrees = join(field.yard.dataDir, "worktrees");
  const git = await gitOf(({ pid }) => workingDirectory(pid)?.startsWith(worktrees) === true);
  if (git === null) return false;
  await field.daemon.kill();
  await startWell(field);
  return true;
}

/** A git, which no agent here starts; `null` when none comes up. */
async function gitOf(isMeant: (git: Seen) => boolean): Promise<Seen | null> {
  let found: Seen | undefined;
  await within(
    MOMENT_MS,
    () => {
      found = processes().find((one) => one.name === "git" && isMeant(one));
      return found !== undefined;
    },
    1,
  );
  return found ?? null;
}

/**
 * I5: a run's processes die unseen, and innocents get their pids. Whatever the daemon then does about the run, also if
 * somebody has it cancelled, the innocents live.
 */
async function reusePids(field: Field, fault: Fault): Promise<boolean> {
  if (!field.canChoosePids) return false;
  const { daemon, client, yard } = field;
  return onVictim(field, fault, async ({ run, task, pid, launcher }) => {
    const isFrozen = fault.pick % 2 === 0;
    await (isFrozen ? daemon.freeze() : daemon.kill());
    // Together with its launcher, so that there is nobody to write down how it ended.
    strike(-launcher, "SIGKILL");
    await within(2_000, () => seen(pid) === null && (isFrozen || seen(launcher) === null));
    const born = [pid, launcher].flatMap((wanted) => innocentAt(wanted) ?? []);
    for (const process of born) field.innocents.push({ process, beside: `run ${run}` });
    yard.note(`innocents ${born.map((one) => one.pid).join(", ")} stand in for run ${run}`);
    if (isFrozen) daemon.thaw();
    else await startWell(field);
    if (fault.pick % 4 < 2) {
      field.struck.add(task);
      await client.post(`/api/v1/tasks/${task}/cancel`);
    }
    // What it has left may wait long to be published, behind that of many others.
    await until(`run ${run} has ended, whose processes are gone`, NOTICE_MS, () =>
      readLive(yard.dataDir).every(({ id, status }) => id !== run || status === "exited"),
    );
    return born.length > 0;
  });
}

/** I1 under a full disk: an answer is 202 and kept, or 503. Then room is made, and everything goes on. */
async function fillDisk(field: Field, fault: Fault): Promise<boolean> {
  const { yard, daemon, sender } = field;
  if (!yard.canFill) return false;
  strikeAll(field);
  const before = idsOfRuns(field);
  yard.leaveRoom(0);
  const issue = [...sender.acknowledged.values()].at(-1) ?? 1;
  for (let n = 0; n < 4; n++) {
    // The ballast has been given up after the first: the second time there is no room left indeed.
    if (n === 2) yard.leaveRoom(0);
    await sender.send(issue, `full-${daemon.starts}-${issue}-${fault.pick}-${n}`);
  }
  if (fault.pick % 3 === 0) {
    await daemon.kill();
    const refused = await daemon.start();
    yard.note(`started on a full disk: ${refused === null ? "it runs" : `it ended with ${refused.code}`}`);
  }
  await moment(fault.spanMs);
  // Also those that were claimed and ended within the span: their exit was not written down either.
  for (const id of idsOfRuns(field)) if (!before.has(id)) field.struck.add(id);
  yard.leaveRoom(null);
  if (!daemon.isUp) await startWell(field);
  return true;
}

function idsOfRuns({ yard }: Field): ReadonlySet<string> {
  return new Set(readRecords(yard.dataDir).runs.map(({ id }) => id));
}

function strikeAll({ yard, struck }: Field): void {
  for (const { id } of readLive(yard.dataDir)) struck.add(id);
}

async function cancelTask(field: Field, fault: Fault): Promise<boolean> {
  return onVictim(field, fault, async ({ task }) => {
    field.struck.add(task);
    return (await field.client.post(`/api/v1/tasks/${task}/cancel`)) === 200;
  });
}

async function retryTask(field: Field, fault: Fault): Promise<boolean> {
  const { tasks } = readRecords(field.yard.dataDir);
  const over = tasks.filter(({ status }) => FINAL_TASK.includes(status) && status !== "done");
  const task = over[fault.pick % Math.max(1, over.length)];
  if (task === undefined) return false;
  const answer = await field.client.post(`/api/v1/tasks/${task.key}/retry`);
  return answer === 200;
}
