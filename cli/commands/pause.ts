/**
 * `chargehand pause`, `resume` and `stop-all`: nothing new begins, of a task, of a project, or of everything; and it
 * goes on.
 */

import type { Command } from "commander";
import {
  type PausedOrTask,
  pausedOrTaskShape,
  pausedShape,
  resumedOrTaskShape,
  resumedShape,
  type ToldPaused,
  type ToldResumed,
} from "../answers/answers.ts";
import type { ToldTask } from "../answers/tasks.ts";
import { type Client, segment } from "../client.ts";
import { localTime, spanAhead, timeAhead } from "../moment.ts";
import { type Answer, EXIT, type Failure, fail, report } from "../outcome.ts";
import { counted, plain } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, showEach, withDaemonOptions } from "../read.ts";

interface PauseOptions extends AskOptions {
  readonly all?: boolean;
  readonly until?: string;
  readonly for?: string;
  readonly because?: string;
  readonly stop?: boolean;
}

interface ResumeOptions extends AskOptions {
  readonly all?: boolean;
}

const WHAT = "names of projects, or keys of tasks";

export function pauseCommand(program: Command, ports: Ports): void {
  withPauseOptions(program.command("pause").argument("[what...]", WHAT), ports)
    .description("pause projects, tasks or everything: nothing new begins")
    .option("--all", "pause everything")
    .option("--stop", "stop what runs, too, and keep its session; of a task that is always so")
    .action((names: readonly string[], options: PauseOptions) => pause(names, options, ports));
}

export function resumeCommand(program: Command, ports: Ports): void {
  withDaemonOptions(program.command("resume").argument("[what...]", WHAT))
    .description("let go on what is paused, or begin what waits for its time")
    .option("--all", "end the pause of everything; what is paused by itself stays so")
    .action(async (names: readonly string[], { all, ...options }: ResumeOptions) => {
      const wrong = mistakeIn(names, all);
      if (wrong !== null) return report(wrong, ports);
      if (all) return show(ports, options, resumedShape, (client) => client.post("/resume", {}), tellResumed);
      const ask = (client: Client, name: string): Promise<Answer<unknown>> =>
        each(client, name, "resume", {});
      await showEach(ports, options, names, resumedOrTaskShape, ask, (told) =>
        "key" in told ? tellResumedTask(told) : tellResumed(told),
      );
    });
}

export function stopAllCommand(program: Command, ports: Ports): void {
  withPauseOptions(program.command("stop-all"), ports)
    .description("in an emergency: pause everything, and stop what runs")
    .action(async (options: PauseOptions) => {
      const wrong = twoEnds(options);
      if (wrong !== null) return report(wrong, ports);
      const body = bodyOf({ ...options, stop: true }, ports);
      await show(ports, options, pausedShape, (client) => client.post("/pause", body), tellPaused);
    });
}

function withPauseOptions(command: Command, ports: Ports): Command {
  const { now } = ports.clock;
  return withDaemonOptions(command)
    .option("--until <time>", "it ends by itself then, such as 07:00 or 2026-12-01 07:00", timeAhead(now))
    .option("--for <span>", "the same by a span, such as 45m, 3h or 2d", spanAhead(now))
    .option("--because <sentence>", "why, for everybody who asks");
}

async function pause(names: readonly string[], options: PauseOptions, ports: Ports): Promise<void> {
  const wrong = mistakeIn(names, options.all) ?? twoEnds(options);
  if (wrong !== null) return report(wrong, ports);
  const body = bodyOf(options, ports);
  if (options.all)
    return show(ports, options, pausedShape, (client) => client.post("/pause", body), tellPaused);
  const ask = (client: Client, name: string): Promise<Answer<unknown>> => each(client, name, "pause", body);
  await showEach(ports, options, names, pausedOrTaskShape, ask, tellEither);
}

