/**
 * A seeded world for what is told outside: the real loop, faces, outbox and senders, a forge whose answers get lost,
 * and daemons that are killed between any two steps.
 *
 * O1. At the end every task has exactly one comment at its item, whose text is the one that is drawn of it then; so has
 *     each thing that is asked and was told.
 * O2. So are labels, states and statuses.
 * O3. Nothing is owed any more, and faces say what stands there.
 */

import { cardFacts } from "../../../notifier/cards/facts.ts";
import { createOutbox } from "../../../notifier/loop.ts";
import { askFaces } from "../../../notifier/outside/ask.ts";
import { createOutside, EDIT_MS } from "../../../notifier/outside/loop.ts";
import type { OutsideInForce, ToldProject } from "../../../notifier/outside/ports.ts";
import { outsideSender } from "../../../notifier/outside/sender.ts";
import { placesOf, wantedFaces } from "../../../notifier/outside/wanted.ts";
import { createStore } from "../../../store/build.ts";
import type { Engine } from "../../../store/engine/engine.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import { nullLog } from "../../../system/log.ts";
import type { Wake } from "../../../system/wake.ts";
import { outsideTarget } from "../../../workflow/outside/calls.ts";
import type { Face, WantedFace } from "../../../workflow/outside/face.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { creation } from "../../conformance/database.ts";
import { freshDatabase } from "../database/fresh.ts";
import { Broken } from "../oracle.ts";
import { simChance, simClock, simEngine, simWake } from "../ports.ts";
import { EPOCH, World } from "../world.ts";
import { ForgeServer, simForge } from "./server.ts";

const SECOND = 1_000;
const CHANGES_MS = 3 * 60 * SECOND;
/** Strokes of fate come for so long. */
const FAULTS_MS = 5 * 60 * SECOND;
/** Longer than anything that failed meanwhile is put off for. */
const REST_MS = 4 * 60 * 60 * SECOND;
/** A request that is on its way when a daemon is killed has arrived by then. */
const BOOT_MS = 1 * SECOND;
/** Tasks that are paused for a moment: one by one, when all is quiet, for whatever comes later mends what is wrong. */
const MOMENTS = 3;
/** Such a pause is mostly over before a call that tells of it is made again. */
const MOMENT_MS = 12 * SECOND;
/** For so long from its beginning forges may do what they are told, and answer nothing. */
const MUTE_MS = 4 * SECOND;
const LOOK_EVERY = 200;

/** Bugs for the oracle to find. */
export interface OutsidePlant {
  /** What a call may have changed is taken for what stood there before. */
  readonly trustsTold?: boolean;
  /** What nobody answered counts as told. */
  readonly believesSilence?: boolean;
  /** A comment has another mark for each call, and what stands there is not remembered. */
  readonly forgetsMarks?: boolean;
}

export interface OutsideHistory {
  readonly steps: number;
  readonly simulatedMs: number;
  readonly lines: readonly string[];
  readonly crashes: number;
  readonly requests: number;
  readonly edits: number;
}

/** @throws Broken when a promise does not hold; the message names seed and step. */
export async function simulateOutside(seed: number, plant: OutsidePlant = {}): Promise<OutsideHistory> {
  const world = new World(seed);
  const engine = await freshDatabase();
  try {
    const lived = await new Life(world, engine, plant).live();
    return { ...lived, steps: world.steps, simulatedMs: world.now - EPOCH, lines: world.history };
  } catch (error) {
    if (error instanceof Error) error.message = `seed ${seed}, step ${world.steps}: ${error.message}`;
    throw error;
  } finally {
    await engine.close();
  }
}

const PROJECT: ToldProject = {
  ...{ name: "shop", repo: "acme/shop", trackers: { plane: "p-1" }, command: "/agent", forge: "github" },
  branchUrl: (branch) => `https://forge.example/acme/shop/tree/${branch}`,
  tell: {
    ...{ comment: true, status: true },
    labels: { working: "at work", waiting: "waits", done: "made", failed: "broken" },
    states: { started: "started", review: "In review", done: "completed", failed: "Todo" },
  },
};

type Wish =
  | { readonly kind: "pause_task"; readonly why: string; readonly until: null }
  | { readonly kind: "resume_task"; readonly onlyDue: boolean }
  | { readonly kind: "cancel_task"; readonly reason: string };

