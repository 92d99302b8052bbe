/**
 * What items of tasks wait for at their source, where that has changed without being told. How it stands is told, and
 * not who has changed it: the source keeps to itself who may (`handlers/github/dependencies.ts`).
 *
 * N1. Only of tasks for which nothing has run: nothing else waits for anybody. Each of them is asked about at full
 *     looks, because nothing of an item changes when what it waits for is closed.
 * N2. What was found before is kept in memory, by item: the same is not told again.
 */

import type { TrackerAsk } from "../forges/ask.ts";
import type { Item } from "../forges/tell.ts";
import type { StandsFor } from "../store/watch/waiting.ts";
import type { Look, Step } from "./ports.ts";
import { type Found, tell } from "./tell.ts";
import { DONE, failed } from "./watcher.ts";

export type NeedsMemory = Map<string, string>;

/** How a source names items of tasks, and would tell of them by webhook. */
export interface NeedsKind {
  /** `null`: it is of another place. */
  itemOf(look: Look, ref: StandsFor["ref"]): Item | null;
  found(look: Look, one: StandsFor, at: Item): Omit<Found, "key" | "occasion">;
}

/** @param changed ids of items that have changed since the last look */
export async function lookAtNeeds(
  look: Look,
  ask: Pick<TrackerAsk, "blockers">,
  kind: NeedsKind,
  changed: ReadonlySet<string>,
  memory: NeedsMemory,
): Promise<Step> {
  const { ports, place } = look;
  // Reading what waits, for each of many places, is most of what a quiet round would cost.
  if (!look.isFull && changed.size === 0) return DONE;
  for (const one of await ports.store.waiting.items(place.source)) {
    const at = kind.itemOf(look, one.ref);
    if (at === null || !place.projects.some(({ name }) => name === one.project)) continue;
    if (!(await isMeant(look, one.task, changed.has(at.id)))) continue;
    const found = await ask.blockers(at);
    if (found.kind !== "ok") return failed(found);
    const now = found.value
      .map(({ place: of, id }) => `${of}#${id}`)
      .toSorted()
      .join(",");
    const name = `${place.source}:${at.place}#${at.id}`;
    const before = memory.get(name) ?? (now === "" && !(await isDeclared(look, one.task)) ? now : undefined);
    // N2. Of one that is new to this daemon it is told once how it stands.
    if (before !== now) {
      const occasion = before === undefined ? "" : String(look.now);
      const end = await tell(look, { ...kind.found(look, one, at), key: `${name}:needs:${now}`, occasion });
      if (end.kind === "failed") return end;
    }
    memory.set(name, now);
  }
  return DONE;
}

/** Whether it is known to wait for anything there. */
async function isDeclared({ ports, place }: Look, key: string): Promise<boolean> {
  return (await ports.store.between.needs(key)).some(({ source }) => source === place.source);
}

/** N1. */
async function isMeant({ ports, isFull }: Look, key: string, isChanged: boolean): Promise<boolean> {
  if (!isChanged && !isFull) return false;
  return (await ports.store.runs.list({ task: key, limit: 1, before: null })).items.length === 0;
}
