/**
 * Windows: looks at schedules, overrides and the clock, judges (`workflow/windows/judge.ts`), and writes how projects
 * stand.
 *
 * S1. Level-triggered: every look judges everything anew from the rows and the clock, so it does not matter what was
 *     missed: a machine that slept, a clock that was set, a daemon that was away.
 * S2. One timer, for the next change and never longer than half a minute. Claims go by stretches with two ends
 *     (`store/windows/windows.ts`), so that a late look holds work back and never lets it start too early.
 * S3. What is written are the rows of projects that stand otherwise than before; nothing is written for a job.
 * S4. One look after another: one that began before a person said something would write the rows of before over those
 *     that the person was told of.
 * S5. Nor does one of another daemon: what a look has judged is written only if nothing was said since it began to read
 *     (W3 of `store/windows/windows.ts`). Otherwise it looks again.
 */

import { StoreFault } from "../store/engine/engine.ts";
import { createTurns } from "../system/turns.ts";
import type { Wake } from "../system/wake.ts";
import { type Crash, restAfter } from "../workflow/windows/crashes.ts";
import { type OpenStretch, type Rest, type Standing, standingOf } from "../workflow/windows/hold.ts";
import { judge, type Timeline, type Verdict } from "../workflow/windows/judge.ts";
import { concerns, type Override, type Schedule, type WindowSettings } from "../workflow/windows/schedule.ts";
import { enforceLimits, type Read, readCrashes } from "./crashes.ts";
import type { SchedulerPorts } from "./ports.ts";
import { withinBudget, writeStandings } from "./standings.ts";
import { byProject, createTimelines, type Known, type Timelines } from "./timelines.ts";

/** The longest nap: what a clock that jumps, or a lost ring, may cost. */
const NAP_MS_MAX = 30_000;
/** An override that has ended is kept so long, because a clock may be set back. */
const FORGET_AFTER_MS = 86_400_000;
/** Whoever is interrupted so often in a row looks again when its turn comes. */
const LOOKS_MAX = 10;

/** A verdict holds from when it was given until the next change. */
interface Judged {
  readonly verdict: Verdict;
  readonly from: number;
  readonly until: number;
}

export interface Windows {
  /** Looks once, and answers when the next change is due (ms), or `null`. @throws StoreFault */
  look(): Promise<number | null>;
  /** Looks whenever the bell rings and when something is due, until `signal` aborts. */
  watch(bell: Wake, signal: AbortSignal): Promise<void>;
  /** As schedules were known at the last look, judged for an instant (ms); most often without judging anew. */
  verdict(project: string, at: number): Verdict;
  /** What agents of a project are started with at an instant in place of what their profile says, or `null`. */
  settings(project: string, at: number): WindowSettings | null;
  /** What the last look has seen. */
  known(): Known;
  readonly timelines: Timelines;
}

export function createWindows(ports: SchedulerPorts): Windows {
  const { clock } = ports;
  const timelines = createTimelines();
  let known: Known = { schedules: [], overrides: new Map() };
  let judged = new Map<string, Judged>();
  const verdict = (project: string, now: number, lines?: readonly Timeline[]): Verdict => {
    const before = judged.get(project);
    if (before !== undefined && before.from <= now && now < before.until) return before.verdict;
    const concurrency = ports.projects().get(project)?.concurrency ?? 1;
    const fresh = judge({
      ...{ project, concurrency, overrides: known.overrides, now },
      timelines: lines ?? timelines.of(knownOf(known, project), now),
    });
    judged.set(project, { verdict: fresh, from: now, until: changeOf(fresh) ?? Number.POSITIVE_INFINITY });
    return fresh;
  };
  const turns = createTurns();
  const lookOnce = async (): Promise<number | null | "overtaken"> => {
    let now = clock.now();
    let read = await readKnown(ports, now);
    if (read === null) return "overtaken";
    if (await timelines.prepare(read.schedules, now, () => clock.sleep(0))) {
      now = clock.now();
      read = await readKnown(ports, now);
      if (read === null) return "overtaken";
    }
    const crashes = await readCrashes(ports, timelines, read, now);
    const limited = await enforceLimits(ports, timelines, read, crashes, now);
    if (limited === null) return "overtaken";
    known = limited;
    const { asOf } = limited;
    judged = new Map();
    const lines = byProject(timelines.of(known, now), ports.projects().keys());
    const verdicts = new Map([...lines].map(([name, own]) => [name, verdict(name, now, own)]));
    const before = await ports.store.windows.stretches();
    const standings = await standingsOf(ports, verdicts, before, crashes, now);
    const isWritten = await writeStandings(ports, standings, before, now, asOf);
    if (!isWritten || !(await stopInClosed(ports, verdicts, asOf))) return "overtaken";
    return nextChange([...verdicts.values()], standings, now);
  };
  // S4.
  const look = (): Promise<number | null> => turns.take("look", () => untilWritten(lookOnce, clock));
  return {
    look,
    async watch(bell, signal): Promise<void> {
      while (!signal.aborted) await bell.wait(await lookAndNap(look, ports), signal);
    },
    verdict,
    settings(project, at): WindowSettings | null {
      const one = verdict(project, at);
      return one.kind === "open" ? one.stretch.by.schedule : null;
    },
    known: () => known,
    timelines,
  };
}

