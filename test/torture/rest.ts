/**
 * The end of a torture: nothing strikes any more, and everything must come to rest: every delivery handled, every task
 * over or held for a recorded reason, no process left behind, and all books equal.
 */

import { join } from "node:path";
import { type Books, readBooks } from "./books.ts";
import type { JobView, RunView, StatusView } from "./client.ts";
import type { Field } from "./field.ts";
import { Found, until, within } from "./patience.ts";
import { marked, processes, type Seen, workingBelow } from "./processes.ts";
import { FINAL_TASK, LIVE_RUN, type RunRow, readRecords, type Snapshot, type TaskRow } from "./records.ts";

const SEND_MS = 30_000;
/**
 * How long nothing may change before what is busy counts as stuck. A deaf agent is given its grace, and back-offs of
 * the last faults take their time; how long all of it takes is a matter of the machine, and of what else is on it.
 */
const STUCK_MS = 120_000;
const REST_MS = 4 * 3_600_000;
/** Looking takes time from those who are to come to rest: thousands of rows at the end of a long torture. */
const REST_LOOK_MS = 250;
/** How long strays and zombies may take to go once their run is over. */
const GONE_MS = 10_000;

/**
 * Waits until nothing moves.
 *
 * @param settleMs how long jobs that wait for their next try may take; those that still wait then have their hold
 * @throws Found
 */
export async function comeToRest(field: Field, settleMs: number): Promise<Snapshot> {
  const { yard, sender } = field;
  await until("every delivery is acknowledged", SEND_MS, async () => (await sender.sendAgain()) === 0);
  const began = performance.now();
  let now = readRecords(yard.dataDir);
  let [seen, moved] = [JSON.stringify(now), began];
  await until(
    "nothing moves any more",
    REST_MS,
    () => {
      now = readRecords(yard.dataDir);
      const isBusy =
        now.deliveries.some(({ status }) => status === "received") ||
        now.jobs.some(({ status }) => status === "queued" || status === "running") ||
        now.runs.some(({ status }) => LIVE_RUN.includes(status));
      const waits = now.jobs.some(({ status }) => status === "held");
      const text = JSON.stringify(now);
      if (text !== seen) [seen, moved] = [text, performance.now()];
      if (isBusy && performance.now() - moved > STUCK_MS)
        throw new Found(`something is busy, and has not moved for ${STUCK_MS / 1_000} s`);
      return !isBusy && (!waits || performance.now() - began > settleMs);
    },
    REST_LOOK_MS,
  );
  return now;
}

/** Processes of runs that are over, after they have had their time to go. */
export async function strays(field: Field): Promise<readonly string[]> {
  let left: readonly string[] = [];
  await within(GONE_MS, () => {
    left = look(field);
    return left.length === 0;
  });
  return left;
}

function look({ yard, daemon }: Field): readonly string[] {
  // First the processes, then the rows: a run that began in between is no stray.
  const [byRun, byTask] = [marked(), workingBelow(join(yard.dataDir, "worktrees"))];
  const zombies = processes().filter(({ state, parent }) => state === "Z" && parent === daemon.pid);
  const { runs } = readRecords(yard.dataDir);
  const live = runs.filter(({ status }) => LIVE_RUN.includes(status));
  // Other daemons may be at work on the same machine.
  const over = (run: string): boolean =>
    runs.some(({ id }) => id === run) && live.every(({ id }) => id !== run);
  const name = ({ pid, name, state }: Seen): string => `${pid} (${name}, ${state})`;
  return [
    ...[...byRun]
      .filter(([run]) => over(run))
      .map(([run, left]) => `stray: run ${run} is over and left ${left.map(name).join(", ")}`),
    ...[...byTask]
      .filter(([task, { parent }]) => parent !== daemon.pid && live.every((run) => run.task !== task))
      .map(([task, left]) => `stray: ${name(left)} works for ${task}, which has no run`),
    ...zombies.map((zombie) => `zombie: the daemon has not reaped ${name(zombie)}`),
  ];
}

/** I5: who stood beside a victim is still alive. Lets them go. */
export function innocentsLive(field: Field): readonly string[] {
  const dead = field.innocents.filter(
    ({ process: { exitCode, signalCode } }) => exitCode !== null || signalCode !== null,
  );
  for (const { process } of field.innocents.splice(0)) process.kill("SIGKILL");
  return dead.map(
    ({ process, beside }) =>
      `I5: the innocent ${process.pid} beside ${beside} was ended by ${process.signalCode}`,
  );
}

