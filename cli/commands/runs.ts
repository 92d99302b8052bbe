/** `chargehand runs`: agent processes with pid, tokens and cost. */

import type { Command } from "commander";
import { type Listed, listShape, runShape, type ToldRun } from "../answers.ts";
import { query } from "../client.ts";
import { ago, count, dollars, took } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { nextPage, type PageOptions, show, withPageOptions } from "../read.ts";
import { renderTable } from "../table.ts";

interface RunsOptions extends PageOptions {
  readonly project?: string;
  readonly status?: string;
  readonly task?: string;
}

export function runsCommand(program: Command, ports: Ports): void {
  withPageOptions(
    program.command("runs").description("list agent processes with pid, tokens and cost, newest first"),
  )
    .option("--project <name>", "only of this project")
    .option("--status <status>", "only in this status")
    .option("--task <key>", "only of this task")
    .action(async ({ project, status, task, limit, cursor, ...options }: RunsOptions) => {
      const path = `/runs${query({ project, status, task, limit, cursor })}`;
      const filtered = project !== undefined || status !== undefined || task !== undefined;
      const none = filtered
        ? "No run matches.\n"
        : "No agent has run yet. What there is to do: chargehand tasks\n";
      const render = ({ items, next }: Listed<ToldRun>): string =>
        items.length === 0 ? none : runTable(items, ports.clock.now()) + nextPage(next);
      await show(ports, options, listShape("runs", runShape), (client) => client.get(path), render);
    });
}

/** Runs as a table; tokens in and out, cached or not, are one number here, and `--json` has them apart. */
export function runTable(runs: readonly ToldRun[], now: number): string {
  const columns = [
    { head: "RUN" },
    { head: "TASK" },
    { head: "STATUS" },
    { head: "PID" },
    { head: "ACCOUNT", flexible: true },
    { head: "MODEL", flexible: true },
    { head: "TOKENS" },
    { head: "COST" },
    { head: "STARTED" },
    { head: "TOOK" },
  ];
  const rows = runs.map((run) => [
    run.id,
    run.task,
    run.status,
    run.pid ? String(run.pid) : "–",
    run.account ?? "–",
    run.model ?? "–",
    count((run.input_tokens ?? 0) + (run.cache_read_tokens ?? 0) + (run.output_tokens ?? 0)),
    dollars(run.cost_usd, run.cost_source),
    ago(run.started_at, now),
    took(run.started_at, run.finished_at, now),
  ]);
  return renderTable(columns, rows);
}
