/** Schedules and windows as people are shown them: how each stands now, when it opens next, and a week of it. */

import { limitedOpening } from "../workflow/windows/budget.ts";
import { judge, openingsOf } from "../workflow/windows/judge.ts";
import { type Override, patternOf, type Schedule } from "../workflow/windows/schedule.ts";
import type { SchedulerPorts } from "./ports.ts";
import { firstAfter, lastUpTo, nextN } from "./slots.ts";
import { closesAt } from "./timelines.ts";
import type { Windows } from "./windows.ts";

export interface ShownSchedule {
  readonly schedule: Schedule;
  readonly made: "configuration" | "hand";
  /** The one in force. */
  readonly override: Override | null;
  /** The opening that is on, where it has a budget: as it is named in the store, and when it began and ends (ms). */
  readonly opening: { readonly key: string; readonly from: number; readonly until: number } | null;
  readonly isOpen: boolean;
  /** When it closes, or opens (ms); `null` when that is further away than a week, or never. */
  readonly changes: number | null;
}

export interface ShownProject {
  readonly project: string;
  readonly isOpen: boolean;
  /** When it closes, or opens (ms); `null` when nobody knows, or it has no schedule. */
  readonly until: number | null;
  /** The window that is open, or opens next; `null` where it has no schedule. */
  readonly schedule: string | null;
}

export interface Span {
  readonly from: number;
  readonly until: number;
}

export interface Shown {
  /** By name. */
  schedules(): readonly ShownSchedule[];
  /** How a project stands by its windows alone. */
  project(name: string): ShownProject;
  /** The next windows of a schedule by its own times, whatever overrides say. */
  next(schedule: Schedule, count: number): readonly Span[];
  /** When the window ends that is on by the schedule's own times; `null` when none is. */
  closes(schedule: Schedule): number | null;
  /** The next instant at which the clock of a zone shows a time such as `07:00` (ms). */
  nextTime(time: string, timezone: string): number | null;
  /** What is open of these schedules between two instants, with their overrides. */
  openings(names: readonly string[], span: Span): readonly (Span & { readonly schedule: string })[];
  /** Judges anew what was written. @throws StoreFault */
  look(): Promise<unknown>;
}

/** A week has at most so many windows of one schedule, and some more at its ends. */
const OPENINGS_MAX = 12;

export function showWindows(windows: Windows, ports: Pick<SchedulerPorts, "clock" | "configured">): Shown {
  const overrideOf = (name: string, now: number): Override | undefined => {
    const override = windows.known().overrides.get(name);
    return override !== undefined && now < override.until ? override : undefined;
  };
  return {
    schedules: () => {
      const now = ports.clock.now();
      const configured = ports.configured();
      return windows
        .known()
        .schedules.map((schedule): ShownSchedule => {
          const made = configured.some(({ name }) => name === schedule.name) ? "configuration" : "hand";
          const override = overrideOf(schedule.name, now) ?? null;
          return { schedule, made, override, ...standing(windows, schedule, now) };
        })
        .toSorted((one, other) => (one.schedule.name < other.schedule.name ? -1 : 1));
    },
    project: (name) => projectAt(windows, name, ports.clock.now()),
    next: (schedule, count) =>
      nextN(patternFor(schedule), ports.clock.now(), count).map((from) => ({
        from,
        until: from + schedule.durationMs,
      })),
    closes(schedule): number | null {
      const now = ports.clock.now();
      const start = lastUpTo(patternFor(schedule), now);
      return start !== null && now < start + schedule.durationMs ? start + schedule.durationMs : null;
    },
    nextTime(time, timezone): number | null {
      const [hours, minutes] = time.split(":").map(Number);
      return firstAfter({ cron: `${minutes} ${hours} * * *`, timezone }, ports.clock.now());
    },
    openings(names, span): ReturnType<Shown["openings"]> {
      return windows.known().schedules.flatMap((schedule) => {
        if (!names.includes(schedule.name)) return [];
        const before = lastUpTo(patternFor(schedule), span.from);
        const starts = [before ?? [], nextN(patternFor(schedule), span.from, OPENINGS_MAX)].flat();
        const line = { schedule, starts };
        return openingsOf(line, overrideOf(schedule.name, ports.clock.now()), ports.clock.now())
          .filter(({ from, until }) => from < span.until && until > span.from && from < until)
          .map(({ from, until }) => ({ schedule: schedule.name, from, until }));
      });
    },
    look: windows.look,
  };
}

/** How a project stands by its windows alone. */
function projectAt(windows: Windows, project: string, now: number): ShownProject {
  const verdict = windows.verdict(project, now);
  switch (verdict.kind) {
    case "always":
      return { project, isOpen: true, until: null, schedule: null };
    case "open": {
      const until = closesAt(windows.timelines, windows.known(), project, verdict);
      return { project, isOpen: true, until, schedule: verdict.stretch.by.schedule.name };
    }
    case "closed": {
      const { next } = verdict;
      return { project, isOpen: false, until: next?.from ?? null, schedule: next?.by.schedule.name ?? null };
    }
    default:
      return verdict satisfies never;
  }
}

function patternFor(schedule: Schedule): { readonly cron: string; readonly timezone: string } {
  return { cron: patternOf(schedule), timezone: schedule.timezone };
}

/** How a schedule stands alone, as if its projects had no other. */
function standing(
  windows: Windows,
  schedule: Schedule,
  now: number,
): Pick<ShownSchedule, "isOpen" | "opening" | "changes"> {
  const alone = { schedules: [{ ...schedule, projects: null }], overrides: windows.known().overrides };
  const timelines = windows.timelines.of(alone, now);
  const asked = { project: "", concurrency: 1, timelines, overrides: alone.overrides, now };
  const verdict = judge(asked);
  if (verdict.kind === "open") {
    const { by } = verdict.stretch;
    const limited = limitedOpening(by);
    return {
      isOpen: true,
      opening: limited === null ? null : { key: limited.key, from: by.from, until: by.until },
      changes: closesAt(windows.timelines, alone, "", verdict),
    };
  }
  const changes = verdict.kind === "closed" ? (verdict.next?.from ?? null) : null;
  return { isOpen: false, opening: null, changes };
}
