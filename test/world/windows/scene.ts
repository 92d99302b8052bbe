/** Where a world of windows is: near a change of some clock, with schedules that open and close around it. */

import { type Schedule, WEEKDAYS } from "../../../workflow/windows/schedule.ts";
import { DAY, offsetAt, readZone, startsAround } from "../../scheduler/reference.ts";
import { schedule } from "../../workflow/windows/schedules.ts";
import type { Prng } from "../world.ts";

const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;
/** Starts are looked for so many days around the history. */
const REACH_DAYS = 4;
/** Instants at which the clock of a zone changes, and one at which none does. */
const MOMENTS: readonly (readonly [zone: string, at: number])[] = [
  ["Europe/Berlin", Date.UTC(2027, 2, 28, 1)],
  ["Europe/Berlin", Date.UTC(2027, 9, 31, 1)],
  ["America/New_York", Date.UTC(2027, 2, 14, 7)],
  ["America/New_York", Date.UTC(2027, 10, 7, 6)],
  ["Australia/Lord_Howe", Date.UTC(2027, 9, 2, 15, 30)],
  ["America/St_Johns", Date.UTC(2027, 10, 7, 4, 30)],
  ["Asia/Kolkata", Date.UTC(2027, 5, 1)],
];

/** Of which `free` has no schedule. */
export const PROJECTS: readonly { readonly name: string; readonly concurrency: number }[] = [
  { name: "shop", concurrency: 2 },
  { name: "mill", concurrency: 3 },
  { name: "free", concurrency: 1 },
];

/** Who plays, and who does in the window of one schedule. */
export const DAY_AGENT = "developer";
const NIGHT = "night";
export const AGENTS: readonly string[] = [DAY_AGENT, NIGHT];

/** A schedule with the starts of its windows as the slow reference finds them. */
export interface Known {
  readonly schedule: Schedule;
  readonly starts: readonly number[];
}

export interface Scene {
  /** Calendar time at which the history begins. */
  readonly startsAt: number;
  readonly known: readonly Known[];
}

export function drawScene(prng: Prng, spanMs: number): Scene {
  const [zone, at] = MOMENTS[prng.below(MOMENTS.length)] ?? ["UTC", 0];
  const startsAt = at - prng.below(6 * HOUR);
  const [other = "UTC"] = MOMENTS[prng.below(MOMENTS.length)] ?? [];
  const draw = (name: string, timezone: string, projects: readonly string[]): Known => {
    const from = startsAt + prng.below(spanMs);
    const wall = from + offsetAt(timezone, from) * MINUTE;
    const minute = Math.floor((wall % DAY) / (5 * MINUTE)) * 5;
    const some = WEEKDAYS.filter(() => prng.chance(2, 3));
    const drawn = schedule({
      ...{ name, projects, timezone, agent: name === "late" ? NIGHT : null },
      start: `${two(Math.floor(minute / 60))}:${two(minute % 60)}`,
      durationMs: (2 + prng.below(60)) * 5 * MINUTE,
      days: some.length === 0 || prng.chance(1, 2) ? WEEKDAYS : some,
      concurrency: prng.chance(1, 3) ? 1 + prng.below(3) : null,
      onClose: prng.chance(1, 2) ? "stop" : "drain",
      crashLimit: prng.chance(1, 2) ? 2 : 0,
    });
    const whole = readZone(timezone, startsAt - 3 * DAY, startsAt + 4 * DAY);
    const times = { start: minute, days: drawn.days };
    return { schedule: drawn, starts: startsAround(whole, times, startsAt, REACH_DAYS) };
  };
  const known = [
    draw("early", zone, ["shop"]),
    draw("late", other, ["shop"]),
    draw("wide", zone, ["shop", "mill"]),
  ];
  return { startsAt, known };
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
