/** What was done to work items, and by whom: Plane keeps it as activities. */

import { z } from "zod";
import { map } from "../api/read.ts";
import type { ItemChange, TrackerAsk } from "../ask.ts";
import { below, type PlaneApi, pages } from "./api.ts";
import { personOf } from "./shapes.ts";

/** A thousand activities: ten of the sixty calls that a minute has. */
const PAGES_MAX = 10;

const Ref = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish();

const Activity = z.object({
  id: z.string(),
  field: z.string().nullish(),
  new_value: z.string().nullish(),
  new_identifier: Ref,
  actor: Ref,
  created_at: z.string().nullish(),
});

/** By field, what it is called here. Values are names, identifiers are ids (Plane's `issue_activities_task.py`). */
const WHATS: Readonly<Record<string, ItemChange["what"]>> = {
  state: "moved",
  labels: "labeled",
  assignees: "assigned",
};

export function askHistory(api: PlaneApi): Pick<TrackerAsk, "changes"> {
  return {
    async changes(item): ReturnType<TrackerAsk["changes"]> {
      const path = below(item, "activities");
      const found = await pages(
        api.caller.name,
        (query) => api.items(item.place, path, { method: "GET", query }),
        Activity,
        PAGES_MAX,
      );
      return map(found, ({ items, more }) => ({
        items: items.flatMap(changeOf).toSorted((a, b) => a.at - b.at),
        more,
      }));
    },
  };
}

/** What was taken away has no new name. */
function changeOf({
  id,
  field,
  new_value: name,
  new_identifier: to,
  ...event
}: z.infer<typeof Activity>): ItemChange[] {
  const what = Object.hasOwn(WHATS, field ?? "") ? WHATS[field ?? ""] : undefined;
  if (what === undefined || name == null || name === "") return [];
  const at = Date.parse(event.created_at ?? "");
  const by = personOf(event.actor);
  return [{ id, what, to: { id: to ?? null, name }, by, at: Number.isFinite(at) ? at : 0 }];
}
