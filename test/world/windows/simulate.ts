/**
 * A seeded world for windows: the real scheduler, judge, store and claim in several zones near a change of some clock,
 * with people who open, close and pause, clocks that jump both ways, machines that sleep, daemons that crash, and two
 * of them at once.
 */

import { failure } from "../../../daemon/run/own-outcomes.ts";
import { createStore } from "../../../store/build.ts";
import type { Engine } from "../../../store/engine/engine.ts";
import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import type { RunFinished } from "../../../workflow/decide/run-finished.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { creation } from "../../conformance/database.ts";
import { Broken } from "../oracle.ts";
import { EPOCH, World } from "../world.ts";
import { Books } from "./books.ts";
import { bootScheduler, type Machine, type SimScheduler, wallOf } from "./daemon.ts";
import { WindowChecks } from "./oracle.ts";
import { type People, resumeAll, subjectsOf, talk } from "./people.ts";
import type { WindowPlant } from "./plants.ts";
import { AGENTS, drawScene, HOUR, PROJECTS } from "./scene.ts";

const MINUTE = 60_000;
const FAULTS_MS = 5 * HOUR;
/** After the last fault everything has to follow its windows. */
const QUIET_MS = 3 * HOUR;
/** More than a project ever works on at once. */
const TASKS = 5;

export interface WindowHistory {
  readonly runs: number;
  readonly crashes: number;
  readonly jumps: number;
  readonly steps: number;
  readonly simulatedMs: number;
  readonly lines: readonly string[];
}

