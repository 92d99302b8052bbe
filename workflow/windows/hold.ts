/** What a verdict means for claims: the stretch in which they may take jobs, and the hold that tells why not. Pure. */

import type { NewWideHold } from "../hold.ts";
import { type LimitedOpening, limitedOpening } from "./budget.ts";
import type { Stretch, Verdict } from "./judge.ts";
import type { Override } from "./schedule.ts";

/** From when until when a project is open, and with how many agents; outside of it nothing is claimed. */
export interface OpenStretch {
  readonly from: number;
  readonly until: number;
  readonly slots: number;
  /** The profile that plays in it in place of the project's; `null` where none does. */
  readonly agent: string | null;
  /** Whose budget counts in it; `null` where there is none. */
  readonly opening: LimitedOpening | null;
}

/** How a project stands. */
export interface Standing {
  readonly project: string;
  /** `null`: it has no schedule and is always open. */
  readonly stretch: OpenStretch | null;
  /** Why it is closed now; `null` while it is open. */
  readonly hold: NewWideHold | null;
}

/** The back-off between crashes in an open window. */
export interface Rest {
  readonly until: number;
  readonly reason: string;
}

const NEVER: OpenStretch = { from: 0, until: 0, slots: 1, agent: null, opening: null };

/** @param rest what keeps an open window from starting anything for a while, or `null` */
export function standingOf(project: string, verdict: Verdict, rest: Rest | null, now: number): Standing {
  if (verdict.kind === "always") return { project, stretch: null, hold: null };
  if (verdict.kind === "closed") {
    const { next } = verdict;
    return { project, stretch: next === null ? NEVER : openIn(next), hold: closedHold(project, verdict) };
  }
  const { stretch } = verdict;
  if (rest === null || rest.until <= now) return { project, stretch: openIn(stretch), hold: null };
  const { reason, until } = rest;
  return {
    project,
    stretch: until < stretch.until ? { ...openIn(stretch), from: until } : NEVER,
    hold: { scope: "project", subject: project, kind: "crash_limit", reason, remedy: null, until },
  };
}

function openIn({ from, until, concurrency, by }: Stretch): OpenStretch {
  return { from, until, slots: concurrency, agent: by.schedule.agent, opening: limitedOpening(by) };
}

function closedHold(project: string, verdict: Extract<Verdict, { kind: "closed" }>): NewWideHold {
  const { next, overrides } = verdict;
  const about = { scope: "project", subject: project, until: next?.from ?? null } as const;
  const opens = next === null ? "no window is known to open" : opensAt(next);
  const [override] = overrides;
  if (override !== undefined) {
    const kind = override.cause === "crash_limit" ? "crash_limit" : "window";
    const remedy = `open it again with: chargehand schedules clear ${override.schedule}`;
    return { ...about, kind, reason: `${closedBy(override)}; ${opens}`, remedy };
  }
  const remedy =
    next === null ? null : `open it now with: chargehand schedules open ${next.by.schedule.name}`;
  return { ...about, kind: "window", reason: `outside its windows; ${opens}`, remedy };
}

/** What a person, or the crash limit, has said of a schedule. */
function closedBy({ schedule, by, reason, cause }: Override): string {
  if (cause === "crash_limit") return reason ?? `window ${schedule} was closed after too many crashes`;
  return `window ${schedule} was closed by ${by}${reason === null ? "" : ` (${reason})`}`;
}

function opensAt({ from, by }: Stretch): string {
  return `window ${by.schedule.name} opens ${localTime(from, by.schedule.timezone)}`;
}

/** By zone, of which there are some hundred: to make one takes a hundred times as long as to use it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone: timezone, weekday: "short", year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  });
  formats.set(timezone, made);
  return made;
}

/** `Mon 2027-03-29 22:00 (Europe/Berlin)`. */
export function localTime(at: number, timezone: string): string {
  const parts = new Map(
    formatOf(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const date = [part("year"), part("month"), part("day")].join("-");
  return `${part("weekday")} ${date} ${part("hour")}:${part("minute")} (${timezone})`;
}
