/** A daemon of a world of windows: the real scheduler and the real claim, on a clock that jumps. */

import { createBells, ringer } from "../../../daemon/wiring/bells.ts";
import { showWindows } from "../../../scheduler/shown.ts";
import { createWindows } from "../../../scheduler/windows.ts";
import { createStore } from "../../../store/build.ts";
import type { Engine } from "../../../store/engine/engine.ts";
import type { Clock } from "../../../system/clock.ts";
import { nullLog } from "../../../system/log.ts";
import { widePause } from "../../../workflow/decide/pause.ts";
import { EVERYTHING } from "../../../workflow/hold.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { simChance, simEngine, simWake } from "../ports.ts";
import { EPOCH, type World } from "../world.ts";
import { NONE, type Said } from "./books.ts";
import { atStart, configuredBy, plantedWindows, type WindowPlant } from "./plants.ts";
import { AGENTS, PROJECTS, type Scene } from "./scene.ts";

/** Far more than all projects allow. */
const CONCURRENCY = 99;
/** The claim loop looks so often by itself. */
const POLL_MS = 60_000;

/** What all daemons of a world share. */
export interface Machine {
  readonly world: World;
  readonly scene: Scene;
  readonly engine: Engine;
  readonly plant: WindowPlant;
  /** How far the clock on the wall is from the time that passes. */
  aheadMs: number;
  /** By run, when its claim was begun, in the world's own time. */
  readonly claims: Map<string, number>;
  readonly changed: () => void;
  readonly broke: (error: unknown) => void;
}

export interface SimScheduler {
  readonly owner: number;
  /** Does what a person wants, and answers what it has come to; rejects, or never answers, as one that is down does. */
  say(subject: string, said: Said): Promise<Said>;
}

/** The clock on the wall. */
export function wallOf({ world, scene, aheadMs }: Machine): number {
  return scene.startsAt + (world.now - EPOCH) + aheadMs;
}

export function bootScheduler(machine: Machine, owner: number): SimScheduler {
  const { world, scene, plant } = machine;
  const clock: Clock = {
    now: () => wallOf(machine),
    monotonic: () => world.now - EPOCH,
    sleep: (ms) => world.delay(ms, owner),
  };
  const bells = createBells(() => simWake(world, owner));
  const engine = simEngine(world, owner, machine.engine, machine.changed);
  const store = plantedWindows(createStore(engine, ringer(bells)), plant, (ms) => world.delay(ms, owner));
  const log = nullLog();
  const schedules = configuredBy(
    scene.known.map(({ schedule }) => schedule),
    plant,
  );
  const projects = new Map(PROJECTS.map((project) => [project.name, project]));
  const ports = { store, clock, log, configured: () => schedules, projects: () => projects };
  const windows = createWindows(ports);
  const shown = showWindows(windows, ports);
  const never = new AbortController().signal;
  const chance = simChance(world);
  const claims = async (): Promise<void> => {
    for (;;) {
      await store.holds.releaseDue(clock.now());
      for (let isMore = true; isMore; ) {
        const run = chance.id();
        machine.claims.set(run, world.now);
        isMore = (await store.jobs.claim({ run, concurrency: CONCURRENCY, now: clock.now() })) !== null;
      }
      await bells.jobs.wait(POLL_MS, never);
    }
  };
  const live = async (): Promise<void> => {
    await store.projects.configure(plainClaimConfig(PROJECTS, AGENTS), clock.now());
    await atStart(store, plant);
    await windows.look();
    await Promise.all([windows.watch(bells.windows, never), claims()]);
  };
  live().catch(machine.broke);
  const pause = async (subject: string, { verdict, until }: Said): Promise<void> => {
    const scope = subject === EVERYTHING ? "all" : "project";
    if (verdict === "none") await store.holds.clear(scope, subject, "pause");
    else {
      const said = { by: "ann", why: null, until: until === Number.POSITIVE_INFINITY ? null : until };
      await store.pauses.put({ ...widePause(scope, subject, said), scope }, true, clock.now());
    }
  };
  /** As the API does it (`handlers/api/schedules/override.ts`). */
  const override = async (schedule: string, said: Said): Promise<Said> => {
    const known = shown.schedules().find((one) => one.schedule.name === schedule);
    const isCrash = known?.override?.cause === "crash_limit";
    const closes =
      said.verdict === "none" && known !== undefined && isCrash ? shown.closes(known.schedule) : null;
    const done: Said = closes === null ? said : { verdict: "open", until: closes };
    if (done.verdict === "open" || done.verdict === "closed")
      await store.windows.override({
        ...{ schedule, verdict: done.verdict, cause: "person", since: clock.now(), until: done.until },
        ...{ by: "ann", reason: null },
      });
    else await store.windows.clearOverride(schedule);
    await shown.look();
    return done.verdict === "open" || done.verdict === "closed" ? done : NONE;
  };
  return {
    owner,
    async say(subject, said): Promise<Said> {
      if (subject !== EVERYTHING && !projects.has(subject)) return override(subject, said);
      await pause(subject, said);
      return said;
    },
  };
}