/** What can be judged only when nothing moves. */
export async function judgeRest(field: Field, now: Snapshot): Promise<readonly string[]> {
  const { sender, client } = field;
  const books = readBooks(field.yard.journal());
  const issues = new Set([...sender.acknowledged.values()].map((issue) => `acme/shop#${issue}`));
  const held = await client.list<JobView>("jobs", "&status=held");
  return [
    ...[...issues].filter((issue) => !now.issues.has(issue)).map((issue) => `I2: issue ${issue} is lost`),
    ...[...now.issues.keys()]
      .filter((issue) => !issues.has(issue))
      .map((issue) => `I2: nobody sent issue ${issue}`),
    ...held
      .filter(({ hold, holds }) => (hold ?? null) === null && (holds ?? []).length === 0)
      .map(({ id }) => `I7: job ${id} is held for no recorded reason`),
    ...now.tasks.flatMap((task) => workOf(field, books, task, now.runs)),
    ...(await apiTellsTheSame(field, now)),
  ];
}

/**
 * I6: what a task calls done is at the remote, with all that its last run has written, once and in order. What an agent
 * noted that a full disk did not let it write may be missing.
 */
function workOf({ yard }: Field, books: Books, task: TaskRow, runs: readonly RunRow[]): readonly string[] {
  const { key, status, branch, published_commit: commit, reason } = task;
  if (FINAL_TASK.includes(status) && status !== "done" && (reason ?? "") === "")
    return [`I7: ${key} is ${status} without a reason`];
  if (status !== "done") return [];
  const run = runs.findLast((candidate) => candidate.task === key && candidate.status === "succeeded");
  if (run === undefined) return [`I6: ${key} is done, and no run of it succeeded`];
  const isTorn = books.runs.get(run.id)?.torn === true;
  if (branch === null || commit === null)
    return isTorn ? [] : [`I6: ${key} is done, and nothing was published`];
  const head = yard.git("rev-parse", `refs/heads/${branch}`).trim();
  if (head !== commit) return [`I6: branch ${branch} is at ${head}, ${key} says ${commit}`];
  const lines = yard.git("show", `${commit}:work.txt`).trimEnd().split("\n");
  const mine = lines
    .filter((line) => line.startsWith(`${run.id} `))
    .map((line) => Number(line.split(" ")[1]));
  const isNext = (step: number, index: number): boolean =>
    isTorn ? step > (mine[index - 1] ?? 0) : step === index + 1;
  const isWhole = (isTorn || mine.length > 0) && mine.every(isNext);
  return isWhole
    ? []
    : [`I6: ${key} is done, and its run ${run.id} has published the steps ${mine.join(", ") || "none"}`];
}

async function apiTellsTheSame({ client }: Field, now: Snapshot): Promise<readonly string[]> {
  const told = new Map((await client.list<RunView>("runs", "")).map((run) => [run.id, run]));
  const status = await client.get<StatusView>("/api/v1/status");
  const tables = { deliveries: now.deliveries, tasks: now.tasks, jobs: now.jobs, runs: now.runs };
  const counts = Object.entries(tables).flatMap(([name, rows]) => {
    const counted = status[name as keyof typeof tables];
    const real = Object.entries(Object.groupBy<string, { status: string }>(rows, (row) => row.status));
    return real
      .filter(([state, these = []]) => counted[state] !== these.length)
      .map(
        ([state, these = []]) =>
          `status tells of ${counted[state]} ${state} ${name}, there are ${these.length}`,
      );
  });
  const cost = now.runs.reduce((sum, run) => sum + run.cost, 0) / 1e9;
  // A torture over midnight (UTC) spends on two days.
  const wrong = isSameDay(now) && Math.abs(status.spend_today_usd - cost) > 1e-9;
  return [
    ...counts,
    ...(wrong ? [`I8: spent today ${status.spend_today_usd}, all runs cost ${cost}`] : []),
    ...now.runs.flatMap(({ id, tokens, status: state }) => {
      const view = told.get(id);
      const same = view?.status === state && view.input_tokens + view.output_tokens === tokens;
      return same
        ? []
        : [`the API tells of run ${id}: ${view?.status}, ${view?.input_tokens} + ${view?.output_tokens}`];
    }),
  ];
}

/** @throws Found when there is anything to tell */
export function insistOnNothing(findings: readonly string[]): void {
  if (findings.length > 0) throw new Found(findings.slice(0, 20).join("\n"));
}

/** Whether all that was spent was spent today. */
function isSameDay(now: Snapshot): boolean {
  const day = (ms: number): number => Math.floor(ms / 86_400_000);
  return now.runs.every(({ started_at }) => started_at === null || day(started_at) === day(Date.now()));
}
