/**
 * One simulated history: the real inbox, decide, store (SQLite in memory), claim loop and runner in a seeded world
 * with crashes, freezes, slow disks and lost wake-ups, placed by step.
 */

import type { Checks } from "../../daemon/run/ports.ts";
import type { Engine } from "../../store/engine/engine.ts";
import type { Project } from "../../workflow/project.ts";
import { bootDaemon, type Machine, PROJECT, type SimDaemon } from "./daemon.ts";
import { freshDatabase } from "./database/fresh.ts";
import { type Watched, watch } from "./database/watched.ts";
import { SimMailbox } from "./mailbox.ts";
import { checkDeadLetters, checkNotices } from "./notices.ts";
import { Broken, checkProcesses, RowChecks } from "./oracle.ts";
import { PauseChecks, Pausers } from "./pauses.ts";
import type { Plant } from "./plants.ts";
import { SimDisk } from "./ports.ts";
import { SimKernel } from "./processes.ts";
import { Sender } from "./sender.ts";
import { drawShifts, ShiftChecks } from "./shifts.ts";
import type { SimRemote } from "./workspaces.ts";
import { EPOCH, World } from "./world.ts";

const MINUTE = 60_000;
const FAULTS_MS = 30 * MINUTE;
const AT_REST_EVERY = 50;
/** So long nothing stirs before all is over: whoever was frozen has woken up, and looked. */
const STILL_MS = 2.5 * MINUTE;

export interface History {
  readonly steps: number;
  readonly simulatedMs: number;
  readonly lines: readonly string[];
  readonly crashes: number;
}

/**
 * Lives one world to its end.
 *
 * @param plant a bug for the oracle to find
 * @throws Broken when an invariant does not hold; the message names seed and step.
 */
export function simulate(seed: number, plant: Plant = {}): Promise<History> {
  return simulateWith(seed, plant, () => PLAIN);
}