const plain = (text: string): string => text;

class Life {
  readonly #world: World;
  readonly #engine: Engine;
  /** Past every disk. */
  readonly #bare: Store;
  readonly #plant: OutsidePlant;
  readonly #servers: ReadonlyMap<string, ForgeServer>;
  readonly #tasks: number;
  readonly #wakes: { outbox: Wake; outside: Wake }[] = [];
  #owner = 0;
  #crashes = 0;
  #changes = 0;
  #moments = 0;
  #momentEndsAt = 0;
  #broken: unknown = null;

  constructor(world: World, engine: Engine, plant: OutsidePlant) {
    this.#world = world;
    this.#engine = engine;
    this.#plant = plant;
    this.#bare = createStore(engine);
    this.#tasks = 1 + world.prng.below(6);
    this.#servers = new Map(["github", "plane"].map((name) => [name, new ForgeServer(world)]));
    for (const server of this.#servers.values()) server.isUnlucky = () => this.#isUnlucky();
  }

  #isUnlucky(): boolean {
    return this.#world.now - EPOCH < FAULTS_MS;
  }

  async live(): Promise<Pick<OutsideHistory, "crashes" | "requests" | "edits">> {
    const world = this.#world;
    await this.#bare.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 3 }]), EPOCH);
    this.#boot();
    for (let number = 1; number <= this.#tasks; number++)
      world.at(world.prng.below(CHANGES_MS / 2), -1, () => this.#do(() => this.#make(number)));
    for (let count = 20 + world.prng.below(60); count > 0; count--)
      world.at(world.prng.below(CHANGES_MS), -1, () => this.#do(() => this.#change()));
    world.onStep = (owner) => this.#fate(owner);
    while (await world.step()) {
      if (this.#broken !== null) throw this.#broken;
      if (world.now - EPOCH > REST_MS)
        throw new Broken(`O1: not at rest: ${(await this.#wrong()).join("; ")}`);
      if (world.steps % LOOK_EVERY !== 0 || this.#isUnlucky() || world.now < this.#momentEndsAt) continue;
      if (!(await this.#isQuiet())) continue;
      const wrong = await this.#wrong();
      if (wrong.length > 0) throw new Broken(wrong.join("; "));
      if (this.#moments < MOMENTS) {
        this.#do(() => this.#pauseForAMoment());
        continue;
      }
      const sum = (of: (server: ForgeServer) => number): number =>
        [...this.#servers.values()].reduce((total, server) => total + of(server), 0);
      return {
        crashes: this.#crashes,
        requests: sum(({ requests }) => requests),
        edits: sum(({ edits }) => edits),
      };
    }
    throw new Broken("the world stood still");
  }

  #do(work: () => Promise<unknown>): void {
    void work()
      .then(() => {
        for (const { outbox, outside } of this.#wakes.slice(-1))
          for (const one of [outbox, outside]) one.ring();
      })
      .catch((error: unknown) => {
        this.#broken = error;
      });
  }

  #fate(owner: number): void {
    const { prng } = this.#world;
    if (!this.#isUnlucky() || owner !== this.#owner || !prng.chance(1, 150)) return;
    this.#world.note(`crash ${owner}`);
    this.#crashes += 1;
    this.#world.silence(owner);
    this.#owner = -2;
    this.#world.at(BOOT_MS + prng.below(20 * SECOND), -1, () => this.#boot());
  }

  #boot(): void {
    const world = this.#world;
    this.#owner = this.#crashes + 1;
    const owner = this.#owner;
    const clock = simClock(world, owner);
    const [outside, outbox] = [simWake(world, owner), simWake(world, owner)];
    this.#wakes.push({ outside, outbox });
    const made = createStore(
      simEngine(world, owner, this.#engine, () => undefined),
      (work) => {
        if (work === "outbox") outbox.ring();
        if (work === "cards") outside.ring();
      },
    );
    const store = planted(made, this.#plant);
    const inForce = this.#inForce(owner);
    const senders = new Map(
      [...inForce.forges].map(([source, forge]) => [
        outsideTarget(source),
        outsideSender({ store, clock }, forge, source === "github" ? forge : null),
      ]),
    );
    const log = nullLog();
    const ports = { store, clock, log };
    const signal = new AbortController().signal;
    const fail = (error: unknown): void => {
      this.#broken = error;
    };
    void createOutside({ ...ports, inForce: () => inForce, redact: plain })
      .run(outside, signal)
      .catch(fail);
    const notices = { channels: () => [], troubles: () => [], machine: "sim" };
    void createOutbox({
      ...ports,
      ...notices,
      chance: simChance(world),
      wake: outbox,
      senders: () => senders,
    })
      .run(outbox, signal)
      .catch(fail);
  }

  #inForce(owner: number): OutsideInForce {
    const forges = new Map(
      [...this.#servers].map(([source, server]) => {
        const forge = simForge(server, source, owner);
        return [source, this.#plant.forgetsMarks === true ? forgetful(forge, this.#world) : forge] as const;
      }),
    );
    return { trackers: forges, forges, projects: new Map([["shop", PROJECT]]) };
  }

  async #make(number: number): Promise<string> {
    const isOfPlane = this.#world.prng.chance(1, 3);
    const ref = isOfPlane
      ? ({ source: "plane", kind: "work_item", id: `w-${number}` } as const)
      : ({ source: "github", kind: "issue", id: `acme/shop#${number}` } as const);
    await this.#bare.commit([creation("shop", number, { refs: [ref] })], null, this.#world.now);
    return `SHOP-${number}`;
  }

  async #anyTask(): Promise<string | null> {
    const tasks = await this.#engine.all("select key from tasks where finished_at is null order by seq", []);
    const task = tasks[this.#world.prng.below(Math.max(1, tasks.length))];
    return task === undefined ? null : String(task["key"]);
  }

  /** What a task shows changes and changes back, perhaps while nobody knows which of both stands there. */
  async #pauseForAMoment(): Promise<void> {
    const { prng, now } = this.#world;
    const [at, lasts] = [EDIT_MS + prng.below(SECOND), SECOND + prng.below(MOMENT_MS)];
    this.#moments += 1;
    this.#momentEndsAt = now + at + lasts + SECOND;
    const key = await this.#make(this.#tasks + this.#moments);
    this.#world.at(at, -1, () => {
      if (prng.chance(3, 4)) for (const server of this.#servers.values()) server.mute(MUTE_MS);
      this.#do(() => this.#pause(key));
    });
    this.#world.at(at + lasts, -1, () => this.#do(() => this.#resume(key)));
  }

  #pause(key: string): Promise<void> {
    return this.#ask(key, { kind: "pause_task", why: `reason ${this.#changes}`, until: null });
  }

  #resume(key: string): Promise<void> {
    return this.#ask(key, { kind: "resume_task", onlyDue: false });
  }

  async #ask(key: string, wish: Wish): Promise<void> {
    const by = { kind: "api", name: "ada" } as const;
    const asked = { project: "shop", by, key: `change ${++this.#changes}`, because: "sim", target: { key } };
    await ask(this.#bare, [{ ...asked, ...wish }], null, this.#world.now);
  }

  async #change(): Promise<void> {
    const { prng, now } = this.#world;
    const key = await this.#anyTask();
    if (key === null) return;
    switch (prng.below(8)) {
      case 0:
      case 1:
        return this.#pause(key);
      case 2:
      case 3:
        return this.#resume(key);
      case 4:
        if (prng.chance(1, 3)) await this.#ask(key, { kind: "cancel_task", reason: "enough" });
        return;
      case 5:
        return this.#run(
          `insert into approvals (task, project, seq, phase, status, asked_at)
           select $1, 'shop', coalesce((select max(seq) from approvals where task = $1), 0) + 1, 'work', 'pending', $2
           where not exists (select 1 from approvals where task = $1 and status = 'pending')`,
          key,
          now,
        );
      case 6:
        return this.#run(
          "update approvals set status = 'approved', finished_at = $2 where task = $1 and status = 'pending'",
          key,
          now,
        );
      default:
        await this.#run(
          "update tasks set branch = 'chargehand/' || key, published_commit = $2 where key = $1",
          key,
          (++this.#changes).toString(16).padStart(40, "a"),
        );
    }
  }

