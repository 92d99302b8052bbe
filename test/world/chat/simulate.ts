/**
 * A seeded world for cards: the real loop, model, ledger and store, a chat program that keeps its limits and nothing
 * else, people who delete cards, and daemons that are killed between any two steps.
 *
 * K1. At the end every card equals the drawing of its task, and there is exactly one of each task in each chat.
 * K2. What wants a person stands once beside it, and nothing that does not any more.
 * K3. Ledger and chat agree: what stands there is known, and what is known stands there.
 * K4. No limit was ever broken.
 */

import { cardFacts } from "../../../notifier/cards/facts.ts";
import { createCards } from "../../../notifier/cards/loop.ts";
import { draw } from "../../../notifier/cards/model.ts";
import { createPacer } from "../../../notifier/cards/pacer.ts";
import type { CardPorts, ChatInForce } from "../../../notifier/cards/ports.ts";
import { createStore } from "../../../store/build.ts";
import type { Engine } from "../../../store/engine/engine.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import { nullLog } from "../../../system/log.ts";
import type { Wake } from "../../../system/wake.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { creation } from "../../conformance/database.ts";
import { freshDatabase } from "../database/fresh.ts";
import { Broken } from "../oracle.ts";
import { simChance, simClock, simEngine, simWake } from "../ports.ts";
import { EPOCH, World } from "../world.ts";
import { ChatServer, renderSim, simChat } from "./server.ts";

const SECOND = 1_000;
const CHANGES_MS = 60 * SECOND;
/** Strokes of fate come for so long. */
const FAULTS_MS = 5 * 60 * SECOND;
/** Longer than anything that failed meanwhile is put off for. */
const REST_MS = 30 * 60 * SECOND;
/** With so much more for each task: a call a second is all that a chat allows. */
const TASK_MS = 4 * SECOND;
/** Nothing is being sent for so long, once strokes of fate are over. */
const SENDING_MS = 2 * 60 * SECOND;
const LOOK_EVERY = 500;

/** Bugs for the oracle to find. */
export interface ChatPlant {
  /** What an earlier daemon was sending, and what nobody saw the end of, is not looked for. */
  readonly forgetsSending?: boolean;
  /** Nobody keeps a distance. */
  readonly hurries?: boolean;
  /** A card that was drawn once counts as drawn for ever. */
  readonly drawsOnce?: boolean;
  /** What is over stays. */
  readonly leavesAsks?: boolean;
}

export interface ChatScene {
  readonly tasks: number;
  readonly changes: number;
}

export interface ChatHistory {
  readonly steps: number;
  readonly simulatedMs: number;
  readonly lines: readonly string[];
  readonly crashes: number;
  readonly calls: number;
}

/** @throws Broken when a promise does not hold; the message names seed and step. */
export async function simulateChat(
  seed: number,
  plant: ChatPlant = {},
  scene: ChatScene | null = null,
): Promise<ChatHistory> {
  const world = new World(seed);
  const engine = await freshDatabase();
  try {
    const drawn = scene ?? { tasks: 2 + world.prng.below(12), changes: 20 + world.prng.below(120) };
    const told = await new Life(world, engine, plant, drawn).live();
    return { ...told, steps: world.steps, simulatedMs: world.now - EPOCH, lines: world.history };
  } catch (error) {
    if (error instanceof Error) error.message = `seed ${seed}, step ${world.steps}: ${error.message}`;
    throw error;
  } finally {
    await engine.close();
  }
}

const PLACES = ["telegram:team", "telegram:ops"];

class Life {
  readonly #world: World;
  readonly #engine: Engine;
  /** Past every disk. */
  readonly #bare: Store;
  readonly #plant: ChatPlant;
  readonly #scene: ChatScene;
  readonly #server: ChatServer;
  readonly #chats: readonly string[];
  readonly #bump: boolean;
  #wake: Wake | null = null;
  #owner = 0;
  #crashes = 0;
  #changes = 0;
  #broken: unknown = null;
  readonly #deleted: Set<string> = new Set();

