/**
 * `bench windows`: what it costs to have a thousand schedules. Whether a project is open, beside what croner takes to
 * say it; the start of the daemon with and without them; and a claim beside very many jobs that wait for a window.
 *
 * Every project is asked for at every minute of a day, so that the figure contains what is worked out anew when a
 * window opens or closes.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cron } from "croner";
import { createWindows } from "../scheduler/windows.ts";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/engine/migrate.ts";
import { openSqlite } from "../store/engine/sqlite.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import { nullLog } from "../system/log.ts";
import { plainClaimConfig } from "../test/claim-config.ts";
import { patternOf, type Schedule } from "../workflow/windows/schedule.ts";
import { claimAndFinish, fill, NOW, startTask } from "./claim.ts";
import { type Figure, quantile } from "./figures.ts";
import { schedulesOf, starts } from "./windows-start.ts";

const FULL = { schedules: 1_000, waiting: 100_000, rounds: 300, starts: 9 };
const QUICK = { schedules: 1_000, waiting: 5_000, rounds: 20, starts: 1 };
type Size = typeof FULL;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The day on which Europe changes its clocks. */
const FROM = Date.UTC(2027, 2, 28);
/** Croner's own answers are asked for less often: they take longer, and none of them is remembered. */
const CRONER_EVERY = DAY / 24;

export async function windowsBench(isQuick: boolean): Promise<readonly Figure[]> {
  const size = isQuick ? QUICK : FULL;
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  try {
    return [
      ...(await questions(size)),
      ...(await starts(folder, size.schedules, size.starts)),
      ...(await claims(folder, size)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function questions({ schedules: count }: Size): Promise<readonly Figure[]> {
  const schedules = schedulesOf(count);
  const projects = new Map(schedules.map((_, index) => [`p${index}`, { name: `p${index}`, concurrency: 1 }]));
  let at = FROM;
  const clock: Clock = { now: () => at, monotonic: () => at, sleep: async () => undefined };
  const engine = await openSqlite(":memory:");
  await migrate(engine, at);
  const store = createStore(engine);
  try {
    await store.projects.configure(plainClaimConfig([...projects.values()]), at);
    const ports = { store, clock, log: nullLog(), configured: () => schedules, projects: () => projects };
    const windows = createWindows(ports);
    const firstLookMs = await timed(windows.look);
    const ours = questioned(count, MINUTE, (index, now) => windows.verdict(`p${index}`, now).kind === "open");
    const theirs = questioned(count, CRONER_EVERY, byCroner(schedules));
    at = FROM + DAY;
    return [
      { what: `open?, beside ${count} schedules, mean`, value: ours.us, unit: "µs", atMost: 5 },
      { what: "the same asked of croner, mean", value: theirs.us, unit: "µs" },
      { what: "ours / croner", value: ours.us / theirs.us, unit: "ratio" },
      { what: "the first look at all of them", value: firstLookMs, unit: "ms" },
      { what: "a look after a day", value: await timed(windows.look), unit: "ms" },
    ];
  } finally {
    await store.close();
  }
}

function byCroner(schedules: readonly Schedule[]): (index: number, now: number) => boolean {
  const asked = schedules.map((one) => ({
    cron: new Cron(patternOf(one), { timezone: one.timezone, mode: "5-part" }),
    durationMs: one.durationMs,
  }));
  return (index, now) => {
    const one = asked[index];
    const [last] = one?.cron.previousRuns(1, new Date(now + 1)) ?? [];
    return one !== undefined && last !== undefined && now < last.getTime() + one.durationMs;
  };
}

/** Asks for each project at every `step` of a day. @throws when none of the answers, or all of them, are yes */
function questioned(
  projects: number,
  step: number,
  isOpen: (index: number, now: number) => boolean,
): { readonly us: number } {
  let [asked, open] = [0, 0];
  const began = performance.now();
  for (let now = FROM; now < FROM + DAY; now += step)
    for (let index = 0; index < projects; index++, asked++) if (isOpen(index, now)) open++;
  const us = ((performance.now() - began) * 1_000) / asked;
  if (open === 0 || open === asked) throw new Error(`of ${asked} answers ${open} say that a window is open`);
  return { us };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** One claims beside few jobs that wait, with one schedule; the other beside very many, with all of them. */
async function claims(
  folder: string,
  { schedules: count, waiting, rounds }: Size,
): Promise<readonly Figure[]> {
  const cases = [
    { name: "beside 100 waiting jobs and 1 schedule", schedules: 1, waiting: 100 },
    { name: `beside ${waiting} waiting jobs and ${count} schedules`, schedules: count, waiting },
  ];
  const stores: Store[] = [];
  try {
    for (const [index, one] of cases.entries())
      stores.push(await waitingStore(join(folder, `${index}.db`), one.schedules, one.waiting, rounds));
    const costs = cases.map((): number[] => []);
    for (let n = 0; n < rounds; n++)
      for (const [index, store] of stores.entries())
        costs[index]?.push(await timed(() => claimAndFinish(store, n)));
    const medians = costs.map((times) => quantile(times, 0.5));
    return [
      ...cases.map(({ name }, index) => ({
        what: `a claim and its finish ${name}, p50`,
        value: medians[index] ?? 0,
        unit: "ms",
      })),
      { what: "many / few", value: (medians[1] ?? 0) / (medians[0] ?? 0), unit: "ratio", atMost: 1.5 },
    ];
  } finally {
    for (const store of stores) await store.close();
  }
}

/** The jobs of `shop` wait for a window of theirs; one of `other`, which has no schedule, is claimed in each round. */
async function waitingStore(
  path: string,
  schedules: number,
  waiting: number,
  rounds: number,
): Promise<Store> {
  const engine = await openSqlite(path);
  await migrate(engine, NOW);
  const closed = schedulesOf(schedules).map((one, index) => ({
    ...{ ...one, projects: ["shop", `p${index}`] },
    ...{ start: `22:${String(index % 60).padStart(2, "0")}`, timezone: "UTC", durationMs: 30 * MINUTE },
  }));
  const names = ["shop", "other", ...closed.map((_, index) => `p${index}`)];
  const projects = names.map((name) => ({ name, concurrency: 1_000 }));
  await createStore(engine).projects.configure(plainClaimConfig(projects), NOW);
  await engine.close();
  fill(path, "queued", waiting);
  const store = createStore(await openSqlite(path));
  const clock: Clock = { now: () => NOW, monotonic: () => NOW, sleep: async () => undefined };
  const known = new Map(projects.map((project) => [project.name, project]));
  await createWindows({
    ...{ store, clock, log: nullLog() },
    configured: () => closed,
    projects: () => known,
  }).look();
  for (let n = 1; n <= rounds; n++) await startTask(store, "other", n);
  return store;
}
