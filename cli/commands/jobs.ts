/** `chargehand jobs`: the queue, how many jobs are in which status, and why those wait that wait. */

import type { Command } from "commander";
import { jobMoves } from "../../workflow/states.ts";
import { jobsShape, type ToldJobs } from "../answers/tasks.ts";
import { query } from "../client.ts";
import { ago, totals } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { nextPage, type PageOptions, show, statusOption, withPageOptions } from "../read.ts";
import { renderTable, type Screen } from "../table.ts";
import { whyWaiting } from "../tables/job-table.ts";

interface JobsOptions extends PageOptions {
  readonly project?: string;
  readonly status?: string;
  readonly task?: string;
}

export function jobsCommand(program: Command, ports: Ports): void {
  withPageOptions(program.command("jobs").description("list jobs, newest first, with counts by status"))
    .option("--project <name>", "only of this project")
    .addOption(statusOption(jobMoves.statuses))
    .option("--task <key>", "only of this task")
    .action(async ({ project, status, task, limit, cursor, ...options }: JobsOptions) => {
      const path = `/jobs${query({ project, status, task, limit, cursor })}`;
      await show(ports, options, jobsShape, (client) => client.get(path), renderJobs);
    });
}

const COLUMNS = [
  { head: "JOB" },
  { head: "TASK" },
  { head: "STATUS" },
  { head: "AGENT", flexible: true, spare: true },
  { head: "TRIES", spare: true },
  { head: "WHY", flexible: true },
  { head: "CREATED" },
];

function renderJobs({ jobs, counts, next_cursor: next }: ToldJobs, screen: Screen): string {
  const head = `all jobs: ${totals(counts)}\n`;
  if (jobs.length === 0) return totals(counts) === "none" ? NONE : `${head}No job matches.\n`;
  const rows = jobs.map((job) => [
    String(job.id),
    job.task ?? "–",
    job.status,
    job.agent,
    String((job.attempts ?? 0) + (job.transients ?? 0) + (job.interruptions ?? 0)),
    whyWaiting(job, screen.now),
    ago(job.created_at, screen.now),
  ]);
  return `${head}\n${renderTable(COLUMNS, rows, screen)}${nextPage(next)}`;
}

const NONE = "No jobs yet: they are made with tasks. What came in so far: chargehand deliveries\n";
