/** What was done to issues, and by whom: GitHub keeps it as events. */

import { z } from "zod";
import { map } from "../api/read.ts";
import type { ForgeAsk, ItemChange } from "../ask.ts";
import { at, type GithubApi, list } from "./api.ts";
import { Account, personOf } from "./shapes.ts";

/** Two thousand events; of an issue with more the newest are cut, and `more` says so. */
const PAGES_MAX = 20;

const account = Account.nullish();
const Event = z.object({
  id: z.number(),
  event: z.string(),
  actor: account,
  created_at: z.string(),
  label: z.object({ name: z.string() }).nullish(),
  assignee: account,
  /** Of an assignment: who made it. The actor may be who it was assigned to (docs.github.com, "Issue event types"). */
  assigner: account,
});

export function askHistory({ caller }: GithubApi): Pick<ForgeAsk, "changes"> {
  return {
    async changes({ place, id }): ReturnType<ForgeAsk["changes"]> {
      const path = at(place, "issues", id, "events");
      const found = await list(caller, { method: "GET", path }, Event, PAGES_MAX);
      return map(found, ({ items, more }) => ({ items: items.flatMap(changeOf), more }));
    },
  };
}

function changeOf(event: z.infer<typeof Event>): readonly ItemChange[] {
  const at = Date.parse(event.created_at);
  const base = { id: String(event.id), by: personOf(event.actor), at: Number.isFinite(at) ? at : 0 };
  switch (event.event) {
    case "labeled":
      return event.label == null
        ? []
        : [{ ...base, what: "labeled", to: { id: null, name: event.label.name } }];
    case "assigned":
      return event.assignee == null
        ? []
        : [
            {
              ...base,
              what: "assigned",
              to: { id: null, name: event.assignee.login },
              by: personOf(event.assigner),
            },
          ];
    case "closed":
    case "reopened":
      return [{ ...base, what: event.event, to: null }];
    default:
      return [];
  }
}