/** What a world has besides: other work, people, and what has to be true of them. */
export interface Extra {
  readonly project: Project;
  /** Other projects, to which no issue leads. */
  readonly neighbours: readonly Project[];
  /** So many issues come at most. */
  readonly issuesMax: number;
  /** How long one that was believed dead goes on beside the other, at most. */
  readonly overlapMs: number;
  readonly patience: number;
  /** After the last fault everything must come to rest within this. */
  readonly restMs: number;
  /** Begins what people do. */
  begin(machine: Machine, daemon: () => SimDaemon | null): void;
  /** After each step that wrote something. */
  check(): Promise<void>;
  /** When all is at rest. */
  checkRest(): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;
const PLAIN: Extra = {
  ...{
    project: PROJECT,
    neighbours: [],
    issuesMax: 7,
    overlapMs: 20_000,
    patience: 1,
    restMs: 6 * 60 * MINUTE,
  },
  ...{ begin: () => undefined, check: nothing, checkRest: nothing },
};

const takesAll: SimRemote["merge"] = async (_owner, _spec, { commit }) => {
  return { kind: "ok", value: { kind: "merged", commit } };
};
const NO_CHECKS: Checks = { run: async () => ({ kind: "exit", code: 0 }), isAtWork: () => false };

export async function simulateWith(
  seed: number,
  plant: Plant,
  make: (world: World, engine: Engine) => Extra,
): Promise<History> {
  const world = new World(seed);
  const engine = await freshDatabase();
  try {
    const watched = await watch(engine);
    const crashes = await live(world, watched, plant, make(world, watched.memory));
    return { steps: world.steps, simulatedMs: world.now - EPOCH, lines: world.history, crashes };
  } catch (error) {
    if (error instanceof Error) error.message = `seed ${seed}, step ${world.steps}: ${error.message}`;
    throw error;
  } finally {
    await engine.close();
  }
}

async function live(
  world: World,
  { engine: database, memory: engine }: Watched,
  plant: Plant,
  extra: Extra,
): Promise<number> {
  const state = {
    dirty: false,
    broken: null as unknown,
    daemon: null as SimDaemon | null,
    crashes: 0,
    steps: 0,
  };
  const disk = new SimDisk(() => world.now);
  const kernel = new SimKernel(world, disk);
  const worksOf = (task: string): number =>
    kernel.processes.filter((process) => process.task === task && process.hasWorked).length;
  const machine: Machine = {
    world,
    engine: database,
    kernel,
    disk,
    remote: { pushes: new Map(), published: new Map(), worksOf, merge: takesAll },
    checks: () => NO_CHECKS,
    mailbox: new SimMailbox(),
    shifts: drawShifts(world),
    project: extra.project,
    neighbours: extra.neighbours,
    patience: extra.patience,
    told: [],
    changed: () => {
      state.dirty = true;
    },
    broke: (error) => {
      state.broken = error;
    },
  };
  let next = 1;
  const boot = (): void => {
    world.note(`boot ${next}`);
    state.daemon = bootDaemon(machine, next++, plant);
  };
  /** Somebody believes it dead and starts another; it wakes up again, goes on for a while, and then is dead. */
  const takeOver = (sleeper: SimDaemon, ms: number): void => {
    world.note(`takeover ${sleeper.owner}`);
    state.daemon = null;
    world.at(world.prng.below(ms + 1), -1, boot);
    world.at(ms + world.prng.below(extra.overlapMs), -1, () => sleeper.crash());
  };
  const sender = new Sender(world, () => state.daemon);
  const pausers = new Pausers(world, () => state.daemon);
  pausers.plan(planEvents(world, sender, extra.issuesMax), 15 * MINUTE, () =>
    kernel.alive().map(({ task }) => task),
  );
  kernel.isUnlucky = () => world.now - EPOCH < FAULTS_MS;
  disk.isUnlucky = kernel.isUnlucky;
  machine.mailbox.isUnlucky = kernel.isUnlucky;
  const lookAfter = (): void => {
    void state.daemon?.mend();
    world.at(20 * MINUTE, -1, lookAfter);
  };
  world.at(20 * MINUTE, -1, lookAfter);
  world.onStep = (owner) => {
    if (owner >= 0 && owner === state.daemon?.owner) state.steps += 1;
    if (owner < 0 || owner !== state.daemon?.owner || world.now - EPOCH > FAULTS_MS) return;
    if (world.prng.chance(1, 150)) {
      state.crashes += 1;
      world.note(`crash ${owner}`);
      state.daemon.crash();
      state.daemon = null;
      world.at(world.prng.below(60_000), -1, boot);
    } else if (world.prng.chance(1, 300)) {
      const ms = world.prng.below(2 * MINUTE);
      world.freeze(owner, ms);
      if (world.prng.chance(1, 3)) takeOver(state.daemon, ms);
    } else if (world.prng.chance(1, 400)) {
      const [victim] = kernel.alive();
      if (victim?.released) kernel.murder(victim, world.prng.chance(1, 2));
    }
  };
  extra.begin(machine, () => state.daemon);
  boot();
  const [rows, pauses] = [new RowChecks(engine), new PauseChecks(engine)];
  const shifts = new ShiftChecks(engine, machine.shifts);
  let restSince: number | null = null;
  while (await world.step()) {
    if (state.broken !== null) throw state.broken;
    checkProcesses(kernel);
    if (state.dirty) {
      state.dirty = false;
      await rows.check(sender, kernel, state.steps);
      await pauses.check(pausers);
      await shifts.check();
      await extra.check();
      await checkNotices(engine, machine.mailbox, world.now);
    }
    if (world.now - EPOCH > FAULTS_MS + extra.restMs)
      throw new Broken(`I7: not at rest: ${await unrest(engine)}`);
    if (world.steps % AT_REST_EVERY !== 0) continue;
    if (!sender.isDone() || !(await isAtRest(engine, kernel))) restSince = null;
    else restSince ??= world.now;
    if (restSince !== null && world.now - restSince > STILL_MS) {
      await checkDeadLetters(engine);
      await extra.checkRest();
      return state.crashes;
    }
  }
  throw new Broken("the world stood still");
}

/** How much happens: some issues, some of them closed while they are worked on. Answers how many. */
function planEvents(world: World, sender: Sender, most: number): number {
  const issues = 2 + world.prng.below(most - 1);
  for (let number = 1; number <= issues; number++) {
    sender.plan(number, 10 * MINUTE);
    if (world.prng.chance(1, 5)) sender.close(number, 15 * MINUTE);
  }
  return issues;
}

async function isAtRest(engine: Engine, kernel: SimKernel): Promise<boolean> {
  return kernel.alive().length === 0 && (await unrest(engine)) === "";
}

/** What is not over yet, for people; empty when everything is. */
async function unrest(engine: Engine): Promise<string> {
  const live = await engine.all(
    `select 'delivery ' || id || ' ' || status || ' ' || coalesce(reason, '') as what from deliveries where status = 'received'
     union all select 'task ' || key || ' ' || status from tasks where finished_at is null
     union all select 'job ' || id || ' ' || status || ' ' || coalesce((select group_concat(kind) from job_holds where job = jobs.id), '') from jobs where finished_at is null
     union all select 'run ' || id || ' ' || status from runs where finished_at is null
     union all select 'call ' || id || ' ' || status from outbox where finished_at is null`,
    [],
  );
  return live.map((row) => String(row["what"])).join("; ");
}