function mistakeIn(names: readonly string[], all: boolean | undefined): Failure | null {
  if (names.length > 0 !== (all === true)) return null;
  const what = names.length > 0 ? "name something, or say --all, and not both" : "say what: a name, or --all";
  return fail(EXIT.usage, what, "such as: chargehand pause shop, … pause SHOP-12, or … pause --all");
}

function twoEnds(options: PauseOptions): Failure | null {
  return options.until !== undefined && options.for !== undefined
    ? fail(EXIT.usage, "say when it ends with --until or with --for, and not with both")
    : null;
}

function bodyOf({ until, because, stop, ...options }: PauseOptions, { env }: Ports): Pausing {
  const end = until ?? options.for;
  const by = env["USER"] ?? env["LOGNAME"];
  return {
    ...(end !== undefined && { until: end }),
    ...(because !== undefined && { because }),
    ...(by && { by }),
    ...(stop === true && { stop }),
  };
}

interface Pausing {
  readonly [field: string]: string | boolean;
}

/** What looks like a key is a task's, unless there is none: projects may be called so, too. */
async function each(
  client: Client,
  name: string,
  verb: "pause" | "resume",
  body: Pausing,
): Promise<Answer<unknown>> {
  const { stop: _agentsOfTasksStopAlways, ...ofTask } = body;
  const project = (): Promise<Answer<unknown>> => client.post(`/projects/${segment(name)}/${verb}`, body);
  if (!/^[a-z][a-z0-9_]*-\d+$/i.test(name)) return project();
  const task = await client.post(`/tasks/${segment(name)}/${verb}`, ofTask);
  if (task.kind === "ok" || task.exit !== EXIT.notFound) return task;
  const asProject = await project();
  return asProject.kind === "ok" || asProject.exit !== EXIT.notFound ? asProject : task;
}

function tellEither(told: PausedOrTask): string {
  return "key" in told ? tellPausedTask(told) : tellPaused(told);
}

function tellPausedTask({ key, paused_until: until, runs }: ToldTask): string {
  const isStopping = runs.some(({ status }) => status === "starting" || status === "running");
  const agent = isStopping ? " Its agent is being stopped, and its session is kept." : "";
  return `${plain(key)} is paused${end(until)}.${agent} It goes on with: chargehand resume ${plain(key)}\n`;
}

function tellPaused({ pause: { scope, subject, until }, stopping, running }: ToldPaused): string {
  const what = scope === "all" ? "Everything" : `Project ${plain(subject)}`;
  const agents = counted(stopping + running, "agent", "agents");
  const is = stopping + running === 1 ? "is" : "are";
  const stopped = `${agents} ${is} being stopped; sessions are kept.`;
  const left = `${agents} ${is} at work, and may finish; --stop stops what runs, too.`;
  const atWork = stopping > 0 ? stopped : running > 0 ? left : "No agent is at work.";
  const resume = `chargehand resume ${scope === "all" ? "--all" : plain(subject)}`;
  return `${what} is paused${end(until)}. ${atWork}\nIt goes on with: ${resume}\n`;
}

function end(until: string | null | undefined): string {
  return until ? ` until ${localTime(until)}` : "";
}

function tellResumedTask({ key, status }: ToldTask): string {
  return `${plain(key)} goes on, and is ${plain(status)}.\n`;
}

/** With what keeps some of it where it is. */
function tellResumed({ scope, subject, still_paused: still, paused_tasks: tasks }: ToldResumed): string {
  const what = scope === "all" ? "Everything" : `Project ${plain(subject)}`;
  const names = still.map((hold) => (hold.scope === "all" ? "--all" : plain(hold.subject)));
  return [
    `${what} goes on${names.length + tasks === 0 ? "" : ", but for what is paused by itself"}.\n`,
    ...names.map(
      (name) =>
        `Still paused: ${name === "--all" ? "everything" : `project ${name}`}; chargehand resume ${name}\n`,
    ),
    ...(tasks === 0
      ? []
      : [`Still paused: ${counted(tasks, "task", "tasks")}; chargehand tasks --status paused\n`]),
  ].join("");
}
