/** Work items: their states, labels and links, and what is asked of them. */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import { DONE, map, read } from "../api/read.ts";
import type { ItemView, TrackerAsk } from "../ask.ts";
import type { Item, Tracker } from "../tell.ts";
import { below, type PlaneApi, pages } from "./api.ts";
import { isSameName, type Names, type PlaneState } from "./names.ts";
import { itemOf, type Named, WorkItem } from "./shapes.ts";

/** A thousand items: ten of the sixty calls that a minute has. */
const PAGES_MAX = 10;

/** Items that one waits for, each of which is asked for: a third of the calls that a minute has. */
const BLOCKERS_MAX = 20;
/** Groups of states in which nobody waits for an item any more. */
const ENDED = new Set(["completed", "cancelled"]);

const Link = z.object({ url: z.string() });
const Related = z.union([
  z.string().transform((id) => ({ place: null, id })),
  z
    .object({ issue_id: z.string(), project_id: z.string().nullish() })
    .transform(({ issue_id: id, project_id: place }) => ({ place: place ?? null, id })),
]);
const Relations = z.object({ blocked_by: z.array(Related).default([]) });

async function itemAt(api: PlaneApi, item: Item): Promise<Answer<WorkItem>> {
  const answer = await api.items(item.place, below(item), { method: "GET" });
  return answer.kind === "ok" ? read(api.caller.name, answer.value, WorkItem) : answer;
}

export function tellItems(api: PlaneApi, names: Names): Pick<Tracker, "labels" | "state" | "link"> {
  const change = async (item: Item, body: object): Promise<Answer<null>> => {
    const answer = await api.items(item.place, below(item), { method: "PATCH", body });
    return answer.kind === "ok" ? DONE : answer;
  };
  return {
    async labels(item, { has, lacks }): Promise<Answer<null>> {
      const found = await itemAt(api, item);
      if (found.kind !== "ok") return found;
      const known = await names.labels(item.place);
      if (known.kind !== "ok") return known;
      const unwanted = known.value.filter(({ name }) => lacks.some((other) => isSameName(name, other)));
      const wanted: string[] = [];
      for (const name of has) {
        const label = await names.label(item.place, name);
        if (label.kind !== "ok") return label;
        wanted.push(label.value.id);
      }
      const before = found.value.labels ?? [];
      const kept = before.filter((id) => !unwanted.some((label) => label.id === id));
      const labels = [...new Set([...kept, ...wanted])];
      // They are replaced as a whole, so what somebody changes at the same moment may be lost: Plane has no other way.
      if (labels.length === before.length && labels.every((id) => before.includes(id))) return DONE;
      return change(item, { labels });
    },
    async state(item, state): Promise<Answer<null>> {
      const found = await itemAt(api, item);
      if (found.kind !== "ok") return found;
      const target = await stateOf(names, item.place, state);
      if (target.kind !== "ok") return target;
      if (target.value === found.value.state) return DONE;
      const moved = await change(item, { state: target.value });
      if (moved.kind !== "refused" || moved.because !== "invalid") return moved;
      // It was deleted since the states were read.
      const again = await stateOf(names, item.place, state, true);
      if (again.kind !== "ok") return again;
      return again.value === target.value ? moved : change(item, { state: again.value });
    },
    async link(item, { url, title }): Promise<Answer<null>> {
      const path = below(item, "links");
      const found = await pages(
        api.caller.name,
        (query) => api.items(item.place, path, { method: "GET", query }),
        Link,
        1,
      );
      if (found.kind !== "ok") return found;
      if (found.value.items.some((link) => link.url === url)) return DONE;
      const made = await api.items(item.place, path, {
        method: "POST",
        body: { url, title },
        also: [400],
        creates: true,
      });
      if (made.kind !== "ok") return made;
      if (made.value.status !== 400 || /already exists/i.test(made.value.body)) return DONE;
      return { kind: "refused", because: "invalid", reason: "Plane takes no such link" };
    },
  };
}

