/** `chargehand tasks`: the list of tasks. */

import type { Command } from "commander";
import { taskMoves } from "../../workflow/states.ts";
import { type Listed, listShape } from "../answers/answers.ts";
import { type ToldTask, taskShape } from "../answers/tasks.ts";
import { query } from "../client.ts";
import { ago } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { nextPage, type PageOptions, show, statusOption, withPageOptions } from "../read.ts";
import { renderTable, type Screen } from "../table.ts";

interface TasksOptions extends PageOptions {
  readonly project?: string;
  readonly status?: string;
  readonly ready?: boolean;
}

export function tasksCommand(program: Command, ports: Ports): void {
  withPageOptions(program.command("tasks").description("list tasks, newest first"))
    .option("--project <name>", "only of this project")
    .addOption(statusOption(taskMoves.statuses))
    .option("--ready", "only those that an agent could begin now")
    .action(async ({ project, status, ready, limit, cursor, ...options }: TasksOptions) => {
      const path = `/tasks${query({ project, status, ready, limit, cursor })}`;
      const filtered = project !== undefined || status !== undefined || ready === true;
      const render = (list: Listed<ToldTask>, screen: Screen): string => renderTasks(list, filtered, screen);
      await show(ports, options, listShape("tasks", taskShape), (client) => client.get(path), render);
    });
}

function renderTasks({ items, next }: Listed<ToldTask>, filtered: boolean, screen: Screen): string {
  if (items.length === 0) return filtered ? "No task matches.\n" : NONE;
  const columns = [
    { head: "TASK" },
    { head: "STATUS" },
    { head: "TITLE", flexible: true },
    { head: "PROJECT", spare: true },
    { head: "BRANCH", flexible: true, spare: true },
    { head: "CHANGED" },
  ];
  const rows = items.map((task) => [
    task.key,
    task.status,
    task.title,
    task.project,
    task.branch ?? "–",
    ago(task.updated_at, screen.now),
  ]);
  return renderTable(columns, rows, screen) + nextPage(next);
}

const NONE = `No tasks yet. Put a start label on an issue, move a work item to a start state, or comment a start command.
What came in so far: chargehand deliveries
`;