/** S5. */
async function untilWritten(
  lookOnce: () => Promise<number | null | "overtaken">,
  clock: SchedulerPorts["clock"],
): Promise<number | null> {
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const next = await lookOnce();
    if (next !== "overtaken") return next;
  }
  return clock.now();
}

async function standingsOf(
  ports: SchedulerPorts,
  verdicts: ReadonlyMap<string, Verdict>,
  before: ReadonlyMap<string, OpenStretch | null>,
  crashes: readonly Crash[],
  now: number,
): Promise<readonly Standing[]> {
  const standings: Standing[] = [];
  for (const [name, one] of verdicts) {
    const standing = standingOf(name, one, restOf(one, crashes), now);
    standings.push(await withinBudget(ports, standing, one, before.get(name) ?? null, now));
  }
  return standings;
}

/** How long may be slept after a look (ms), S2. */
async function lookAndNap(
  look: () => Promise<number | null>,
  { clock, log }: SchedulerPorts,
): Promise<number> {
  try {
    const next = await look();
    return next === null ? NAP_MS_MAX : Math.max(0, Math.min(NAP_MS_MAX, next - clock.now()));
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    log.error({ event: "windows.faulted", reason: error.message, hint: error.hint });
    return NAP_MS_MAX;
  }
}

/** A schedule of the configuration goes before one of the same name that was made by hand. */
async function readSchedules({ store, configured }: SchedulerPorts): Promise<readonly Schedule[]> {
  const own = configured();
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...(await store.windows.schedules()).filter(({ name }) => !names.has(name))];
}

/** `null`: overtaken. */
async function readKnown(ports: SchedulerPorts, now: number): Promise<Read | null> {
  const { store, log } = ports;
  let asOf = await store.windows.said();
  const schedules = await readSchedules(ports);
  const names = new Set(schedules.map(({ name }) => name));
  const overrides = new Map<string, Override>();
  for (const override of await store.windows.overrides()) {
    const { schedule, until } = override;
    if (names.has(schedule) && now < until + FORGET_AFTER_MS) overrides.set(schedule, override);
    else {
      if (!(await store.windows.clearOverride(schedule, asOf))) return null;
      asOf += 1;
      log.info({ event: "override.ended", schedule, until });
    }
  }
  return { schedules, overrides, asOf };
}

/** Of many schedules few concern a project, and a timeline costs more than to find that out. */
function knownOf({ schedules, overrides }: Known, project: string): Known {
  return { schedules: schedules.filter((schedule) => concerns(schedule, project)), overrides };
}

function restOf(verdict: Verdict, crashes: readonly Crash[]): Rest | null {
  return verdict.kind === "open" ? restAfter(verdict.stretch.by, crashes) : null;
}

/**
 * What still runs where the window that closed last says `stop` is asked to stop at no cost (`workflow/faults.ts`).
 * False when something was said meanwhile.
 */
async function stopInClosed(
  { store, log }: SchedulerPorts,
  verdicts: ReadonlyMap<string, Verdict>,
  asOf: number,
): Promise<boolean> {
  const stopping = [...verdicts].flatMap(([project, verdict]) =>
    verdict.kind === "closed" && verdict.last?.schedule.onClose === "stop" ? [project] : [],
  );
  if (stopping.length === 0) return true;
  const live = await store.runs.live(() => undefined);
  if ((await store.windows.said()) !== asOf) return false;
  for (const { id, task, project, stop, status } of live) {
    if (stop !== null || status === "exited" || !stopping.includes(project)) continue;
    await store.runs.askToStop(id, "window");
    log.info({ event: "run.asked_to_stop", run: id, task, project, reason: "window" });
  }
  return true;
}

function nextChange(
  verdicts: readonly Verdict[],
  standings: readonly Standing[],
  now: number,
): number | null {
  const changes = [
    ...verdicts.flatMap((verdict) => changeOf(verdict) ?? []),
    ...standings.flatMap(({ hold }) => hold?.until ?? []),
  ].filter((at) => at > now);
  return changes.length === 0 ? null : Math.min(...changes);
}

/** When a verdict gives way to another (ms), or `null`. */
function changeOf(verdict: Verdict): number | null {
  if (verdict.kind === "open") return verdict.stretch.until;
  return verdict.kind === "closed" && verdict.next !== null ? verdict.next.from : null;
}
