/**
 * What people have said of schedules and pauses, in the world's own books. What a daemon has confirmed holds until
 * somebody says otherwise; of what was on its way when a daemon died, nobody knows whether it holds.
 */

import type { World } from "../world.ts";

/** What may be said of a schedule (`none` lets it go by its times), or of what is paused (`none` ends that). */
export interface Said {
  readonly verdict: "none" | "open" | "closed" | "paused";
  /** When it ends by itself, by the clock on the wall (ms). */
  readonly until: number;
}

export const NONE: Said = { verdict: "none", until: 0 };

export interface Entry {
  readonly subject: string;
  /** What was asked for, and once it is done what came of it. */
  said: Said;
  /** Who was asked. */
  readonly owner: number;
  readonly askedAt: number;
  /** When it was done, or when who was asked died over it; until then it may still be done. */
  endedAt: number;
  /** Nobody says so any more from then on. */
  overAt: number;
}

const NEVER = Number.POSITIVE_INFINITY;

export class Books {
  readonly #world: World;
  readonly #entries: Entry[] = [];

  constructor(world: World, subjects: readonly string[]) {
    this.#world = world;
    for (const subject of subjects)
      this.#entries.push({ subject, said: NONE, owner: -1, askedAt: 0, endedAt: 0, overAt: NEVER });
  }

  ask(subject: string, said: Said, owner: number): Entry {
    const entry = { subject, said, owner, askedAt: this.#world.now, endedAt: NEVER, overAt: NEVER };
    this.#entries.push(entry);
    return entry;
  }

  /** It was done, so whatever was over before it was asked for holds no more. */
  confirm(entry: Entry, done: Said = entry.said): void {
    entry.said = done;
    entry.endedAt = this.#world.now;
    for (const other of this.#entries) {
      const isEarlier = other !== entry && other.subject === entry.subject && other.endedAt <= entry.askedAt;
      if (isEarlier) other.overAt = Math.min(other.overAt, this.#world.now);
    }
  }

  /** What this daemon was asked for, and has not answered, is done by now or never. */
  died(owner: number): void {
    for (const entry of this.#entries)
      if (entry.owner === owner) entry.endedAt = Math.min(entry.endedAt, this.#world.now);
  }

  /** What may have held of a subject at some instant between two, of the world's own time. */
  possible(subject: string, from: number, to: number): readonly Said[] {
    return this.#entries
      .filter((entry) => entry.subject === subject && entry.askedAt <= to && entry.overAt >= from)
      .map(({ said }) => said);
  }
}
