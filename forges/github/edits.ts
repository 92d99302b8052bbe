/**
 * Who has changed title and text of an issue. Titles are in its history; of the text the graph alone knows who has
 * changed it last, and when. Assumed of GitHub's public schema: `Issue.editor` and `Issue.lastEditedAt`.
 */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import type { ForgeAsk, ItemEdit } from "../ask.ts";
import { at, type GithubApi, graphql, list } from "./api.ts";
import { Account, personOf } from "./shapes.ts";

/** Two thousand events. */
const PAGES_MAX = 20;
const LAST_EDIT = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $number) { lastEditedAt editor { __typename login } } }
}`;

const Renamed = z.object({ event: z.string(), actor: Account.nullish(), created_at: z.string() });
const LastEdit = z.object({
  repository: z.object({
    issue: z.object({
      lastEditedAt: z.string().nullish(),
      editor: z.object({ __typename: z.string(), login: z.string() }).nullish(),
    }),
  }),
});

export function askEdits(api: GithubApi): Pick<ForgeAsk, "edits"> {
  return {
    async edits({ place, id }): Promise<Answer<readonly ItemEdit[]>> {
      const path = at(place, "issues", id, "events");
      const events = await list(api.caller, { method: "GET", path }, Renamed, PAGES_MAX, {
        keeps: ({ event }) => event === "renamed",
      });
      if (events.kind !== "ok") return events;
      const [owner = "", name = ""] = place.split("/");
      const variables = { owner, name, number: Number(id) };
      const last = await graphql(api, place, { query: LAST_EDIT, variables }, LastEdit);
      if (last.kind !== "ok") return last;
      const { lastEditedAt, editor } = last.value.repository.issue;
      const account = editor == null ? null : { login: editor.login, type: editor.__typename };
      const titles = events.value.items.map(({ actor, created_at }) =>
        edit("title", personOf(actor), created_at),
      );
      const body = lastEditedAt == null ? [] : [edit("body", personOf(account), lastEditedAt)];
      return { kind: "ok", value: [...titles, ...body] };
    },
  };
}

function edit(what: ItemEdit["what"], by: ItemEdit["by"], time: string): ItemEdit {
  const ms = Date.parse(time);
  return { what, by, at: Number.isFinite(ms) ? ms : 0 };
}
