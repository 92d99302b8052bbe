/** `chargehand schedules show|next`: one schedule of windows, or one recurring task, whichever has the name. */

import type { Command } from "commander";
import {
  eitherScheduleShape,
  isRecurring,
  nextWindowsShape,
  type ToldNextWindows,
  type ToldWholeRecurring,
  wholeRecurringShape,
} from "../../answers/schedules.ts";
import { type Client, query, segment } from "../../client.ts";
import { anything, recordOf } from "../../decoder.ts";
import { type Answer, EXIT } from "../../outcome.ts";
import { ago } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, decode, show, wholeNumber } from "../../read.ts";
import { renderTable, type Screen } from "../../table.ts";
import { zoneTime } from "../../zone.ts";
import { named, pathOf } from "./named.ts";
import { nextSlots, renderRecurring } from "./recurring.ts";
import { lengthOf, scheduleFields } from "./window-text.ts";

interface NextOptions extends AskOptions {
  readonly count: number;
}

const NEXT_SLOTS = 10;

export function showCommands(schedules: Command, ports: Ports): void {
  named(schedules, "show", "show one: its rules, how it stands, and by whose word").action(
    (name: string, options: AskOptions) =>
      show(
        ports,
        options,
        eitherScheduleShape,
        (client) => either(client, name),
        (one, screen) => (isRecurring(one) ? renderRecurring(one, screen) : scheduleFields(one, screen)),
      ),
  );
  named(schedules, "next", "show the next windows of one by its own times, or its next slots")
    .option("--count <n>", "how many; of a recurring task ten at most", wholeNumber(1, 100), NEXT_SLOTS)
    .action((name: string, { count, ...options }: NextOptions) =>
      show(
        ports,
        options,
        (value, where) =>
          isRecurring(recordOf(anything)(value, where))
            ? wholeRecurringShape(value, where)
            : nextWindowsShape(value, where),
        (client) => next(client, name, count),
        (told, screen) => renderNext(told, count, screen),
      ),
    );
}

/** Windows first; a name that nothing has is answered with what both of them have. */
async function either(client: Client, name: string): Promise<Answer<unknown>> {
  const schedule = await client.get(pathOf(name));
  if (schedule.kind === "ok" || schedule.exit !== EXIT.notFound) return schedule;
  const recurring = await client.get(`/recurring/${segment(name)}`);
  return recurring.kind === "failed" && recurring.exit === EXIT.notFound ? schedule : recurring;
}

/** With the zone in which its windows are told. */
async function next(client: Client, name: string, count: number): Promise<Answer<unknown>> {
  const asked = await either(client, name);
  if (asked.kind === "failed") return asked;
  const one = decode(eitherScheduleShape, asked.value);
  if (one.kind === "failed" || isRecurring(one.value)) return asked;
  const windows = await client.get(`${pathOf(name)}/next${query({ count })}`);
  if (windows.kind === "failed") return windows;
  const told = decode(recordOf(anything), windows.value);
  if (told.kind === "failed") return told;
  return { kind: "ok", value: { name: one.value.name, timezone: one.value.timezone, ...told.value } };
}

function renderNext(told: ToldWholeRecurring | ToldNextWindows, count: number, screen: Screen): string {
  if (isRecurring(told)) return nextSlots({ ...told, next_slots: told.next_slots.slice(0, count) }, screen);
  const { timezone, windows } = told;
  if (windows.length === 0) return "No window opens any more.\n";
  const columns = [{ head: `OPENS (${timezone})` }, { head: "CLOSES" }, { head: "FOR" }, { head: "IN" }];
  const rows = windows.map(({ from, until }) => [
    zoneTime(from, timezone),
    zoneTime(until, timezone),
    lengthOf(Date.parse(until) - Date.parse(from)),
    ago(from, screen.now),
  ]);
  return renderTable(columns, rows, screen);
}
