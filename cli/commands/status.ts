/** `chargehand status`: what runs, what waits and why, what was spent today. */

import type { Command } from "commander";
import { statusShape, type ToldStatus } from "../answers/answers.ts";
import { ago, became, counted, dollars, plain, plainLines, span, totals, why } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, wholeNumber, withDaemonOptions } from "../read.ts";
import { renderFields, renderTable, type Screen } from "../table.ts";
import { paceTable } from "../tables/pace-table.ts";
import { runTable } from "../tables/run-table.ts";
import { watchedTables } from "../tables/watched-table.ts";
import { wrongSecretTable } from "../tables/wrong-secret-table.ts";
import { accountTable, wideHoldTable } from "./cooldown.ts";

interface StatusOptions extends AskOptions {
  readonly watch?: boolean;
  readonly interval: number;
}

export function statusCommand(program: Command, ports: Ports): void {
  withDaemonOptions(
    program.command("status").description("what runs, what waits and why, what was spent today"),
  )
    .option("--watch", "look again and again, until Ctrl-C; in a pipe a line each time")
    .option("--interval <seconds>", "between two looks of --watch", wholeNumber(1, 3_600), 2)
    .action(async ({ watch, interval, ...options }: StatusOptions) => {
      if (watch) {
        const watching = { path: "/status", shape: statusShape, render: renderStatus, line: statusLine };
        return (await import("../watch.ts")).watch(watching, options, ports, interval * 1_000);
      }
      await show(ports, options, statusShape, (client) => client.get("/status"), renderStatus);
    });
}

/** In one line: what goes on, and what waits for somebody. */
function statusLine(status: ToldStatus): string {
  const parts = [
    `tasks ${totals(status.tasks)}`,
    `jobs ${totals(status.jobs)}`,
    `running ${status.running.length}`,
    `waiting ${totals(status.holds)}`,
    `spent today ${dollars(status.spend_today_usd)}`,
  ];
  return [
    ...parts,
    ...(outboxOf(status) === null
      ? []
      : [`outbox ${status.outbox?.pending} owed, ${status.outbox?.dead} given up`]),
  ].join("; ");
}

function renderStatus(status: ToldStatus, screen: Screen): string {
  const { version, uptime_s: uptime, running, database, isolation, config } = status;
  const { engine, journal = null, synchronous = null } = database;
  const waiting = config?.restart_needed ?? [];
  const fields = renderFields(
    [
      ["tasks", totals(status.tasks)],
      ["jobs", totals(status.jobs)],
      ["runs", totals(status.runs)],
      ["deliveries", totals(status.deliveries)],
      ["waiting", totals(status.holds)],
      ["kept", keptOf(status)],
      ["outbox", outboxOf(status)],
      ["own account", unknownOf(status, screen)],
      ["spent today", dollars(status.spend_today_usd)],
      ["database", [engine, journal, synchronous].filter((part) => part !== null).join(", ")],
      ["walls", isolation === undefined ? null : wallsOf(isolation)],
      ["restart", waiting.length === 0 ? null : `needed for what has changed: ${waiting.join(", ")}`],
    ],
    screen,
  );
  const head = `chargehand ${version}, up ${span(Math.round(uptime) * 1_000)}\n`;
  const runs = running.length === 0 ? "No agent is running.\n" : runTable(running, screen);
  const projects = projectTable(status.projects ?? [], screen);
  const recurring = recurringLines(status.recurring ?? [], screen);
  const mistakes = renderMistakes(config?.error ?? null) + renderRefused(status);
  const told = [head + fields + mistakes, runs, ...projects, ...recurring];
  return [...told, ...renderClosed(status, screen)].join("\n");
}

/** Work that waits for a person; nothing where there is none. */
function keptOf({ kept }: ToldStatus): string | null {
  return kept ? `${counted(kept, "work", "works")} could not be published: chargehand kept` : null;
}

/** What is owed to the outside, or was given up; nothing where all was told. */
function outboxOf({ outbox }: ToldStatus): string | null {
  if (outbox === undefined || outbox.pending + outbox.dead === 0) return null;
  const { pending, dead } = outbox;
  const given = dead === 0 ? "" : `, ${dead} given up: chargehand outbox list --status dead`;
  return `${pending} owed${given}`;
}

/** Sources that have not said who the daemon is there; nothing where all have. */
function unknownOf({ unknown_logins: unknown = [] }: ToldStatus, { now }: Screen): string | null {
  const told = unknown.map(({ source, since, reason }) => `${source} since ${ago(since, now)}: ${reason}`);
  if (told.length === 0) return null;
  return `not known at ${told.join("; ")} (it is asked again; sources.*.account says it)`;
}

/** What stands around agents, and why; a daemon of an older version does not say. */
function wallsOf({ level, reason, remedy }: NonNullable<ToldStatus["isolation"]>): string {
  const walls = level === "sandbox" ? "sandbox" : "none";
  if (reason !== undefined && reason !== null) return `${walls}: ${why(reason, remedy ?? null)}`;
  return walls === "none" ? "none, as the configuration says" : walls;
}

