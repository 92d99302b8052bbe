/** The crash limit of windows: which runs have crashed in what is open now, and what is closed for it. */

import { type Crash, crashKey, crashNotice, crashOverride, hasLimit } from "../workflow/windows/crashes.ts";
import { type Opening, openingsOf } from "../workflow/windows/judge.ts";
import type { SchedulerPorts } from "./ports.ts";
import type { Known, Timelines } from "./timelines.ts";

/** What is known, and how often something was said when it was read (S5 of `windows.ts`). */
export interface Read extends Known {
  readonly asOf: number;
}

/** The openings of now that watch for crashes. */
function watching(timelines: Timelines, { schedules, overrides }: Known, now: number): readonly Opening[] {
  const limited = { schedules: schedules.filter(hasLimit), overrides };
  return timelines
    .of(limited, now)
    .flatMap((line) => openingsOf(line, overrides.get(line.schedule.name), now))
    .filter(({ from, until }) => from <= now && now < until);
}

/** A crash that lies ahead of the clock is one of before it was set back, and no window waits until then. */
export async function readCrashes(
  { store, clock }: SchedulerPorts,
  timelines: Timelines,
  known: Known,
  now: number,
): Promise<readonly Crash[]> {
  const open = watching(timelines, known, now);
  if (open.length === 0) return [];
  const crashes = await store.windows.crashes(Math.min(...open.map(({ from }) => from)));
  return crashes.filter(({ at }) => at <= clock.now());
}

/** Closes the windows in which runs have crashed too often, until their next start. `null`: overtaken. */
export async function enforceLimits(
  { store, log }: SchedulerPorts,
  timelines: Timelines,
  known: Read,
  crashes: readonly Crash[],
  now: number,
): Promise<Read | null> {
  const overrides = new Map(known.overrides);
  let { asOf } = known;
  for (const opening of crashes.length === 0 ? [] : watching(timelines, known, now)) {
    const [line] = timelines.of({ schedules: [opening.schedule], overrides: new Map() }, opening.until - 1);
    const nextStart = line?.starts.find((start) => start >= opening.until) ?? opening.until;
    const override = crashOverride(opening, crashes, nextStart, now);
    if (override === null) continue;
    const notice = crashNotice(opening, override);
    if (!(await store.windows.closeForCrashes(override, crashKey(opening), notice, asOf))) return null;
    asOf += 1;
    overrides.set(override.schedule, override);
    const { schedule, until, reason } = override;
    log.warn({ event: "window.crash_limit", schedule, until, reason });
  }
  return { ...known, overrides, asOf };
}
