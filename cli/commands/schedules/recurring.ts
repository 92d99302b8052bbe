/** Recurring tasks for people: all in a table, one closely, and its next slots. */

import type { ToldRecurring, ToldWholeRecurring } from "../../answers/schedules.ts";
import { ago, became } from "../../phrases.ts";
import { renderFields, renderTable, type Screen } from "../../table.ts";

export function recurringTable(recurring: readonly ToldRecurring[], screen: Screen): string {
  const columns = [
    { head: "RECURRING" },
    { head: "PROJECT", spare: true },
    { head: "EVERY" },
    { head: "ZONE", spare: true },
    { head: "NEXT" },
    { head: "LAST", flexible: true },
  ];
  const rows = recurring.map(({ name, project, every, timezone, next_slot: next, last_slot: last }) => [
    name,
    project,
    every,
    timezone,
    ago(next, screen.now),
    last ? became(last, screen) : "–",
  ]);
  return renderTable(columns, rows, screen);
}

export function renderRecurring(one: ToldWholeRecurring, screen: Screen): string {
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
  return `${fields}\n${nextSlots(one, screen)}\n${past}`;
}

export function nextSlots({ next_slots: slots }: ToldWholeRecurring, screen: Screen): string {
  if (slots.length === 0) return "No slot comes any more.\n";
  const rows = slots.map(({ at, local }) => [local, ago(at, screen.now)]);
  return renderTable([{ head: "NEXT", flexible: true }, { head: "IN" }], rows, screen);
}

/** `latest`, `all (at most 5, no older than 48 h)`. */
function missedText({ missed, missed_max: max, missed_max_age_s: age }: ToldWholeRecurring): string {
  if (missed !== "all") return missed;
  return `all (at most ${max}, no older than ${Math.round((age ?? 0) / 360) / 10} h)`;
}
