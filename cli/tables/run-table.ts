/** Runs as a table, for every command that shows some. */

import type { ToldRun } from "../answers/tasks.ts";
import { ago, count, dollars, took } from "../phrases.ts";
import { renderTable, type Screen } from "../table.ts";

const COLUMNS = [
  { head: "RUN" },
  { head: "TASK" },
  { head: "STATUS" },
  { head: "PID", spare: true },
  { head: "ACCOUNT", flexible: true, spare: true },
  { head: "MODEL", flexible: true, spare: true },
  { head: "TOKENS", spare: true },
  { head: "COST" },
  { head: "STARTED", spare: true },
  { head: "TOOK" },
];

/** Tokens in and out, cached or not, are one number here, and `--json` has them apart. */
export function runTable(runs: readonly ToldRun[], screen: Screen): string {
  const rows = runs.map((run) => [
    run.id,
    run.task,
    run.status,
    run.pid ? String(run.pid) : "–",
    run.account ?? "–",
    run.model ?? "–",
    count((run.input_tokens ?? 0) + (run.cache_read_tokens ?? 0) + (run.output_tokens ?? 0)),
    dollars(run.cost_usd, run.cost_source),
    ago(run.started_at, screen.now),
    took(run.started_at, run.finished_at, screen.now),
  ]);
  return renderTable(COLUMNS, rows, screen);
}
