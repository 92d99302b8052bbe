/** What was done to work items, and by whom: Plane keeps it as activities. */

import { z } from "zod";
import { map } from "../api/read.ts";
import type { ItemChange, ItemEdit, TrackerAsk } from "../ask.ts";
import type { Item } from "../tell.ts";
import { below, type PlaneApi, pages } from "./api.ts";
import { personOf } from "./shapes.ts";

/** A thousand activities: ten of the sixty calls that a minute has. */
const PAGES_MAX = 10;

const Ref = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish();

const Activity = z.object({
  id: z.string(),
  verb: z.string().nullish(),
  field: z.string().nullish(),
  new_value: z.string().nullish(),
  new_identifier: Ref,
  actor: Ref,
  created_at: z.string().nullish(),
});

/** By field, as the web app and the API spell it, what it is called here. Values are names, identifiers are ids. */
const WHATS: readonly (readonly [field: RegExp, what: ItemChange["what"]])[] = [
  [/^state(_id)?$/, "moved"],
  [/^labels?(_ids?)?$/, "labeled"],
  [/^assignees?(_ids?)?$/, "assigned"],
];

/** By field, what of the text it is. */
const TEXTS: readonly (readonly [field: RegExp, what: ItemEdit["what"]])[] = [
  [/^name$/, "title"],
  [/^description(_html|_stripped)?$/, "body"],
];

export function askHistory(api: PlaneApi): Pick<TrackerAsk, "changes" | "edits"> {
  const activities = (item: Item) => {
    const path = below(item, "activities");
    return pages(
      api.caller.name,
      (query) => api.items(item.place, path, { method: "GET", query }),
      Activity,
      PAGES_MAX,
    );
  };
  return {
    async edits(item): ReturnType<TrackerAsk["edits"]> {
      return map(await activities(item), ({ items }) =>
        items.flatMap(editOf).toSorted((a, b) => a.at - b.at),
      );
    },
    async changes(item): ReturnType<TrackerAsk["changes"]> {
      return map(await activities(item), ({ items, more }) => ({
        items: items.flatMap(changeOf).toSorted((a, b) => a.at - b.at),
        more,
      }));
    },
  };
}

function editOf({ verb, field, created_at, actor }: z.infer<typeof Activity>): ItemEdit[] {
  const what = TEXTS.find(([known]) => known.test(field ?? ""))?.[1];
  const at = Date.parse(created_at ?? "");
  if (what === undefined || verb === "created" || !Number.isFinite(at)) return [];
  return [{ what, by: personOf(actor), at }];
}

/** What was taken away has no new name. */
function changeOf(activity: z.infer<typeof Activity>): ItemChange[] {
  const { id, verb, field, new_value: name, new_identifier: to, created_at, actor } = activity;
  const at = Date.parse(created_at ?? "");
  const base = { id, by: personOf(actor), at: Number.isFinite(at) ? at : 0 };
  if (verb === "created" && (field ?? "") === "") return [{ ...base, what: "created", to: null }];
  const what = WHATS.find(([known]) => known.test(field ?? ""))?.[1];
  if (what === undefined || name == null || name === "") return [];
  return [{ ...base, what, to: { id: to ?? null, name } }];
}
