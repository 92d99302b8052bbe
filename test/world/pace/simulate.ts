/**
 * A seeded world for paces: the real loop, judge, store and claim, agents who report what is used of five hours while
 * others use it too, or whose runs are counted, a clock that jumps both ways, a machine that sleeps, and daemons that
 * crash.
 */

import { failure } from "../../../daemon/run/own-outcomes.ts";
import { createBells, ringer } from "../../../daemon/wiring/bells.ts";
import { createPaces } from "../../../scheduler/pace.ts";
import { createStore } from "../../../store/build.ts";
import type { Engine } from "../../../store/engine/engine.ts";
import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import type { Clock } from "../../../system/clock.ts";
import { nullLog } from "../../../system/log.ts";
import type { RunFinished } from "../../../workflow/decide/run-finished.ts";
import type { PaceSetting } from "../../../workflow/pace/pace.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { creation } from "../../conformance/database.ts";
import { reportOne } from "../../report-one.ts";
import { Broken } from "../oracle.ts";
import { simChance, simEngine, simWake } from "../ports.ts";
import { EPOCH, World } from "../world.ts";
import { PaceChecks, type PaceScene, PERIOD_MS } from "./oracle.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FAULTS_MS = 7 * HOUR;
const QUIET_MS = 5.5 * HOUR;
const CONCURRENCY = 3;
const TASKS = 7;
const POLL_MS = 60_000;
const PROJECTS = [{ name: "shop", concurrency: CONCURRENCY }];

/** Bugs for the oracle to find. */
export interface PacePlant {
  /** What was reported, and who waits, is forgotten when a daemon starts. */
  readonly forgetful?: boolean;
  /** Neither share nor reserve are looked at. */
  readonly ignoresCeiling?: boolean;
  /** Whoever waits does so for a day. */
  readonly everPaced?: boolean;
}

export interface PaceHistory {
  readonly steps: number;
  readonly simulatedMs: number;
  readonly lines: readonly string[];
  readonly crashes: number;
  readonly jumps: number;
  readonly runs: number;
  /** Claims that were held against the line. */
  readonly judged: number;
}

/** @throws Broken when a promise does not hold; the message names seed and step. */
export async function simulatePaces(seed: number, plant: PacePlant = {}): Promise<PaceHistory> {
  const world = new World(seed);
  const engine = await openSqlite(":memory:");
  try {
    await migrate(engine, EPOCH);
    const told = await new Life(world, engine, plant).live();
    return { ...told, steps: world.steps, simulatedMs: world.now - EPOCH, lines: world.history };
  } catch (error) {
    if (error instanceof Error) error.message = `seed ${seed}, step ${world.steps}: ${error.message}`;
    throw error;
  } finally {
    await engine.close();
  }
}

class Life {
  readonly #world: World;
  readonly #engine: Engine;
  /** Past every disk. */
  readonly #bare: Store;
  readonly #plant: PacePlant;
  readonly #setting: PaceSetting;
  readonly #checks: PaceChecks;
  /** Of the daemon that is up. */
  #store: Store | null = null;
  #owner = 0;
  #aheadMs = 0;
  #isDirty = false;
  #broken: unknown = null;
  readonly #seen: { crashes: number; jumps: number } = { crashes: 0, jumps: 0 };
  /** What everybody has used of the service's period, which ends at an instant of its own. */
  #used = 0;
  #resetsAt: number;
  readonly #offsets: Map<string, number> = new Map();

  constructor(world: World, engine: Engine, plant: PacePlant) {
    const { prng } = world;
    this.#world = world;
    this.#engine = engine;
    this.#bare = createStore(engine);
    this.#plant = plant;
    this.#resetsAt = EPOCH + prng.below(PERIOD_MS);
    const [share, reserve] = [(4 + prng.below(7)) / 10, prng.below(5) / 10];
    // Those that are counted are looked at every two seconds, so they are dear.
    const capacity = prng.chance(1, 4) ? { unit: "runs" as const, amount: 20 + prng.below(40) } : null;
    this.#setting = { account: "developer", per: "5h", share, reserve, capacity };
    const scene: PaceScene = {
      ceiling: share * (1 - reserve),
      capacity: capacity?.amount ?? null,
      concurrency: CONCURRENCY,
    };
    this.#checks = new PaceChecks(engine, scene);
  }

