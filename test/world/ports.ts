/** The doors of `system/`, built on the simulated world: time, chance, files, bells, and the disk under the store. */

import type { BatchResult, Engine, Row, Sql, Statement, Value } from "../../store/engine/engine.ts";
import type { Chance } from "../../system/chance.ts";
import type { Clock } from "../../system/clock.ts";
import type { Door, Listed, Looked, Received } from "../../system/files/door.ts";
import type { StrangePlace } from "../../system/files/strange-place.ts";
import type { Files } from "../../system/files.ts";
import type { Wake } from "../../system/wake.ts";
import { createWake } from "../../system/wake.ts";
import { writtenBy } from "./database/watched.ts";
import { EPOCH, type World } from "./world.ts";

export function simClock(world: World, owner: number): Clock {
  return {
    now: () => world.now,
    monotonic: () => world.now - EPOCH,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          world.at(0, owner, resolve);
          return;
        }
        world.at(ms, owner, resolve);
        signal?.addEventListener("abort", () => world.at(0, owner, resolve), { once: true });
      }),
  };
}

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

export function simChance(world: World): Chance {
  const text = (length: number): string =>
    Array.from({ length }, () => DIGITS[world.prng.below(32)]).join("");
  return {
    fraction: () => world.prng.below(1_000_000) / 1_000_000,
    id: () => text(20),
    token: () => text(43),
  };
}

/** A bell that is sometimes not heard. @param patience how many times longer it waits where nobody rings */
export function simWake(world: World, owner: number, patience = 1): Wake {
  const wake = createWake(simClock(world, owner));
  return {
    ring: () => (world.prng.chance(1, 20) ? undefined : wake.ring()),
    wait: (timeoutMs, signal) => wake.wait(timeoutMs * patience, signal),
  };
}

/** A disk that every daemon of this world shares. */
export class SimDisk {
  readonly files: Map<string, string> = new Map();
  /** Whether reading and writing fail now and then. */
  isUnlucky: () => boolean = () => false;
  readonly times: Map<string, number> = new Map();
  readonly #now: () => number;
  constructor(now: () => number) {
    this.#now = now;
  }
  put(path: string, text: string): void {
    this.files.set(path, text);
    this.times.set(path, this.#now());
  }
  append(path: string, text: string): void {
    this.put(path, (this.files.get(path) ?? "") + text);
  }
}

export function simFiles(world: World, owner: number, disk: SimDisk): Files {
  const soon = (): Promise<void> => world.delay(world.prng.below(4), owner);
  const stumble = async (): Promise<void> => {
    await soon();
    if (disk.isUnlucky() && world.prng.chance(1, 300)) throw Object.assign(new Error("EIO"), { code: "EIO" });
  };
  return {
    makeDirectory: stumble,
    async write(_operation, path, content): Promise<void> {
      await stumble();
      disk.put(path, typeof content === "string" ? content : Buffer.from(content).toString("latin1"));
    },
    async read(_operation, path, maxBytes): Promise<string | null> {
      await stumble();
      return disk.files.get(path)?.slice(0, maxBytes) ?? null;
    },
    async size(_operation, path): Promise<number | null> {
      await soon();
      return disk.files.get(path)?.length ?? null;
    },
    async list(): Promise<readonly string[]> {
      await soon();
      return [];
    },
    async exists(_operation, path): Promise<boolean> {
      await soon();
      return disk.files.has(path);
    },
    async remove(_operation, path): Promise<void> {
      await soon();
      for (const name of [...disk.files.keys()])
        if (name === path || name.startsWith(`${path}/`)) disk.files.delete(name);
    },
    door: simDoor(disk, soon, stumble),
  };
}

type Pause = () => Promise<void>;

/** The agents of this world write nothing that is no file. */
function simDoor(disk: SimDisk, soon: Pause, stumble: Pause): Door {
  const piece = async (
    place: StrangePlace,
    from: (size: number) => number,
    most: number,
  ): Promise<Received> => {
    await stumble();
    const path = `${place.root}/${place.below}`;
    const text = disk.files.get(path);
    if (text === undefined) return { kind: "missing" };
    const all = Buffer.from(text);
    const offset = from(all.length);
    const modifiedAt = disk.times.get(path) ?? 0;
    return { kind: "read", bytes: all.subarray(offset, offset + most), size: all.length, modifiedAt };
  };
  return {
    async look(_operation, place): Promise<Looked> {
      await soon();
      const path = `${place.root}/${place.below}`;
      const size = disk.files.get(path)?.length;
      if (size === undefined) return { kind: "missing" };
      return { kind: "seen", size, modifiedAt: disk.times.get(path) ?? 0 };
    },
    read: (_operation, place, offset, most) => piece(place, () => offset, most),
    readEnd: (_operation, place, most) => piece(place, (size) => Math.max(0, size - most), most),
    async list(): Promise<Listed> {
      await soon();
      return { kind: "missing" };
    },
  };
}

/**
 * The real engine behind a disk that takes its time. The statement happens between two waits: a crash in the first
 * means that it never reached the disk, a crash in the second that only the answer was lost.
 */
export function simEngine(world: World, owner: number, real: Engine, changed: () => void): Engine {
  const wait = (): Promise<void> => {
    const ms = world.prng.chance(1, 200) ? world.prng.below(8_000) : world.prng.below(10);
    return world.delay(ms, owner);
  };
  return {
    name: real.name,
    place: real.place,
    async all(sql: Sql, params: readonly Value[]): Promise<readonly Row[]> {
      await wait();
      const rows = await real.all(sql, params);
      await wait();
      return rows;
    },
    async atomic(batch: readonly Statement[]): Promise<BatchResult> {
      await wait();
      const result = await real.atomic(batch);
      if (writtenBy(batch, result).length > 0) changed();
      await wait();
      return result;
    },
    script: (text) => real.script(text),
    close: () => real.close(),
  };
}
