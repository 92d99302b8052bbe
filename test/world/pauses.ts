/**
 * People of a simulated world who pause and resume, and their own books of it. What a daemon has confirmed holds until
 * its end, or until somebody asks for that, whatever strikes the daemon; the oracle holds each claim against the books.
 */

import type { Engine } from "../../store/engine/engine.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import { type PauseScope, widePause } from "../../workflow/decide/pause.ts";
import { EVERYTHING } from "../../workflow/hold.ts";
import { Broken } from "./oracle.ts";
import type { World } from "./world.ts";

const MINUTE = 60_000;
const BY = { kind: "api", name: "alice" } as const;

/** A project by its name, a task by its key, or `*`. */
interface Paused {
  readonly subject: string;
  readonly until: number | null;
  readonly stops: boolean;
}

/** What a daemon does for them. Rejects, or never answers, as one that is down does. */
export interface Pausing {
  /** Whether it was done. */
  pause(pause: Paused): Promise<boolean>;
  /** Ends this one, or all that there are. */
  resume(subject: string | null): Promise<void>;
}

interface Entry {
  readonly subject: string;
  readonly confirmedAt: number;
  readonly until: number | null;
  /** Somebody has asked for its end, so it may be over. */
  asked: boolean;
}

export class Pausers {
  readonly #world: World;
  readonly #daemon: () => Pausing | null;
  readonly #books: Entry[] = [];
  /** By subject, or `null` for all, how often its pauses were ended or replaced. */
  readonly #ends: Map<string | null, number> = new Map();

  constructor(world: World, daemon: () => Pausing | null) {
    this.#world = world;
    this.#daemon = daemon;
  }

  /**
   * Some pauses within the next `spanMs`; each ends by itself or is ended. After that, all that is left is ended. Who
   * pauses a task mostly means one that is worked on: what has to stop first is where a pause may get lost.
   *
   * @param live keys of the tasks that have an agent just then
   */
  plan(tasks: number, spanMs: number, live: () => readonly string[]): void {
    const { prng } = this.#world;
    for (let left = prng.below(5); left > 0; left--) {
      const wide = prng.chance(1, 2) ? (prng.chance(1, 2) ? EVERYTHING : "shop") : null;
      const [endsItself, lastsMs, stops] = [prng.chance(1, 2), prng.below(10 * MINUTE), prng.chance(1, 2)];
      this.#world.at(prng.below(spanMs), -1, () => {
        const keys = live();
        const subject = wide ?? keys[prng.below(keys.length || 1)] ?? `SHOP-${1 + prng.below(tasks)}`;
        void this.#pause({ subject, until: endsItself ? this.#world.now + lastsMs : null, stops });
        if (!endsItself) this.#world.at(spanMs + lastsMs, -1, () => this.#resume(subject));
      });
    }
    const lookAfter = (): void => {
      this.#resume(null);
      this.#world.at(20 * MINUTE, -1, lookAfter);
    };
    this.#world.at(spanMs + 15 * MINUTE, -1, lookAfter);
  }

  /** The pause that this claim has broken, if any. */
  broken(task: string, claimedAt: number): Entry | undefined {
    const { now } = this.#world;
    return this.#books.find(
      ({ subject, confirmedAt, until, asked }) =>
        !asked &&
        confirmedAt < claimedAt &&
        (until === null || now < until) &&
        [EVERYTHING, task.startsWith("SHOP-") ? "shop" : EVERYTHING, task].includes(subject),
    );
  }

  async #pause(pause: Paused): Promise<void> {
    const { subject, until } = pause;
    // The new one stands in place of the old one from some moment on.
    this.#over(subject);
    const [before, since] = [this.#endsOf(subject), this.#world.now];
    const done = await this.#daemon()
      ?.pause(pause)
      .catch(() => false);
    this.#world.note(`pause ${subject} ${done ?? "unheard"}`);
    if (!done) return;
    // A daemon that was frozen confirms late; of two that were asked for at a time nobody knows which one came last.
    for (const entry of this.#books)
      if (entry.subject === subject && entry.confirmedAt >= since) entry.asked = true;
    const asked = this.#endsOf(subject) > before;
    this.#books.push({ subject, confirmedAt: this.#world.now, until, asked });
  }

  #resume(subject: string | null): void {
    this.#over(subject);
    this.#world.note(`resume ${subject ?? "all"}`);
    void this.#daemon()
      ?.resume(subject)
      .catch(() => undefined);
  }

  #endsOf(subject: string): number {
    return (this.#ends.get(subject) ?? 0) + (this.#ends.get(null) ?? 0);
  }

  #over(subject: string | null): void {
    this.#ends.set(subject, (this.#ends.get(subject) ?? 0) + 1);
    for (const entry of this.#books) if (subject === null || entry.subject === subject) entry.asked = true;
  }
}

/** Nothing is claimed that is paused. */
export class PauseChecks {
  readonly #engine: Engine;
  readonly #seen: Set<string> = new Set();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async check(pausers: Pausers): Promise<void> {
    for (const row of await this.#engine.all("select id, task, claimed_at from runs", [])) {
      const [run, task] = [String(row["id"]), String(row["task"])];
      if (this.#seen.has(run)) continue;
      this.#seen.add(run);
      const pause = pausers.broken(task, Number(row["claimed_at"]));
      if (pause !== undefined && !(await this.#beganAgain(task, pause.confirmedAt)))
        throw new Broken(`run ${run} of ${task} was claimed while ${pause.subject} is paused`);
    }
  }

  /** A paused task that was cancelled and is tried again is paused no more. */
  async #beganAgain(task: string, since: number): Promise<boolean> {
    const rows = await this.#engine.all(RETRIED, [task]);
    return rows.some(({ at }) => Number(at) >= since);
  }
}

const RETRIED =
  "select at from events where subject_kind = 'task' and subject = $1 and kind = 'task.retried'";

export function pausingOn(store: Store, now: () => number): Pausing {
  return {
    async pause({ subject, until, stops }): Promise<boolean> {
      if (subject !== EVERYTHING && subject !== "shop") return pauseTask(store, subject, until, now());
      const scope: PauseScope = subject === EVERYTHING ? "all" : "project";
      await store.pauses.put(
        { ...widePause(scope, subject, { by: BY.name, why: null, until }), scope },
        stops,
        now(),
      );
      return true;
    },
    async resume(wanted): Promise<void> {
      for (const { scope, subject, kind } of await store.holds.wide())
        if (kind === "pause" && (wanted ?? subject) === subject)
          await store.holds.clear(scope, subject, kind);
      const { items } = await store.tasks.list({ limit: 100, before: null, status: "paused" });
      for (const { key, version } of items) {
        if ((wanted ?? key) !== key) continue;
        const asked = { project: "shop", by: BY, because: "enough", target: { key } };
        await ask(
          store,
          [{ kind: "resume_task", ...asked, key: `resume:${version}`, onlyDue: false }],
          null,
          now(),
        );
      }
    },
  };
}

async function pauseTask(store: Store, key: string, until: number | null, now: number): Promise<boolean> {
  const asked = { project: "shop", by: BY, key: `pause:${now}`, because: "wait", target: { key } };
  return (await ask(store, [{ kind: "pause_task", ...asked, why: null, until }], null, now)).kind === "done";
}
