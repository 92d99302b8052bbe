/** Comments of issues and pull requests: told once, and listed. */

import type { Answer } from "../api/answer.ts";
import { ask, DONE, map } from "../api/read.ts";
import type { ForgeAsk } from "../ask.ts";
import type { Comment, Forge, Item, Remote } from "../tell.ts";
import { at, freshList, type GithubApi, list, views } from "./api.ts";
import { isOurs, isSameText, marked } from "./marks.ts";
import { commentOf, IssueComment } from "./shapes.ts";

/** Two thousand comments. */
const PAGES_MAX = 20;

type Since = NonNullable<ForgeAsk["commentsSince"]>;

export function tellComments(api: GithubApi): Pick<Forge, "comment" | "acknowledge"> {
  const { caller } = api;
  return {
    async comment(item, comment): Promise<Answer<Remote>> {
      const body = marked(comment.text, comment.mark);
      const known = comment.known === null ? null : await edit(api, item.place, comment.known, body);
      // Somebody has deleted it, or it was never ours: then it is as if it had not been told.
      if (known !== null && !isGone(known)) return known;
      const found = await find(api, item, comment);
      if (found.kind !== "ok") return found;
      if (found.value !== null && isSameText(found.value.body, body))
        return { kind: "ok", value: remoteOf(found.value) };
      if (found.value !== null) return edit(api, item.place, String(found.value.id), body);
      const path = at(item.place, "issues", item.id, "comments");
      return map(
        await ask(caller, { method: "POST", path, body: { body }, creates: true }, IssueComment),
        remoteOf,
      );
    },
    async acknowledge({ place, id }, comment): Promise<Answer<null>> {
      const path =
        comment === null
          ? at(place, "issues", id, "reactions")
          : at(place, "issues", "comments", comment, "reactions");
      const answer = await caller.call({ method: "POST", path, body: { content: "eyes" }, creates: true });
      return answer.kind === "ok" ? DONE : answer;
    },
  };
}

export function askComments({
  caller,
}: GithubApi): Pick<ForgeAsk, "comments"> & { readonly commentsSince: Since } {
  return {
    async comments({ place, id }): ReturnType<ForgeAsk["comments"]> {
      const path = at(place, "issues", id, "comments");
      const found = await list(caller, { method: "GET", path }, IssueComment, PAGES_MAX);
      return map(found, ({ items, more }) => ({
        items: items.map((item) => commentOf(place, id, item)),
        more,
      }));
    },
    async commentsSince(place, since, etag): ReturnType<Since> {
      const query = { sort: "updated", direction: "asc", since: new Date(since).toISOString() };
      const first = { method: "GET", path: at(place, "issues", "comments"), query } as const;
      const found = await freshList(caller, first, IssueComment, PAGES_MAX, etag);
      return map(found, (fresh) => views(fresh, (comment) => commentOf(place, null, comment)));
    },
  };
}

function remoteOf({ id, html_url }: IssueComment): Remote {
  return { id: String(id), url: html_url ?? null };
}

function isGone(answer: Answer<Remote>): boolean {
  return answer.kind === "refused" && answer.because === "missing";
}

async function edit({ caller }: GithubApi, place: string, id: string, body: string): Promise<Answer<Remote>> {
  const path = at(place, "issues", "comments", id);
  return map(await ask(caller, { method: "PATCH", path, body: { body } }, IssueComment), remoteOf);
}

/** What an earlier call has written, if it has: looked for among the first two thousand. */
async function find(
  api: GithubApi,
  { place, id }: Item,
  { mark }: Comment,
): Promise<Answer<IssueComment | null>> {
  const own = await api.own();
  if (own.kind !== "ok") return own;
  const isIt = (item: IssueComment): boolean => isOurs(item, own.value, mark);
  const first = { method: "GET", path: at(place, "issues", id, "comments") } as const;
  const found = await list(api.caller, first, IssueComment, PAGES_MAX, { enough: isIt, keeps: isIt });
  return map(found, ({ items }) => items.find(isIt) ?? null);
}
