/**
 * What a project of Plane calls its states and labels, whose ids are needed to set them: read once, and again when they
 * are found to have changed.
 */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import { remembering } from "../api/memory.ts";
import { ask, map, read } from "../api/read.ts";
import { type PlaneApi, pages } from "./api.ts";

export interface PlaneState {
  readonly id: string;
  readonly name: string;
  /** `backlog`, `unstarted`, `started`, `completed`, `cancelled` or `triage`. */
  readonly group: string;
}

export interface PlaneLabel {
  readonly id: string;
  readonly name: string;
}

const State = z.object({ id: z.string(), name: z.string(), group: z.string() });
const Label = z.object({ id: z.string(), name: z.string() });
const Conflict = z.object({ id: z.string() });
const Project = z.object({ identifier: z.string() });

/** A thousand states, and as many labels. */
const PAGES_MAX = 10;

export interface Names {
  /** @param isNew they are read again */
  states(place: string, isNew?: true): Promise<Answer<readonly PlaneState[]>>;
  labels(place: string, isNew?: true): Promise<Answer<readonly PlaneLabel[]>>;
  /** There is a label of this name. */
  label(place: string, name: string): Promise<Answer<PlaneLabel>>;
  /** What numbers of the project begin with, such as `SHOP`. */
  identifier(place: string): Promise<Answer<string>>;
}

export function createNames({ caller, clock, home }: PlaneApi): Names {
  const projectOf = (place: string): string => `${home}/projects/${encodeURIComponent(place)}/`;
  const lists = <T>(what: string, item: z.ZodType<T>) => {
    let remember = remembering<readonly T[]>(clock);
    return (place: string, isNew?: true): Promise<Answer<readonly T[]>> => {
      // The others of the host are forgotten with it: that is rare, and they are read again.
      if (isNew === true) remember = remembering<readonly T[]>(clock);
      return remember(place, async () => {
        const path = `${projectOf(place)}${what}/`;
        const found = await pages(
          caller.name,
          (query) => caller.call({ method: "GET", path, query }),
          item,
          PAGES_MAX,
        );
        return map(found, ({ items }) => items);
      });
    };
  };
  const states = lists("states", State);
  const labels = lists("labels", Label);
  const identifiers = remembering<string>(clock);
  return {
    states,
    labels,
    async label(place, name): Promise<Answer<PlaneLabel>> {
      const known = await labels(place);
      if (known.kind !== "ok") return known;
      const found = known.value.find((label) => isSameName(label.name, name));
      if (found !== undefined) return { kind: "ok", value: found };
      const path = `${projectOf(place)}labels/`;
      const made = await caller.call({ method: "POST", path, body: { name }, also: [409], creates: true });
      if (made.kind !== "ok") return made;
      await labels(place, true);
      // Somebody else was first: 409 names theirs.
      return map(read(caller.name, made.value, Conflict), ({ id }) => ({ id, name }));
    },
    identifier: (place) =>
      identifiers(place, async () =>
        map(
          await ask(caller, { method: "GET", path: projectOf(place) }, Project),
          ({ identifier }) => identifier,
        ),
      ),
  };
}

/** Names are the same in whatever letters, and however these are composed. */
export function isSameName(a: string, b: string): boolean {
  return a.normalize("NFC").toLowerCase() === b.normalize("NFC").toLowerCase();
}
