/** `chargehand status`: what runs, what waits and why, what was spent today. */

import type { Command } from "commander";
import ms from "ms";
import { dollars, totals } from "./phrases.ts";
import type { Ports } from "./ports.ts";
import { type AskOptions, show, withDaemonOptions } from "./read.ts";
import { runTable } from "./runs.ts";
import { type ApiStatus, statusShape } from "./shapes.ts";
import { renderFields } from "./table.ts";

export function statusCommand(program: Command, ports: Ports): void {
  withDaemonOptions(
    program.command("status").description("what runs, what waits and why, what was spent today"),
  ).action(async (options: AskOptions) => {
    const render = (status: ApiStatus): string => renderStatus(status, ports.clock.now());
    await show(ports, options, statusShape, (client) => client.get("/status"), render);
  });
}

function renderStatus(status: ApiStatus, now: number): string {
  const { journal, synchronous, engine } = status.database;
  const fields = renderFields([
    ["tasks", totals(status.tasks)],
    ["jobs", totals(status.jobs)],
    ["runs", totals(status.runs)],
    ["deliveries", totals(status.deliveries)],
    ["waiting", totals(status.holds)],
    ["spent today", dollars(status.spend_today_usd)],
    [
      "database",
      [engine, journal, synchronous].filter((part) => part !== undefined && part !== null).join(", "),
    ],
  ]);
  const head = `chargehand ${status.version}, up ${ms(Math.round(status.uptime_s) * 1_000)}\n${fields}`;
  return status.running.length === 0
    ? `${head}\nNo agent is running.\n`
    : `${head}\n${runTable(status.running, now)}`;
}
