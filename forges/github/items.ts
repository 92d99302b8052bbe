/** Issues: what is told of them (labels, closing), and what is asked. */

import type { Answer } from "../api/answer.ts";
import { ask, DONE, done, map } from "../api/read.ts";
import type { ForgeAsk, ItemView } from "../ask.ts";
import type { Forge, Item } from "../tell.ts";
import { at, freshList, type GithubApi, list, views } from "./api.ts";
import { Issue, itemOf } from "./shapes.ts";

/** Two thousand items. */
const PAGES_MAX = 20;

async function issueAt({ caller }: GithubApi, { place, id }: Item): Promise<Answer<ItemView>> {
  const found = await ask(caller, { method: "GET", path: at(place, "issues", id) }, Issue);
  return map(found, (issue) => itemOf(place, issue));
}

export function tellItems(api: GithubApi): Pick<Forge, "labels" | "state" | "link"> {
  const { caller } = api;
  return {
    async labels(item, { has, lacks }): Promise<Answer<null>> {
      const found = await issueAt(api, item);
      if (found.kind !== "ok") return found;
      const names = found.value.labels.map(({ name }) => name);
      const path = at(item.place, "issues", item.id, "labels");
      const missing = has.filter((wanted) => !names.some((name) => isSame(name, wanted)));
      if (missing.length > 0) {
        const added = await done(caller, { method: "POST", path, body: { labels: missing } });
        if (added.kind !== "ok") return added;
      }
      for (const name of names.filter((name) => lacks.some((unwanted) => isSame(name, unwanted)))) {
        const gone = await done(caller, {
          method: "DELETE",
          path: `${path}/${encodeURIComponent(name)}`,
          also: [404],
        });
        if (gone.kind !== "ok") return gone;
      }
      return DONE;
    },
    async state(item, state): Promise<Answer<null>> {
      const reason = ENDS[state.toLowerCase()];
      if (reason === undefined) return DONE;
      const found = await issueAt(api, item);
      if (found.kind !== "ok") return found;
      if (!found.value.isOpen) return DONE;
      const body = { state: "closed", ...(!found.value.isPull && { state_reason: reason }) };
      return done(caller, { method: "PATCH", path: at(item.place, "issues", item.id), body });
    },
    link: async () => DONE,
  };
}

export function askItems(api: GithubApi): Pick<ForgeAsk, "item" | "itemsSince" | "blockers"> {
  const { caller } = api;
  return {
    async item(item): Promise<Answer<ItemView | null>> {
      const found = await issueAt(api, item);
      // 410 is an issue that was deleted, and a repository that has no issues (any more).
      const isGone = found.kind === "refused" && (found.because === "missing" || found.because === "state");
      return isGone ? { kind: "ok", value: null } : found;
    },
    async itemsSince(place, since, etag): ReturnType<ForgeAsk["itemsSince"]> {
      const query = { state: "all", sort: "updated", direction: "asc", since: new Date(since).toISOString() };
      const first = { method: "GET", path: at(place, "issues"), query } as const;
      const found = await freshList(caller, first, Issue, PAGES_MAX, etag);
      return map(found, (fresh) => views(fresh, (it) => itemOf(place, it)));
    },
    async blockers({ place, id }): Promise<Answer<readonly Item[]>> {
      // The documents used here say nothing of it; assumed of docs.github.com, "REST API endpoints for issue
      // dependencies": a list of issues, and none where the host is too old to know them.
      const path = at(place, "issues", id, "dependencies", "blocked_by");
      const found = await list(caller, { method: "GET", path }, Issue, 1);
      if (found.kind === "refused" && found.because !== "auth" && found.because !== "permission")
        return { kind: "ok", value: [] };
      return map(found, ({ items }) =>
        items
          .filter(({ state }) => state === "open")
          .map((it) => ({ place: placeOf(it.repository_url) ?? place, id: String(it.number) })),
      );
    },
  };
}

/** What closes an issue, and for what reason, by the words of trackers that have states. */
const ENDS: Readonly<Record<string, "completed" | "not_planned">> = {
  completed: "completed",
  closed: "completed",
  done: "completed",
  cancelled: "not_planned",
  canceled: "not_planned",
  not_planned: "not_planned",
};

/** Names of labels are the same in whatever letters, and however these are composed. */
function isSame(a: string, b: string): boolean {
  return a.normalize("NFC").toLowerCase() === b.normalize("NFC").toLowerCase();
}

function placeOf(repositoryUrl: string | null | undefined): string | null {
  return /\/repos\/([^/]+\/[^/]+)$/.exec(repositoryUrl ?? "")?.[1] ?? null;
}
