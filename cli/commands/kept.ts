/** `chargehand kept list`: work of agents that could not be published. */

import type { Command } from "commander";
import { keptMoves } from "../../workflow/kept.ts";
import { keptShape, type Listed, listShape, type ToldKept } from "../answers.ts";
import { query } from "../client.ts";
import { ago, why } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { nextPage, type PageOptions, show, statusOption, withPageOptions } from "../read.ts";
import { renderTable, type Screen } from "../table.ts";

interface ListOptions extends PageOptions {
  readonly project?: string;
  readonly task?: string;
  readonly status?: string;
}

export function keptCommand(program: Command, ports: Ports): void {
  const kept = program.command("kept").description("work that could not be published");
  withPageOptions(
    kept.command("list", { isDefault: true }).description("list kept work, newest first (default)"),
  )
    .option("--project <name>", "only of this project")
    .option("--task <key>", "only of this task")
    .addOption(statusOption(keptMoves.statuses))
    .action(async ({ project, task, status, limit, cursor, ...options }: ListOptions) => {
      const path = `/kept${query({ project, task, status, limit, cursor })}`;
      const filtered = project !== undefined || task !== undefined || status !== undefined;
      const render = (list: Listed<ToldKept>, screen: Screen): string => renderList(list, filtered, screen);
      await show(ports, options, listShape("kept", keptShape), (client) => client.get(path), render);
    });
}

function renderList({ items, next }: Listed<ToldKept>, filtered: boolean, screen: Screen): string {
  if (items.length === 0) return filtered ? "Nothing kept matches.\n" : "Nothing is kept.\n";
  const columns = [
    { head: "TASK" },
    { head: "NAME", flexible: true },
    { head: "STATUS", spare: true },
    { head: "FILES" },
    { head: "WHY", flexible: true },
    { head: "KEPT" },
    { head: "UNTIL" },
  ];
  const rows = items.map((kept) => [
    kept.task,
    kept.name,
    kept.status,
    String(kept.files),
    why(kept.reason, kept.remedy),
    ago(kept.kept_at, screen.now),
    kept.status === "kept" ? ago(kept.until, screen.now) : "–",
  ]);
  return renderTable(columns, rows, screen) + nextPage(next);
}