/** Why the configuration file is not what is in force; nothing where it is. */
function renderMistakes(mistakes: string | null): string {
  if (mistakes === null) return "";
  const kept = "The configuration file has problems, and the one that was loaded last stays in force:";
  return `\n${kept}\n${plainLines(mistakes)}\n`;
}

/** Workflows of repositories that are not what stands there now; nothing where there are none. */
function renderRefused({ workflows = [] }: ToldStatus): string {
  const told = workflows.flatMap(({ project, workflow, commit, problem }): string[] => {
    if (problem === null) return [];
    const kept =
      commit === null ? "no task of it begins" : `${workflow} of ${commit.slice(0, 12)} stays in force`;
    return [
      `\nThe workflow in the repository of ${plain(project)} has problems, and ${plain(kept)}:\n${plainLines(problem)}\n`,
    ];
  });
  return told.join("");
}

/** What is closed, and what is therefore passed over; nothing where all is open. */
function renderClosed(
  {
    cooldowns,
    paces,
    wide_holds,
    refusals,
    outbox,
    chats = [],
    wrong_secrets: wrong = [],
    uptime_s,
    watched = [],
  }: ToldStatus,
  screen: Screen,
): readonly string[] {
  const resting = outbox?.resting ?? [];
  const troubled = chats.filter(({ status }) => status !== "well");
  // Those of accounts are in the other table, with how the account stands.
  const holds = wide_holds.filter(({ scope }) => scope !== "account");
  return [
    ...(cooldowns.length === 0 ? [] : [accountTable(cooldowns, screen)]),
    ...(paces.length === 0 ? [] : [paceTable(paces, screen)]),
    ...(holds.length === 0 ? [] : [wideHoldTable(holds, screen)]),
    ...(refusals.length === 0 ? [] : [refusalTable(refusals, screen)]),
    ...(resting.length === 0 ? [] : [restingTable(resting, screen)]),
    ...(troubled.length === 0 ? [] : [chatTable(troubled, screen)]),
    ...(wrong.length === 0 ? [] : [wrongSecretTable(wrong, uptime_s, screen)]),
    ...watchedTables(watched, screen),
  ];
}

function restingTable(resting: Resting, screen: Screen): string {
  const columns = [
    { head: "NOT CALLED" },
    { head: "FAILED" },
    { head: "SINCE" },
    { head: "TRIED" },
    { head: "WHY", flexible: true },
  ];
  const rows = resting.map(({ host, failures, since, until, reason }) => [
    host,
    String(failures),
    ago(since, screen.now),
    ago(until, screen.now),
    reason,
  ]);
  return renderTable(columns, rows, screen);
}

/** Chats in which something cannot be said, or is not heard. */
function chatTable(chats: NonNullable<ToldStatus["chats"]>, screen: Screen): string {
  const columns = [
    { head: "CHAT" },
    { head: "IS" },
    { head: "SINCE" },
    { head: "TRIED" },
    { head: "WHY", flexible: true },
  ];
  const rows = chats.map(({ chat, status, since, until, reason, remedy }) => [
    ...[chat, status, ago(since, screen.now), ago(until, screen.now), why(reason, remedy)],
  ]);
  return renderTable(columns, rows, screen);
}

type Resting = NonNullable<ToldStatus["outbox"]>["resting"];

/** How projects stand, where any of them has a schedule or is closed. */
function projectTable(projects: NonNullable<ToldStatus["projects"]>, screen: Screen): readonly string[] {
  if (projects.every(({ open, schedule }) => open && schedule === null)) return [];
  const columns = [
    { head: "PROJECT" },
    { head: "IS" },
    { head: "UNTIL" },
    { head: "WINDOW" },
    { head: "WHY", flexible: true },
  ];
  const rows = projects.map(({ name, open, until, schedule, reason, remedy }) => [
    ...[name, open ? "open" : "closed", ago(until, screen.now), schedule ?? "–", why(reason, remedy)],
  ]);
  return [renderTable(columns, rows, screen)];
}

/** The recurring tasks, the one that is due next first; nothing where there are none. */
function recurringLines(lines: NonNullable<ToldStatus["recurring"]>, screen: Screen): readonly string[] {
  if (lines.length === 0) return [];
  const columns = [
    { head: "RECURRING" },
    { head: "PROJECT" },
    { head: "NEXT" },
    { head: "IN ITS ZONE", spare: true },
    { head: "LAST", flexible: true },
  ];
  const rows = lines.map(({ name, project, next, local, last }) => [
    ...[name, project, ago(next, screen.now), local ?? "–", last ? became(last, screen) : "–"],
  ]);
  return [renderTable(columns, rows, screen)];
}

function refusalTable(refusals: ToldStatus["refusals"], screen: Screen): string {
  const columns = [
    { head: "NOT CLAIMED" },
    { head: "AGENT" },
    { head: "SINCE" },
    { head: "WHY", flexible: true },
  ];
  const rows = refusals.map(({ project, agent, since, reason, remedy }) => [
    project,
    agent,
    ago(since, screen.now),
    why(reason, remedy),
  ]);
  return renderTable(columns, rows, screen);
}
