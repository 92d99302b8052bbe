/**
 * The neighbour of a simulated project: another project of the same repository, some of whose tasks go one after
 * another, and people who make them, have them wait for others, and let them pass.
 */

import type { Engine } from "../../../store/engine/engine.ts";
import { factsOf, type Project } from "../../../workflow/project.ts";
import type { SimDaemon } from "../daemon.ts";
import type { World } from "../world.ts";

const MINUTE = 60_000;

/** One task needs another, as somebody was told. */
export interface ConfirmedNeed {
  readonly task: string;
  readonly needs: string;
}

/** The same repository by another address. */
export function drawNeighbour({ prng }: World, project: Project): Project {
  return {
    ...project,
    ...{ name: "mill", prefix: "MILL", repo: null, cloneUrl: "git@forge.example:acme/shop.git" },
    ...{ serial: prng.chance(1, 2), concurrency: 2 },
  };
}

export class Neighbours {
  readonly confirmed: ConfirmedNeed[] = [];
  /** Needs that somebody wanted dropped, as `task needs`. */
  readonly dropped: Set<string> = new Set();
  /** Tasks that somebody wanted to let pass. */
  readonly passed: Set<string> = new Set();
  readonly #world: World;
  readonly #engine: Engine;
  readonly #daemon: () => SimDaemon | null;
  readonly #project: Project;
  #asked = 0;

  constructor(world: World, engine: Engine, daemon: () => SimDaemon | null, project: Project) {
    this.#world = world;
    this.#engine = engine;
    this.#daemon = daemon;
    this.#project = project;
  }

  begin(spanMs: number): void {
    const { prng } = this.#world;
    const some = (most: number, within: number, act: () => Promise<void>): void => {
      for (let left = prng.below(most + 1); left > 0; left--)
        this.#world.at(prng.below(within), -1, () => void act());
    };
    this.#world.at(prng.below(spanMs / 4), -1, () => void this.#make());
    some(3, spanMs / 2, () => this.#make());
    some(4, spanMs / 2, () => this.#depend());
    some(1, spanMs, () => this.#letPass());
    const lookAfter = (): void => {
      void this.#dropHopeless();
      this.#world.at(5 * MINUTE, -1, lookAfter);
    };
    this.#world.at(spanMs, -1, lookAfter);
  }

  /** Who finds nobody there comes again. */
  async #make(triesLeft = 3): Promise<void> {
    const { prng } = this.#world;
    const keys = await this.#keys("select key from tasks order by seq");
    const failed = await this.#keys("select key from tasks where status = 'failed' order by seq");
    const from = failed.length > 0 && prng.chance(1, 2) ? failed : keys;
    const wanted = Array.from({ length: prng.below(3) }, () => from[prng.below(from.length || 1)] ?? "");
    const needs = [...new Set(wanted)].filter((key) => key !== "");
    const { name: project } = this.#project;
    const told = await this.#ask({
      ...{ kind: "start_task", project, ...this.#who("make"), refs: [], explicit: true, needs },
      ...{ title: "Grind", body: "please", url: null, author: "ann", number: null, priority: prng.below(2) },
      facts: factsOf(this.#project),
    });
    this.#world.note(`make after ${needs.join(" and ") || "nothing"}: ${told?.kind ?? "unheard"}`);
    if (told === null && triesLeft > 0)
      this.#world.at(prng.below(MINUTE), -1, () => void this.#make(triesLeft - 1));
    if (told?.kind !== "done") return;
    for (const need of needs) this.confirmed.push({ task: told.tasks[0] ?? "", needs: need });
  }

  /** Tasks of either project. Circles and what comes too late are refused. */
  async #depend(): Promise<void> {
    const { prng } = this.#world;
    const keys = await this.#keys("select key from tasks where finished_at is null order by seq");
    const fresh = await this.#keys(NOT_BEGUN);
    const pick = (from: readonly string[]): string => from[prng.below(from.length || 1)] ?? "";
    const [task, needs] = [pick(prng.chance(3, 4) ? fresh : keys), pick(keys)];
    if (task === needs || task === "") return;
    const told = await this.#dependOn(task, [needs], []);
    if (told === "done") this.confirmed.push({ task, needs });
  }

  async #letPass(): Promise<void> {
    const keys = await this.#keys(WAITING);
    const key = keys[this.#world.prng.below(keys.length || 1)];
    if (key === undefined) return;
    this.passed.add(key);
    const wish = { project: this.#project.name, ...this.#who("pass"), target: { key } };
    const told = await this.#ask({ kind: "resume_task", ...wish, onlyDue: false });
    this.#world.note(`pass ${key} ${told?.kind ?? "unheard"}`);
  }

  /** What has failed is not waited for for ever. */
  async #dropHopeless(): Promise<void> {
    for (const row of await this.#engine.all(HOPELESS, []))
      await this.#dependOn(String(row["task"]), [], [String(row["needs"])]);
  }

  async #dependOn(key: string, add: readonly string[], drop: readonly string[]): Promise<string> {
    for (const needs of drop) this.dropped.add(`${key} ${needs}`);
    const wish = { project: this.#project.name, ...this.#who("depend"), target: { key } };
    const told = (await this.#ask({ kind: "depend_task", ...wish, add, drop }))?.kind ?? "unheard";
    this.#world.note(`depend ${key} +${add.join()} -${drop.join()} ${told}`);
    return told;
  }

  #who(what: string) {
    const by = { kind: "cli", name: "ann" } as const;
    return { by, key: `${what}:${++this.#asked}`, because: "asked" } as const;
  }

  async #keys(sql: string): Promise<readonly string[]> {
    return (await this.#engine.all(sql, [])).map(({ key }) => String(key));
  }

  /** Never settles when the daemon dies meanwhile, as a call to one that is gone. */
  async #ask(intent: Parameters<SimDaemon["told"]>[0]): ReturnType<SimDaemon["told"]> {
    return (
      (await this.#daemon()
        ?.told(intent)
        .catch(() => null)) ?? null
    );
  }
}

const NOT_BEGUN = `
select distinct task as key from jobs where opens = 1 and status in ('queued', 'held') order by task`;
const WAITING = `
select distinct t.key from tasks t join jobs j on j.task = t.key join job_holds h on h.job = j.id
where h.kind = 'serial' order by t.key`;
const HOPELESS = `
select d.task, d.needs from dependencies d join tasks t on t.key = d.task join tasks n on n.key = d.needs
where d.dropped_at is null and t.finished_at is null and n.status in ('failed', 'cancelled') order by d.id`;
