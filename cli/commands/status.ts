/** `chargehand status`: what runs, what waits and why, what was spent today. */

import type { Command } from "commander";
import { statusShape, type ToldStatus } from "../answers.ts";
import { ago, dollars, span, totals, why } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../read.ts";
import { renderFields, renderTable } from "../table.ts";
import { accountTable, wideHoldTable } from "./cooldown.ts";
import { runTable } from "./runs.ts";

export function statusCommand(program: Command, ports: Ports): void {
  withDaemonOptions(
    program.command("status").description("what runs, what waits and why, what was spent today"),
  ).action(async (options: AskOptions) => {
    const render = (status: ToldStatus): string => renderStatus(status, ports.clock.now());
    await show(ports, options, statusShape, (client) => client.get("/status"), render);
  });
}

function renderStatus(status: ToldStatus, now: number): string {
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
  const error = status.config?.error ?? null;
  const kept =
    error === null
      ? ""
      : `\nThe configuration file has problems, and the one that was loaded last stays in force:\n${error}\n`;
  const head = `chargehand ${status.version}, up ${span(Math.round(status.uptime_s) * 1_000)}\n${fields}${kept}`;
  const running = status.running.length === 0 ? "No agent is running.\n" : runTable(status.running, now);
  return [head, running, ...renderClosed(status, now)].join("\n");
}

/** What is closed, and what is therefore passed over; nothing where all is open. */
function renderClosed({ cooldowns, wide_holds, refusals }: ToldStatus, now: number): readonly string[] {
  // Those of accounts are in the other table, with how the account stands.
  const holds = wide_holds.filter(({ scope }) => scope !== "account");
  return [
    ...(cooldowns.length === 0 ? [] : [accountTable(cooldowns, now)]),
    ...(holds.length === 0 ? [] : [wideHoldTable(holds, now)]),
    ...(refusals.length === 0 ? [] : [refusalTable(refusals, now)]),
  ];
}

function refusalTable(refusals: ToldStatus["refusals"], now: number): string {
  const columns = [
    { head: "NOT CLAIMED" },
    { head: "AGENT" },
    { head: "SINCE" },
    { head: "WHY", flexible: true },
  ];
  const rows = refusals.map(({ project, agent, since, reason, remedy }) => [
    project,
    agent,
    ago(since, now),
    why(reason, remedy),
  ]);
  return renderTable(columns, rows);
}