/** @throws Broken when a promise does not hold; the message names seed and step. */
export async function simulateWindows(seed: number, plant: WindowPlant = {}): Promise<WindowHistory> {
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
  readonly #machine: Machine;
  readonly #books: Books;
  readonly #people: People;
  readonly #checks: WindowChecks;
  readonly #up: SimScheduler[] = [];
  readonly #seen: { crashes: number; jumps: number } = { crashes: 0, jumps: 0 };
  #next = 1;
  #latest = 0;
  #isDirty = false;
  #broken: unknown = null;

  constructor(world: World, engine: Engine, plant: WindowPlant) {
    const scene = drawScene(world.prng, FAULTS_MS + QUIET_MS);
    this.#world = world;
    this.#engine = engine;
    this.#bare = createStore(engine);
    this.#machine = {
      ...{ world, scene, engine, plant, aheadMs: 0, claims: new Map() },
      changed: () => {
        this.#isDirty = true;
      },
      broke: (error) => {
        this.#broken = error;
      },
    };
    this.#books = new Books(world, subjectsOf(scene));
    this.#checks = new WindowChecks(engine, scene, this.#books);
    const daemon = (): SimScheduler | null => this.#up[world.prng.below(this.#up.length || 1)] ?? null;
    this.#people = { world, scene, books: this.#books, wall: () => wallOf(this.#machine), daemon };
  }

  async live(): Promise<Pick<WindowHistory, "runs" | "crashes" | "jumps">> {
    const world = this.#world;
    await this.#bare.projects.configure(plainClaimConfig(PROJECTS, AGENTS), EPOCH);
    for (const { name } of PROJECTS)
      for (let number = 1; number <= TASKS; number++)
        await this.#bare.commit([creation(name, number)], null, EPOCH);
    this.#boot();
    this.#fault();
    this.#work();
    talk(this.#people, EPOCH + FAULTS_MS);
    world.onStep = (owner) => this.#stepped(owner);
    world.at(FAULTS_MS, -1, () => this.#settle());
    while (await world.step()) {
      if (this.#broken !== null) throw this.#broken;
      this.#latest = Math.max(this.#latest, wallOf(this.#machine));
      if (this.#isDirty) {
        this.#isDirty = false;
        await this.#checks.check(this.#now(), (run) => this.#begun(run));
      }
      if (world.now - EPOCH > FAULTS_MS + QUIET_MS) return { ...this.#seen, runs: await this.#countRuns() };
    }
    throw new Broken("the world stood still");
  }

  #now(): { readonly wall: number; readonly latest: number; readonly now: number } {
    return { wall: wallOf(this.#machine), latest: this.#latest, now: this.#world.now };
  }

  #begun(run: string): number {
    return this.#machine.claims.get(run) ?? this.#world.now;
  }

  #boot(): void {
    this.#world.note(`boot ${this.#next}`);
    this.#up.push(bootScheduler(this.#machine, this.#next++));
  }

  #kill({ owner }: SimScheduler): void {
    const place = this.#up.findIndex((one) => one.owner === owner);
    if (place < 0) return;
    this.#world.note(`kill ${owner}`);
    this.#up.splice(place, 1);
    this.#world.silence(owner);
    this.#books.died(owner);
  }

  #crash(daemon: SimScheduler, downMs: number): void {
    this.#seen.crashes += 1;
    this.#kill(daemon);
    this.#world.at(downMs, -1, () => (this.#up.length === 0 ? this.#boot() : undefined));
  }

  #isUnlucky(): boolean {
    return this.#world.now - EPOCH < FAULTS_MS;
  }

  /** Between steps, where the windows are that matter. */
  #stepped(owner: number): void {
    const { prng } = this.#world;
    if (!this.#isUnlucky() || owner < 0 || !prng.chance(1, 1_500)) return;
    const daemon = this.#up.find((one) => one.owner === owner);
    if (daemon !== undefined) this.#crash(daemon, prng.below(5 * MINUTE));
  }

  #fault(): void {
    if (!this.#isUnlucky()) return;
    const world = this.#world;
    const { prng } = world;
    world.at(prng.below(80 * MINUTE), -1, () => this.#fault());
    const [daemon, ms] = [this.#up[0], prng.below(HOUR)];
    switch (prng.below(5)) {
      case 0:
      case 1:
        this.#seen.jumps += 1;
        this.#machine.aheadMs +=
          (prng.below(2) === 0 ? -1 : 1) * prng.below(prng.chance(1, 4) ? 8 * HOUR : HOUR);
        // An override is kept for a day after its end, and the starts are known for some days.
        this.#machine.aheadMs = Math.max(-10 * HOUR, Math.min(10 * HOUR, this.#machine.aheadMs));
        world.note(`jump to ${this.#machine.aheadMs}`);
        return;
      case 2:
        if (daemon !== undefined) this.#crash(daemon, ms);
        return;
      case 3:
        if (daemon !== undefined) world.freeze(daemon.owner, ms);
        world.note("sleep");
        return;
      default:
        // Another is started beside it; sometimes it only slept.
        if (daemon === undefined || this.#up.length > 1) return;
        if (prng.chance(1, 2)) world.freeze(daemon.owner, ms);
        world.at(prng.below(ms + 1), -1, () => this.#boot());
        world.at(ms + prng.below(30 * MINUTE), -1, () => this.#kill(daemon));
    }
  }

  /** Whatever has struck: at last there is one that works, and nothing is paused for ever. */
  #settle(): void {
    for (const daemon of [...this.#up]) this.#kill(daemon);
    this.#boot();
    resumeAll(this.#people);
    const look = (): void => {
      this.#world.at(MINUTE, -1, look);
      this.#checks.checkQuiet(this.#now()).catch(this.#machine.broke);
    };
    this.#world.at(3 * MINUTE, -1, look);
  }

  /** Agents come to an end now and then, some of them by a crash; then their work is queued again. */
  #work(): void {
    this.#world.at(3 * MINUTE, -1, () => this.#work());
    this.#end().catch(this.#machine.broke);
  }

  async #end(): Promise<void> {
    const { prng } = this.#world;
    for (const { id, task, job, fence } of await this.#bare.runs.live()) {
      if (!prng.chance(1, 3)) continue;
      const hasCrashed = prng.chance(1, 25);
      const outcome = hasCrashed
        ? failure("crashed", "it crashed")
        : failure("shutdown", "somebody stopped it", "killed");
      const intent: RunFinished = {
        ...{ kind: "run_finished", run: id, task, job, fence, outcome },
        ...{ jitter: 0, maxAttempts: 1_000, keptForMs: HOUR },
      };
      await ask(this.#bare, [intent], null, wallOf(this.#machine));
    }
  }

  async #countRuns(): Promise<number> {
    const [row] = await this.#engine.all("select count(*) as n from runs", []);
    return Number(row?.["n"]);
  }
}
