/** How accounts keep their pace, as a table. */

import type { ToldPace } from "../answers/answers.ts";
import { ago } from "../phrases.ts";
import { renderTable, type Screen } from "../table.ts";

export function paceTable(paces: readonly ToldPace[], screen: Screen): string {
  const columns = [
    { head: "PACE OF" },
    { head: "PER" },
    { head: "USED" },
    { head: "BY NOW" },
    { head: "IN ALL" },
    { head: "ENDS" },
    { head: "FORECAST", flexible: true },
  ];
  const rows = paces.map((pace) => [
    pace.account,
    pace.per,
    pace.source === "unknown" ? "unknown" : `${pace.used_percent}%`,
    told(pace.allowed_percent),
    told(pace.ceiling_percent),
    ago(pace.period_ends, screen.now),
    forecastOf(pace),
  ]);
  return renderTable(columns, rows, screen);
}

function told(percent: number | undefined): string {
  return percent === undefined ? "" : `${percent}%`;
}

/** `at this pace until Thu 2027-03-25 03:00 UTC`. */
function forecastOf({
  source,
  open,
  opens_at: opens,
  lasts_until: lasts,
  period_ends: ends,
}: ToldPace): string {
  if (open === false && opens) return `nothing starts until ${moment(opens)}`;
  if (!lasts) return source === "unknown" ? "nothing known yet" : "nothing used yet";
  return Date.parse(lasts) >= Date.parse(ends)
    ? "lasts at this pace to its end"
    : `at this pace until ${moment(lasts)}`;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** An instant of the API by the clock of UTC. */
function moment(iso: string): string {
  const date = new Date(iso);
  const told = Number.isNaN(date.getTime()) ? iso : date.toISOString().slice(0, 16).replace("T", " ");
  return `${DAYS[date.getUTCDay()] ?? ""} ${told} UTC`.trim();
}