/** Its id: by id, name, or the first of a group. */
async function stateOf(names: Names, place: string, wanted: string, isNew?: true): Promise<Answer<string>> {
  const known = await names.states(place, isNew);
  if (known.kind !== "ok") return known;
  const found = pick(known.value, wanted);
  if (found !== undefined) return { kind: "ok", value: found.id };
  if (isNew !== true) return stateOf(names, place, wanted, true);
  return {
    kind: "refused",
    because: "invalid",
    reason: `Plane: the project has no state or group ${wanted.slice(0, 64)}`,
  };
}

function pick(states: readonly PlaneState[], wanted: string): PlaneState | undefined {
  return (
    states.find(({ id }) => id === wanted) ??
    states.find(({ name }) => isSameName(name, wanted)) ??
    states.find(({ group }) => isSameName(group, wanted))
  );
}

export function askItems(api: PlaneApi, names: Names): Pick<TrackerAsk, "item" | "itemsSince" | "blockers"> {
  const { caller, web } = api;
  return {
    /** Archived ones, drafts and those that are deleted are the same to Plane's API: gone. */
    async item(item): Promise<Answer<ItemView | null>> {
      const found = await itemAt(api, item);
      if (found.kind === "refused" && found.because === "missing") return { kind: "ok", value: null };
      if (found.kind !== "ok") return found;
      const named = await namedFor(names, item.place);
      return map(named, (it) => itemOf(item.place, found.value, it, web));
    },
    /** Plane has no such filter: the newest are read until one is older. What is cut are the oldest. */
    async itemsSince(place, since): ReturnType<TrackerAsk["itemsSince"]> {
      const found = await pages(
        caller.name,
        (query) => api.items(place, "", { method: "GET", query: { ...query, order_by: "-updated_at" } }),
        WorkItem,
        PAGES_MAX,
        ({ updated_at }) => updated_at < since,
      );
      if (found.kind !== "ok") return found;
      const changed = found.value.items.filter(({ updated_at }) => updated_at >= since);
      // Names cost as much as the list: where nothing has changed, nobody wants them.
      if (changed.length === 0)
        return {
          kind: "ok",
          value: { kind: "fresh", value: { items: [], more: found.value.more }, etag: null },
        };
      const named = await namedFor(names, place);
      return map(named, (it) => {
        const items = changed.toReversed().map((item) => itemOf(place, item, it, web));
        return { kind: "fresh", value: { items, more: found.value.more }, etag: null };
      });
    },
    async blockers(item): ReturnType<TrackerAsk["blockers"]> {
      // The documents that were read here say nothing of it. Assumed of Plane's published source (v1.3), which answers
      // with references, and of its reference, which has mere ids; older versions have no such path.
      const answer = await api.items(item.place, below(item, "relations"), { method: "GET" });
      if (answer.kind === "refused" && answer.because === "missing") return { kind: "ok", value: [] };
      if (answer.kind !== "ok") return answer;
      const related = read(caller.name, answer.value, Relations);
      if (related.kind !== "ok") return related;
      const open: Item[] = [];
      for (const { place, id } of related.value.blocked_by.slice(0, BLOCKERS_MAX)) {
        const at = { place: place ?? item.place, id };
        const found = await itemAt(api, at);
        const isGone = found.kind === "refused" && found.because !== "auth";
        if (isGone) continue;
        if (found.kind !== "ok") return found;
        const states = await names.states(at.place);
        if (states.kind !== "ok") return states;
        const group = states.value.find((state) => state.id === found.value.state)?.group ?? "";
        if (!ENDED.has(group)) open.push(at);
      }
      return { kind: "ok", value: open };
    },
  };
}

/** A project that does not tell what it is called has items without an address; the rest is needed. */
async function namedFor(names: Names, place: string): Promise<Answer<Named>> {
  const states = await names.states(place);
  if (states.kind !== "ok") return states;
  const labels = await names.labels(place);
  if (labels.kind !== "ok") return labels;
  const identifier = await names.identifier(place);
  return {
    kind: "ok",
    value: {
      states: states.value,
      labels: labels.value,
      identifier: identifier.kind === "ok" ? identifier.value : null,
    },
  };
}
