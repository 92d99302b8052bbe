/** Comments of work items. Plane keeps an id of ours with each, and answers the same one twice with its own id. */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import { DONE, map, read } from "../api/read.ts";
import type { TrackerAsk } from "../ask.ts";
import type { Remote, Tracker } from "../tell.ts";
import { below, type PlaneApi, pages } from "./api.ts";
import { html } from "./html.ts";
import { commentOf, PlaneComment } from "./shapes.ts";

/** Whose ids the ids of comments are. */
const SOURCE = "chargehand";
/** Two thousand comments. */
const PAGES_MAX = 20;

const Made = z.object({ id: z.string() });

export function tellComments(api: PlaneApi): Pick<Tracker, "comment" | "acknowledge"> {
  const { caller } = api;
  return {
    async comment(item, { mark, text, known }): Promise<Answer<Remote>> {
      const comment_html = html(text);
      const edit = async (id: string): Promise<Answer<Remote>> => {
        const path = below(item, "comments", id);
        const edited = await api.items(item.place, path, { method: "PATCH", body: { comment_html } });
        return map(edited, () => ({ id, url: null }));
      };
      const edited = known === null ? null : await edit(known);
      if (edited !== null && !(edited.kind === "refused" && edited.because === "missing")) return edited;
      const body = { comment_html, external_source: SOURCE, external_id: mark };
      const path = below(item, "comments");
      const made = await api.items(item.place, path, { method: "POST", body, also: [409], creates: true });
      if (made.kind !== "ok") return made;
      const named = read(caller.name, made.value, Made);
      if (named.kind !== "ok") return named;
      return made.value.status === 409
        ? edit(named.value.id)
        : { kind: "ok", value: { id: named.value.id, url: null } };
    },
    // Its API has no reactions.
    acknowledge: async () => DONE,
  };
}

export function askComments(api: PlaneApi): Pick<TrackerAsk, "comments" | "commentsSince"> {
  return {
    async comments(item): ReturnType<TrackerAsk["comments"]> {
      const path = below(item, "comments");
      const found = await pages(
        api.caller.name,
        (query) => api.items(item.place, path, { method: "GET", query }),
        PlaneComment,
        PAGES_MAX,
      );
      return map(found, ({ items, more }) => ({
        items: items.map((comment) => commentOf(item, comment)),
        more,
      }));
    },
    commentsSince: null,
  };
}
