/** `chargehand task KEY`: one task closely, with its jobs and runs. */

import type { Command } from "commander";
import { type ToldJob, type ToldTask, taskShape } from "../answers.ts";
import { segment } from "../client.ts";
import { ago, why } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../read.ts";
import { renderFields, renderTable } from "../table.ts";
import { runTable } from "./runs.ts";

export function taskCommand(program: Command, ports: Ports): void {
  withDaemonOptions(program.command("task <key>").description("show one task with its jobs and runs")).action(
    async (key: string, options: AskOptions) => {
      const render = (task: ToldTask): string => renderTask(task, ports.clock.now());
      await show(ports, options, taskShape, (client) => client.get(`/tasks/${segment(key)}`), render);
    },
  );
}

function renderTask(task: ToldTask, now: number): string {
  const fields = renderFields([
    [task.key, task.title],
    ["status", task.status],
    ["reason", task.reason],
    ["project", task.project],
    ["branch", task.branch],
    ["commit", task.commit],
    ["url", task.url],
    ["author", task.author],
    ["created", ago(task.created_at, now)],
    ["changed", ago(task.updated_at, now)],
  ]);
  const jobs = task.jobs.length === 0 ? "" : `\n${jobTable(task.jobs, now)}`;
  const runs =
    task.runs.length === 0 ? "\nNo agent has worked on it yet.\n" : `\n${runTable(task.runs, now)}`;
  return fields + jobs + runs;
}

function jobTable(jobs: readonly ToldJob[], now: number): string {
  const columns = [
    { head: "JOB" },
    { head: "PHASE" },
    { head: "AGENT" },
    { head: "STATUS" },
    { head: "WHY", flexible: true },
  ];
  const rows = jobs.map((job) => [String(job.id), job.phase, job.agent, job.status, whyWaiting(job, now)]);
  return renderTable(columns, rows);
}

function whyWaiting({ holds, reason }: ToldJob, now: number): string {
  if (holds.length === 0) return reason ?? "";
  return holds
    .map((hold) => why(hold.until ? `${hold.reason} (${ago(hold.until, now)})` : hold.reason, hold.remedy))
    .join("; ");
}