  /** As a decision would, with another version. */
  async #run(sql: string, key: string, value: string | number): Promise<void> {
    await this.#engine.atomic([
      { sql, params: [key, value] },
      { sql: "update tasks set version = version + 1 where key = $1", params: [key] },
    ]);
  }

  /** O3: everything was looked at, and nothing is owed. */
  async #isQuiet(): Promise<boolean> {
    const [row] = await this.#engine.all(
      `select (select count(*) from outbox where status = 'pending') + (select count(*) from faces where is_open = 1) as open`,
      [],
    );
    return (
      Number(row?.["open"]) === 0 &&
      (await this.#bare.faces.due(this.#world.now + SECOND * 60, 1)).length === 0
    );
  }

  /** What is not as it should be, for people; empty when everything is. */
  async #wrong(): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const row of await this.#engine.all("select key from tasks order by seq", []))
      wrong.push(...(await this.#wrongOf(String(row["key"]))));
    const dead = (await this.#bare.outbox.list({ limit: 1, before: null, status: "dead" })).items;
    return [...wrong, ...dead.map(({ error }) => `O3: given up: ${error}`)];
  }

  async #wrongOf(key: string): Promise<readonly string[]> {
    const facts = await cardFacts(this.#bare, key, this.#world.now);
    if (facts === null) return [`${key} is gone`];
    const faces = await this.#bare.faces.ofTask(key);
    const inForce = this.#inForce(-1);
    const places = placesOf(await this.#bare.tasks.refs(key), faces, inForce, PROJECT);
    const asks = askFaces(facts, places, faces, { redact: plain, command: PROJECT.command });
    const wanted = [...wantedFaces(facts, places, PROJECT, inForce, plain), ...asks];
    if (wanted.length === 0) return [`${key} has nothing to show`];
    return wanted.flatMap((face) => {
      const row = faces.find(({ source, aspect }) => source === face.source && aspect === face.aspect);
      const server = this.#servers.get(face.source);
      const seen = server === undefined ? "no server" : wrongAt(server, face, key);
      return [
        ...(row === undefined ? [`O3: ${key} has no ${face.aspect}`] : []),
        ...(seen === null ? [] : [`${key} ${face.aspect}: ${seen}`]),
      ];
    });
  }
}

/** What people see that is not what is wanted; `null` for nothing. */
function wrongAt(server: ForgeServer, face: WantedFace, key: string): string | null {
  const item = `${face.place}#${face.item}`;
  switch (face.aspect) {
    case "comment": {
      const own = [...server.comments.values()].filter(
        (one) => one.item === item && !one.mark.includes("-ask-"),
      );
      if (own.length !== 1) return `O1: ${own.length} comments at ${item}`;
      return own[0]?.text === face.wish.text && own[0].mark.includes(`-${key}-`) ? null : "O1: it is old";
    }
    case "labels": {
      const has = [...(server.labels.get(item) ?? [])];
      return has.join() === face.wish.has.join() ? null : `O2: it has ${has.join()}`;
    }
    case "state":
      return server.states.get(item) === face.wish.state ? null : "O2: it is old";
    case "status": {
      const name = `${face.place}@${face.wish.commit} ${face.wish.name}`;
      return server.statuses.get(name) === face.wish.state ? null : "O2: it is old";
    }
    // Pull requests have tests of their own.
    case "pull":
    case "threads":
    case "gone":
      return null;
    default: {
      const asked = [...server.comments.values()].filter(
        ({ item: at, mark }) => at === item && mark.includes(`-${key}-`) && mark.includes(`-${face.aspect}`),
      );
      if (asked.length !== 1) return `O1: it is asked ${asked.length} times at ${item}`;
      return asked[0]?.text.startsWith(face.wish.text) === true ? null : "O1: it is old";
    }
  }
}

function forgetful(forge: ReturnType<typeof simForge>, world: World): ReturnType<typeof simForge> {
  return {
    ...forge,
    comment: (at, comment) =>
      forge.comment(at, { ...comment, mark: `${comment.mark}-${world.prng.u32()}`, known: null }),
  };
}

function planted(store: Store, plant: OutsidePlant): Store {
  const { faces } = store;
  return {
    ...store,
    faces: {
      ...faces,
      ...(plant.trustsTold === true && { begin: async () => undefined }),
      ...(plant.believesSilence === true && {
        begin: async (face: Face) => faces.told(face, null, face.wishedAt),
      }),
    },
  };
}
