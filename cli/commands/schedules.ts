/** `chargehand schedules list|show|next|run`: the recurring tasks of the configuration. */

import type { Command } from "commander";
import {
  type Listed,
  listShape,
  recurringShape,
  type ToldRecurring,
  type ToldTask,
  type ToldWholeRecurring,
  taskShape,
  wholeRecurringShape,
} from "../answers.ts";
import { segment } from "../client.ts";
import { ago, plain } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../read.ts";
import { renderFields, renderTable, type Screen } from "../table.ts";

export function schedulesCommand(program: Command, ports: Ports): void {
  const schedules = program.command("schedules").description("recurring tasks, and when they come");
  withDaemonOptions(
    schedules.command("list", { isDefault: true }).description("list recurring tasks (default)"),
  ).action(async (options: AskOptions) => {
    const shape = listShape("recurring", recurringShape);
    await show(ports, options, shape, (client) => client.get("/recurring"), renderList);
  });
  aboutOne(
    schedules,
    ports,
    "show",
    "show one: its rules, its next slots, and what became of the last",
    renderOne,
  );
  aboutOne(schedules, ports, "next", "show the next ten slots of one", renderNext);
  withDaemonOptions(schedules.command("run").argument("<name>", "name of the recurring task"))
    .description("make its task now, beside its slots")
    .action(async (name: string, options: AskOptions) => {
      const path = `/recurring/${segment(name)}/run`;
      await show(ports, options, taskShape, (client) => client.post(path, {}), renderMade);
    });
}

function aboutOne(
  schedules: Command,
  ports: Ports,
  verb: string,
  description: string,
  render: (one: ToldWholeRecurring, screen: Screen) => string,
): void {
  withDaemonOptions(schedules.command(verb).argument("<name>", "name of the recurring task"))
    .description(description)
    .action(async (name: string, options: AskOptions) => {
      const path = `/recurring/${segment(name)}`;
      await show(ports, options, wholeRecurringShape, (client) => client.get(path), render);
    });
}

function renderMade({ key, title }: ToldTask): string {
  return `${plain(key)} was made: ${plain(title)}\n`;
}

function renderList({ items }: Listed<ToldRecurring>, screen: Screen): string {
  if (items.length === 0) return "There are no recurring tasks in the configuration.\n";
  const columns = [
    { head: "NAME" },
    { head: "PROJECT", spare: true },
    { head: "EVERY" },
    { head: "ZONE", spare: true },
    { head: "NEXT" },
    { head: "LAST", flexible: true },
  ];
  const rows = items.map(({ name, project, every, timezone, next_slot: next, last_slot: last }) => [
    name,
    project,
    every,
    timezone,
    ago(next, screen.now),
    last ? became(last, screen) : "–",
  ]);
  return renderTable(columns, rows, screen);
}

function renderOne(one: ToldWholeRecurring, screen: Screen): string {
  const minutes = Math.round((one.jitter_s ?? 0) / 60);
  const fields = renderFields(
    [
      [one.name, one.title],
      ["project", one.project],
      ["every", `${one.every} (${one.timezone})`],
      ["agent", one.agent],
      ["missed", missedText(one)],
      ["overlap", one.overlap],
      ["jitter", minutes > 0 ? `up to ${minutes} min` : null],
    ],
    screen,
  );
  const slots = one.slots.map((slot) => [slot.at, became(slot, screen)]);
  const columns = [{ head: "SLOT" }, { head: "BECAME", flexible: true }];
  const past = slots.length === 0 ? "No slot has come yet.\n" : renderTable(columns, slots, screen);
  return `${fields}\n${renderNext(one, screen)}\n${past}`;
}

function renderNext({ next_slots: slots }: ToldWholeRecurring, screen: Screen): string {
  if (slots.length === 0) return "No slot comes any more.\n";
  const rows = slots.map(({ at, local }) => [local, ago(at, screen.now)]);
  return renderTable([{ head: "NEXT", flexible: true }, { head: "IN" }], rows, screen);
}

/** `latest`, `all (at most 5, no older than 48 h)`. */
function missedText({ missed, missed_max: max, missed_max_age_s: age }: ToldWholeRecurring): string {
  if (missed !== "all") return missed;
  return `all (at most ${max}, no older than ${Math.round((age ?? 0) / 360) / 10} h)`;
}

function became(
  { status, task, reason, settled_at: at }: ToldWholeRecurring["slots"][number],
  { now }: Screen,
): string {
  return status === "fired" ? `${task}, ${ago(at, now)}` : `${status}: ${reason}`;
}
