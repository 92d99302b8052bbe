/** The start of the daemon with very many schedules, beside one without any. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { schedule } from "../test/workflow/windows/schedules.ts";
import { type Schedule, WEEKDAYS } from "../workflow/windows/schedule.ts";
import { cpuMs, endDaemon, residentMegabytes, startDaemon, until } from "./daemon.ts";
import { type Figure, quantile } from "./figures.ts";

const MINUTE = 60_000;
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"] as const;
/** Until every schedule is judged, and until what the start has left over is tidied away. */
const JUDGED_MS = 60_000;
const SETTLE_MS = 1_500;

/** One schedule for each project, spread over the day, the days and some zones. */
export function schedulesOf(count: number): readonly Schedule[] {
  return Array.from({ length: count }, (_, index) => {
    const minute = (index * 7) % (24 * 60);
    const start = [Math.floor(minute / 60), minute % 60]
      .map((part) => String(part).padStart(2, "0"))
      .join(":");
    const days = WEEKDAYS.filter((_day, day) => day !== index % WEEKDAYS.length);
    const timezone = ZONES[index % ZONES.length] ?? "UTC";
    const durationMs = (30 + ((index * 13) % 600)) * MINUTE;
    return schedule({ name: `s${index}`, projects: [`p${index}`], start, days, timezone, durationMs });
  });
}

/**
 * The daemon starts with a project for each schedule, and then without the schedules, in turns, each time with a new
 * database: everything is to be judged and written. It is ready first and looks at its schedules then, so that what
 * it takes of the machine is measured when all of them are judged.
 */
export async function starts(folder: string, count: number, times: number): Promise<readonly Figure[]> {
  const [bare, full] = [join(folder, "bare"), join(folder, "full")];
  await writeConfig(bare, count, []);
  await writeConfig(full, count, schedulesOf(count));
  const [without, within]: [Started[], Started[]] = [[], []];
  // The first start of each fills its compile cache.
  for (let n = 0; n <= times; n++) {
    const pair = [await started(bare, 0), await started(full, count)] as const;
    if (n > 0) {
      without.push(pair[0]);
      within.push(pair[1]);
    }
  }
  const p50 = (all: readonly Started[], of: keyof Started): number =>
    quantile(
      all.map((one) => one[of]),
      0.5,
    );
  const more = (of: keyof Started): number => p50(within, of) - p50(without, of);
  return [
    {
      what: `ready after, ${count} projects and no schedule, p50`,
      value: p50(without, "readyMs"),
      unit: "ms",
    },
    { what: `later with ${count} schedules`, value: more("readyMs"), unit: "ms", atMost: 200 },
    { what: "all of them judged after that, p50", value: p50(within, "judgedMs"), unit: "ms" },
    { what: "more processor time until then", value: more("cpuMs"), unit: "ms" },
    { what: "more memory with them", value: more("megabytes"), unit: "MB", atMost: 20 },
  ];
}

interface Started {
  readonly readyMs: number;
  readonly judgedMs: number;
  readonly cpuMs: number;
  readonly megabytes: number;
}

async function started(folder: string, schedules: number): Promise<Started> {
  rmSync(join(folder, "data"), { recursive: true, force: true });
  const { daemon, readyMs } = await startDaemon(folder);
  try {
    const began = performance.now();
    const isJudged = (): boolean => judgedProjects(folder) === schedules;
    await until("all schedules were judged", JUDGED_MS, daemon, isJudged, 5);
    const judgedMs = performance.now() - began;
    await pause(SETTLE_MS);
    return { readyMs, judgedMs, cpuMs: cpuMs(daemon), megabytes: residentMegabytes(daemon) };
  } finally {
    await endDaemon(daemon, "SIGTERM");
  }
}

/** How many projects a window, open or to come, has been written for. */
function judgedProjects(folder: string): number {
  const database = new Database(join(folder, "data", "chargehand.db"), { readonly: true });
  try {
    return Number(database.prepare("select count(open_until) from projects").pluck().get());
  } finally {
    database.close();
  }
}

async function writeConfig(folder: string, projects: number, schedules: readonly Schedule[]): Promise<void> {
  mkdirSync(folder);
  const names = Array.from({ length: projects }, (_, index) => `p${index}`);
  const config = {
    data_dir: join(folder, "data"),
    isolation: "none",
    server: { webhooks: { port: 0 }, admin: { port: 0 } },
    sources: { github: { secret: "bench-secret" } },
    agents: { nobody: { backend: "command", argv: ["/bin/true"] } },
    projects: names.map((name) => ({
      ...{ name, prefix: name.toUpperCase(), repo: `acme/${name}`, clone_url: "/nowhere.git" },
      ...{ base_branch: "main", agent: "nobody", publish: "none" },
    })),
    schedules: schedules.map(({ name, projects: own, start, durationMs, days, timezone }) => ({
      ...{ name, projects: own, start, duration: `${durationMs / MINUTE}m`, days, timezone },
    })),
  };
  // JSON is YAML.
  writeFileSync(join(folder, "chargehand.yaml"), JSON.stringify(config, null, 1));
}