  async live(): Promise<Pick<PaceHistory, "crashes" | "jumps" | "runs" | "judged">> {
    const world = this.#world;
    await this.#bare.projects.configure(plainClaimConfig(PROJECTS), EPOCH);
    for (let number = 1; number <= TASKS; number++)
      await this.#bare.commit([creation("shop", number)], null, EPOCH);
    this.#boot();
    this.#fault();
    this.#work();
    world.onStep = (owner) => this.#stepped(owner);
    world.at(FAULTS_MS, -1, () => this.#settle());
    while (await world.step()) {
      if (this.#broken !== null) throw this.#broken;
      if (this.#isDirty) {
        this.#isDirty = false;
        await this.#checks.check(world.now);
      }
      if (world.now - EPOCH > FAULTS_MS + QUIET_MS) return this.#told();
    }
    throw new Broken("the world stood still");
  }

  async #told(): Promise<Pick<PaceHistory, "crashes" | "jumps" | "runs" | "judged">> {
    const [row] = await this.#engine.all("select count(*) as n from runs", []);
    return { ...this.#seen, runs: Number(row?.["n"]), judged: this.#checks.judged };
  }

  #wall(): number {
    return this.#world.now + this.#aheadMs;
  }

  #boot(): void {
    const [world, owner] = [this.#world, ++this.#owner];
    world.note(`boot ${owner}`);
    const clock: Clock = {
      now: () => this.#wall(),
      monotonic: () => world.now - EPOCH,
      sleep: (ms) => world.delay(ms, owner),
    };
    const bells = createBells(() => simWake(world, owner));
    const engine = simEngine(world, owner, this.#engine, () => {
      this.#isDirty = true;
    });
    const store = planted(createStore(engine, ringer(bells)), this.#plant);
    this.#store = store;
    const { ignoresCeiling, forgetful } = this.#plant;
    const setting = ignoresCeiling === true ? { ...this.#setting, share: 1, reserve: 0 } : this.#setting;
    const paces = createPaces({ store, clock, log: nullLog(), settings: () => [setting] });
    const never = new AbortController().signal;
    const chance = simChance(world);
    const claims = async (): Promise<void> => {
      for (;;) {
        await store.holds.releaseDue(clock.now());
        for (let isMore = true; isMore; )
          isMore = (await store.jobs.claim({ run: chance.id(), concurrency: 99, now: clock.now() })) !== null;
        await bells.jobs.wait(POLL_MS, never);
      }
    };
    const live = async (): Promise<void> => {
      if (forgetful === true) await store.accounts.clear("developer");
      await paces.look();
      await Promise.all([paces.watch(bells.pace, never), claims()]);
    };
    live().catch((error: unknown) => {
      this.#broken = error;
    });
  }

  #crash(downMs: number): void {
    const dead = this.#owner;
    this.#seen.crashes += 1;
    this.#world.note(`crash ${dead}`);
    this.#world.silence(dead);
    this.#store = null;
    this.#world.at(downMs, -1, () => (this.#owner === dead ? this.#boot() : undefined));
  }

  #isUnlucky(): boolean {
    return this.#world.now - EPOCH < FAULTS_MS;
  }

  /** Between steps, where the windows are that matter. */
  #stepped(owner: number): void {
    const { prng } = this.#world;
    if (this.#isUnlucky() && this.#store !== null && owner === this.#owner && prng.chance(1, 1_500))
      this.#crash(prng.below(5 * MINUTE));
  }

  #fault(): void {
    if (!this.#isUnlucky()) return;
    const world = this.#world;
    const { prng } = world;
    world.at(prng.below(80 * MINUTE), -1, () => this.#fault());
    const ms = prng.below(HOUR);
    if (prng.chance(1, 3)) {
      this.#seen.jumps += 1;
      this.#aheadMs = Math.max(-HOUR, Math.min(HOUR, this.#aheadMs + (prng.chance(1, 2) ? -ms : ms)));
      world.note(`jump to ${this.#aheadMs}`);
      this.#checks.shaken(world.now);
    } else if (this.#store !== null && prng.chance(1, 2)) this.#crash(ms);
    else {
      world.note("sleep");
      world.freeze(this.#owner, ms);
      this.#checks.shaken(world.now + ms);
    }
  }

  /** Whatever has struck: at last there is one that works, and everything has to follow the pace. */
  #settle(): void {
    if (this.#store !== null) this.#world.silence(this.#owner);
    this.#boot();
    const look = (): void => {
      this.#world.at(MINUTE, -1, look);
      this.#checks.checkQuiet(this.#world.now, this.#wall()).catch((error: unknown) => {
        this.#broken = error;
      });
    };
    this.#world.at(5 * MINUTE, -1, look);
  }

  /** Agents use their service, tell so, and come to an end now and then; then their work is queued again. */
  #work(): void {
    const world = this.#world;
    world.at(3 * MINUTE, -1, () => this.#work());
    while (world.now >= this.#resetsAt) {
      this.#resetsAt += PERIOD_MS;
      this.#used = 0;
    }
    if (world.prng.chance(1, 40)) this.#used += world.prng.below(10) / 100;
    this.#tick().catch((error: unknown) => {
      this.#broken = error;
    });
  }

  async #tick(): Promise<void> {
    const { prng } = this.#world;
    for (const { id, task, job, fence } of await this.#bare.runs.live()) {
      this.#used = Math.min(1, this.#used + prng.below(12) / 1_000);
      // Who writes it down may die over it.
      this.#report(id).catch(() => undefined);
      if (!prng.chance(1, 3)) continue;
      const outcome = failure("shutdown", "somebody stopped it", "killed");
      const intent: RunFinished = {
        ...{ kind: "run_finished", run: id, task, job, fence, outcome },
        ...{ jitter: 0, maxAttempts: 1_000, keptForMs: HOUR },
      };
      await ask(this.#bare, [intent], null, this.#wall());
    }
  }

  async #report(run: string): Promise<void> {
    if (this.#store === null || this.#setting.capacity !== null) return;
    const [used, resetsAt] = [this.#used, this.#resetsAt];
    const offset = (this.#offsets.get(run) ?? 0) + 1;
    this.#offsets.set(run, offset);
    const said = { transcript: "{}", session: null, model: null, usage: null, activeAt: this.#wall() };
    const limits = [{ per: "5h", used, resetsAt } as const];
    await reportOne(this.#store.runs, run, { ...said, logOffset: offset, limits });
  }
}

function planted(store: Store, { everPaced }: PacePlant): Store {
  if (everPaced !== true) return store;
  const { pace } = store;
  const later = (until: number | null): number | null => (until === null ? null : until + 24 * HOUR);
  return {
    ...store,
    pace: {
      ...pace,
      stand: (holds, now) =>
        pace.stand(
          holds.flatMap(({ account, hold }) =>
            hold === null ? [] : [{ account, hold: { ...hold, until: later(hold.until) } }],
          ),
          now,
        ),
    },
  };
}
