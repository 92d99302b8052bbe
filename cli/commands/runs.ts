/** `chargehand runs`: agent processes with pid, tokens and cost. */

import type { Command } from "commander";
import { runMoves } from "../../workflow/states.ts";
import { type Listed, listShape } from "../answers/answers.ts";
import { runShape, type ToldRun } from "../answers/tasks.ts";
import { query } from "../client.ts";
import type { Ports } from "../ports.ts";
import { nextPage, type PageOptions, show, statusOption, withPageOptions } from "../read.ts";
import { runTable } from "../run-table.ts";
import type { Screen } from "../table.ts";

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
    .addOption(statusOption(runMoves.statuses))
    .option("--task <key>", "only of this task")
    .action(async ({ project, status, task, limit, cursor, ...options }: RunsOptions) => {
      const path = `/runs${query({ project, status, task, limit, cursor })}`;
      const filtered = project !== undefined || status !== undefined || task !== undefined;
      const none = filtered
        ? "No run matches.\n"
        : "No agent has run yet. What there is to do: chargehand tasks\n";
      const render = ({ items, next }: Listed<ToldRun>, screen: Screen): string =>
        items.length === 0 ? none : runTable(items, screen) + nextPage(next);
      await show(ports, options, listShape("runs", runShape), (client) => client.get(path), render);
    });
}
