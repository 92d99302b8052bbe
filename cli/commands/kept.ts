/** `chargehand kept list|show|publish|drop`: work that could not be published, and what a person does with it. */

import type { Command } from "commander";
import { keptMoves } from "../../workflow/kept.ts";
import {
  keptOfTaskShape,
  keptShape,
  type Listed,
  listShape,
  type ToldKept,
  type ToldKeptOfTask,
} from "../answers/answers.ts";
import { query, segment } from "../client.ts";
import { ago, counted, plain, why } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import {
  type AskOptions,
  nextPage,
  type PageOptions,
  show,
  statusOption,
  withDaemonOptions,
  withPageOptions,
} from "../read.ts";
import { renderFields, renderTable, type Screen } from "../table.ts";

interface ListOptions extends PageOptions {
  readonly project?: string;
  readonly task?: string;
  readonly status?: string;
}

interface WhichOptions extends AskOptions {
  readonly name?: string;
}

/** Git pushes before the daemon answers. */
const PATIENCE_MS = 10 * 60_000;

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
  withDaemonOptions(kept.command("show").argument("<key>", "key of the task"))
    .description("show what was kept of a task, with its commits and files")
    .action(async (key: string, options: AskOptions) => {
      const path = `/kept/${segment(key)}`;
      await show(ports, options, keptOfTaskShape, (client) => client.get(path), renderAll);
    });
  settleCommand(
    kept,
    ports,
    "publish",
    "push kept work to its branch; this is also the yes for files of a CI",
  );
  settleCommand(kept, ports, "drop", "give kept work up; its commits are gone then");
}

function settleCommand(kept: Command, ports: Ports, verb: "publish" | "drop", description: string): void {
  withDaemonOptions(kept.command(verb).argument("<key>", "key of the task"))
    .description(description)
    .option("--name <name>", "which work, where several are kept")
    .action(async (key: string, { name, ...options }: WhichOptions) => {
      const path = `/kept/${segment(key)}/${verb}`;
      const body = name === undefined ? {} : { name };
      await show(ports, options, keptShape, (client) => client.post(path, body, PATIENCE_MS), renderSettled);
    });
}

function renderSettled({ task, name, status, branch, commit, files }: ToldKept): string {
  const what = `${plain(name)} of ${plain(task)}`;
  if (status !== "published") return `${what} is ${plain(status)}.\n`;
  const changes = counted(files, "file", "files");
  return `${what} was pushed to ${plain(branch ?? "")} (commit ${plain(commit ?? "")}, ${changes}).\n`;
}

function renderAll({ task, kept }: ToldKeptOfTask, screen: Screen): string {
  if (kept.length === 0) return `Nothing was kept of ${plain(task)}.\n`;
  return kept.map((work) => renderWork(work, screen)).join("\n");
}

function renderWork(work: ToldKeptOfTask["kept"][number], screen: Screen): string {
  const { now } = screen;
  const isKept = work.status === "kept";
  const fields = renderFields(
    [
      [work.name, work.status],
      ["why", work.reason],
      ["do", work.remedy],
      ["commit", work.commit],
      ["branch", work.branch],
      ["files", String(work.files)],
      ["kept", ago(work.kept_at, now)],
      [isKept ? "until" : "settled", ago(isKept ? work.until : work.finished_at, now)],
      ["unreadable", work.unreadable],
    ],
    screen,
  );
  const more = work.is_cut ? ["…"] : [];
  const lines = [...(work.commits ?? []), ...(work.paths ?? []), ...more].map((line) => `  ${plain(line)}\n`);
  return fields + lines.join("");
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