  constructor(world: World, engine: Engine, plant: ChatPlant, scene: ChatScene) {
    this.#world = world;
    this.#engine = engine;
    this.#plant = plant;
    this.#scene = scene;
    this.#bare = createStore(engine);
    this.#server = new ChatServer(world, {
      chat: 1_050,
      account: 35,
      edits: world.prng.chance(1, 3) ? 1_250 : 35,
    });
    this.#server.isUnlucky = () => this.#isUnlucky();
    this.#chats = world.prng.chance(1, 3) ? PLACES : PLACES.slice(0, 1);
    this.#bump = world.prng.chance(1, 3);
  }

  #isUnlucky(): boolean {
    return this.#world.now - EPOCH < FAULTS_MS;
  }

  async live(): Promise<Pick<ChatHistory, "crashes" | "calls">> {
    const world = this.#world;
    await this.#bare.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 3 }]), EPOCH);
    this.#boot();
    for (let number = 1; number <= this.#scene.tasks; number++)
      world.at(world.prng.below(CHANGES_MS / 2), -1, () => this.#do(() => this.#make(number)));
    for (let count = 0; count < this.#scene.changes; count++)
      world.at(world.prng.below(CHANGES_MS), -1, () => this.#do(() => this.#change()));
    if (world.prng.chance(1, 4))
      world.at(world.prng.below(FAULTS_MS), -1, () => this.#server.move("1", "-1001"));
    world.at(FAULTS_MS, -1, () => this.#do(() => this.#touchAll()));
    world.onStep = (owner) => this.#fate(owner);
    while (await world.step()) {
      if (this.#broken !== null) throw this.#broken;
      if (this.#server.violations > 0) throw new Broken("K4: a limit was broken");
      if (world.now - EPOCH > REST_MS + this.#scene.tasks * TASK_MS)
        throw new Broken(`K1: not at rest: ${(await this.#wrong()).join("; ")}`);
      if (world.steps % LOOK_EVERY !== 0 || this.#isUnlucky()) continue;
      await this.#lookForStuck();
      if ((await this.#wrong()).length === 0 && (await this.#isQuiet()))
        return { crashes: this.#crashes, calls: this.#server.calls };
    }
    throw new Broken("the world stood still");
  }

  #do(work: () => Promise<unknown>): void {
    void work()
      .then(() => this.#wake?.ring())
      .catch((error: unknown) => {
        this.#broken = error;
      });
  }

  #fate(owner: number): void {
    const { prng } = this.#world;
    if (!this.#isUnlucky()) return;
    if (owner === this.#owner && prng.chance(1, 400)) {
      this.#world.note(`crash ${owner}`);
      this.#crashes += 1;
      this.#world.silence(owner);
      this.#wake = null;
      this.#owner = -2;
      this.#world.at(prng.below(20 * SECOND), -1, () => this.#boot());
    }
    if (prng.chance(1, 2_000)) this.#do(() => this.#deleteOne());
  }

  /** Somebody does not want to see the card of a task that goes on; what is finished nobody looks at again. */
  async #deleteOne(): Promise<void> {
    const rows = await this.#engine.all(
      `select remote, messages.chat, about from messages join tasks on tasks.key = messages.task
       where purpose = 'card' and messages.status = 'shown' and tasks.finished_at is null order by id`,
      [],
    );
    const row = rows[this.#world.prng.below(Math.max(1, rows.length))];
    const remote = String(row?.["remote"]);
    // A card that is deleted again and again is left alone for an hour, which nobody waits for here.
    const which = `${row?.["chat"]} ${row?.["about"]}`;
    if (this.#deleted.has(which)) return;
    this.#deleted.add(which);
    for (const messages of this.#server.places.values())
      if (messages.delete(remote)) this.#world.note(`deleted ${remote}`);
  }

  #boot(): void {
    const world = this.#world;
    this.#owner = this.#crashes + 1;
    const owner = this.#owner;
    const clock = simClock(world, owner);
    const store = planted(createStore(simEngine(world, owner, this.#engine, () => undefined)), this.#plant);
    const wake = simWake(world, owner);
    this.#wake = wake;
    const ports: CardPorts = {
      ...{ store, clock, log: nullLog(), chance: simChance(world), moved: new Map<string, string>() },
      pacer: this.#plant.hurries === true ? hurried() : createPacer(clock),
      chats: () => this.#inForce(owner, ports.moved),
      redact: (text) => text,
    };
    void createCards(ports)
      .run(wake, new AbortController().signal)
      .catch((error: unknown) => {
        this.#broken = error;
      });
  }

  #inForce(owner: number, moved: ReadonlyMap<string, string>): ReadonlyMap<string, ChatInForce> {
    return new Map(
      this.#chats.map((key, index) => [
        key,
        {
          chat: simChat(this.#server, owner, key, moved.get(key) ?? String(index + 1)),
          ...{
            digest: "same",
            projects: null,
            cards: "all",
            phases: null,
            minNanos: 0,
            bump: this.#bump,
            activityMs: null,
          },
        },
      ]),
    );
  }

  /** So that what somebody has deleted is noticed. */
  async #touchAll(): Promise<void> {
    await this.#engine.atomic([
      {
        sql: "update tasks set title = title || '!', version = version + 1 where finished_at is null",
        params: [],
      },
    ]);
  }

  async #make(number: number): Promise<void> {
    await this.#bare.commit([creation("shop", number)], null, this.#world.now);
  }

  async #change(): Promise<void> {
    const { prng, now } = this.#world;
    const tasks = await this.#engine.all(
      "select key, status from tasks where finished_at is null order by seq",
      [],
    );
    const task = tasks[prng.below(Math.max(1, tasks.length))];
    if (task === undefined) return;
    const [key, status] = [String(task["key"]), String(task["status"])];
    const asked = {
      ...{
        project: "shop",
        by: { kind: "api" as const, name: "ada" },
        key: `change ${++this.#changes}`,
        because: "sim",
      },
      target: { key },
    } as const;
    switch (prng.below(8)) {
      case 0:
        return void (await ask(
          this.#bare,
          [{ kind: "pause_task", ...asked, why: null, until: null }],
          null,
          now,
        ));
      case 1:
        return void (await ask(this.#bare, [{ kind: "resume_task", ...asked, onlyDue: false }], null, now));
      case 2:
        if (prng.chance(1, 2))
          await ask(this.#bare, [{ kind: "cancel_task", ...asked, reason: "enough" }], null, now);
        return;
      case 3:
        if (status === "active") await this.#askFor(key);
        return;
      case 4:
        return void (await this.#run(
          "update approvals set status = 'approved', finished_at = $2 where task = $1 and status = 'pending'",
          key,
          now,
        ));
      default:
        await this.#run("update tasks set title = $2 where key = $1", key, `title ${this.#changes}`);
    }
  }

  async #askFor(key: string): Promise<void> {
    await this.#run(
      `insert into approvals (task, project, seq, phase, status, asked_at)
       select $1, 'shop', coalesce((select max(seq) from approvals where task = $1), 0) + 1, 'work', 'pending', $2
       where not exists (select 1 from approvals where task = $1 and status = 'pending')`,
      key,
      this.#world.now,
    );
  }

  /** As a decision would, with another version. */
  async #run(sql: string, key: string, value: string | number): Promise<void> {
    await this.#engine.atomic([
      { sql, params: [key, value] },
      { sql: "update tasks set version = version + 1 where key = $1", params: [key] },
    ]);
  }

  /** K3. */
  async #lookForStuck(): Promise<void> {
    if (this.#world.now - EPOCH < FAULTS_MS + SENDING_MS) return;
    const rows = await this.#engine.all(
      "select about from messages where status = 'sending' and begun_at < $1",
      [this.#world.now - SENDING_MS],
    );
    if (rows.length > 0) throw new Broken(`K3: ${rows[0]?.["about"]} is being sent, and nobody does`);
  }

  async #isQuiet(): Promise<boolean> {
    const rows = await this.#engine.all(
      "select count(*) as open from messages where status in ('sending', 'unknown', 'leaving')",
      [],
    );
    return Number(rows[0]?.["open"]) === 0;
  }

  /** What is not as it should be, for people; empty when everything is. */
  async #wrong(): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const [index, chat] of this.#chats.entries()) {
      const place = this.#server.moved.get(String(index + 1)) ?? String(index + 1);
      const posted = new Map(this.#server.at(place));
      for (const { key } of (await this.#engine.all("select key from tasks", [])).map((row) => ({
        key: String(row["key"]),
      })))
        wrong.push(...(await this.#wrongOf(chat, key, posted)));
      for (const id of posted.keys()) wrong.push(`K3: nobody knows message ${id} in ${chat}`);
    }
    return wrong;
  }

  async #wrongOf(
    chat: string,
    key: string,
    posted: Map<string, { body: string }>,
  ): Promise<readonly string[]> {
    const facts = await cardFacts(this.#bare, key, this.#world.now);
    if (facts === null) return [`${key} is gone`];
    const { card, ask } = draw(facts, { redact: (text) => text, showsActivity: false });
    const rows = await this.#bare.messages.ofTask(chat, key);
    const wrong: string[] = [];
    // What was finished before anybody looked has never come.
    const [came] = await this.#engine.all("select is_settled from cards where task = $1 and chat = $2", [
      key,
      chat,
    ]);
    if (came === undefined && facts.task.finishedAt !== null) return [];
    // Cards of what was finished, and drawn so, are in the old chat, out of reach.
    const isOutOfReach = rows.every(({ remote }) => !posted.has(remote ?? ""));
    const hasMoved = chat === PLACES[0] && this.#server.moved.size > 0;
    if (hasMoved && Number(came?.["is_settled"]) === 1 && isOutOfReach) return [];
    const wanted = [{ about: `card ${key}`, message: card }, ...(ask === null ? [] : [ask])];
    for (const { about, message } of wanted) {
      const known = rows.filter((row) => row.about === about && row.status === "shown");
      const remote = known[0]?.remote ?? "";
      const body = posted.get(remote)?.body;
      if (known.length !== 1 || body === undefined) wrong.push(`K1: ${about} does not stand in ${chat} once`);
      else if (about.startsWith("card") && body !== renderSim(message, "", false).body)
        wrong.push(`K1: ${about} in ${chat} shows something old`);
      posted.delete(remote);
    }
    if (rows.length > wanted.length) wrong.push(`K2: ${key} has ${rows.length} messages in ${chat}`);
    for (const { remote } of rows) posted.delete(remote ?? "");
    return wrong;
  }
}

function hurried(): CardPorts["pacer"] {
  const way = { pass: async () => true };
  return { turn: (_chat, _weight, _signal, work) => work(way), rest: () => undefined, waitMs: () => 0 };
}

function planted(store: Store, plant: ChatPlant): Store {
  const { messages, cards } = store;
  return {
    ...store,
    messages: {
      ...messages,
      ...(plant.forgetsSending === true && {
        loseOthers: async () => 0,
        lost: (id: number, error: string) => messages.end(id, error, 0),
      }),
      ...(plant.leavesAsks === true && {
        leave: async (id: number, now: number) => messages.end(id, null, now),
      }),
    },
    cards: {
      ...cards,
      ...(plant.drawsOnce === true && {
        drawn: (
          card: Parameters<typeof cards.drawn>[0],
          drawn: Parameters<typeof cards.drawn>[1],
          now: number,
        ) => cards.drawn(card, { ...drawn, isSettled: true }, now),
      }),
    },
  };
}
