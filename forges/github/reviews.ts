/** Reviews: what was said, what we say, and the threads, which are answered and closed. */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import { ask, DONE, map } from "../api/read.ts";
import type { ForgeAsk, Page } from "../ask.ts";
import type { Forge, Remote } from "../tell.ts";
import { at, type GithubApi, graphql, list } from "./api.ts";
import { isOurs, marked } from "./marks.ts";
import { pullAt } from "./pulls.ts";
import { Remark, Review, remarkOf, reviewOf } from "./shapes.ts";

/** A thousand of each. */
const PAGES_MAX = 10;

export function tellReviews(api: GithubApi): Pick<Forge, "review" | "reply" | "resolve"> {
  const { caller } = api;
  return {
    review: (repo, number, review) => reviewed(api, repo, number, review),
    async reply(repo, number, { comment, mark, text }): Promise<Answer<Remote>> {
      const own = await api.own();
      if (own.kind !== "ok") return own;
      const found = await remarksOf(api, repo, number);
      if (found.kind !== "ok") return found;
      const known = found.value.items.find(
        (remark) => String(remark.in_reply_to_id) === comment && isOurs(remark, own.value, mark),
      );
      if (known !== undefined) return { kind: "ok", value: remoteOf(known) };
      const body = marked(text, mark);
      const path = at(repo, "pulls", number, "comments");
      // Apps may not use the path for replies.
      const call = api.isApp
        ? ({ method: "POST", path, body: { body, in_reply_to: Number(comment) }, creates: true } as const)
        : ({
            method: "POST",
            path: `${path}/${encodeURIComponent(comment)}/replies`,
            body: { body },
            creates: true,
          } as const);
      return map(await ask(caller, call, Remark), remoteOf);
    },
    async resolve(repo, _number, thread): Promise<Answer<null>> {
      const told = await graphql(api, repo, { query: RESOLVE, variables: { id: thread } }, z.unknown());
      return told.kind === "ok" ? DONE : told;
    },
  };
}

export function askReviews(api: GithubApi): Pick<ForgeAsk, "reviews" | "remarks" | "openThreads"> {
  return {
    async reviews(repo, number): ReturnType<ForgeAsk["reviews"]> {
      const path = at(repo, "pulls", number, "reviews");
      const found = await list(api.caller, { method: "GET", path }, Review, PAGES_MAX);
      return map(found, ({ items, more }) => ({ items: items.flatMap(reviewOf), more }));
    },
    async remarks(repo, number): ReturnType<ForgeAsk["remarks"]> {
      const found = await remarksOf(api, repo, number);
      return map(found, ({ items, more }) => ({ items: items.map(remarkOf), more }));
    },
    openThreads: (repo, number) => openThreads(api, repo, number),
  };
}

const EVENTS = { approved: "APPROVE", changes_requested: "REQUEST_CHANGES" } as const;

async function reviewed(
  api: GithubApi,
  repo: string,
  number: number,
  { commit, said, mark, text }: Parameters<Forge["review"]>[2],
): Promise<Answer<Remote>> {
  const own = await api.own();
  if (own.kind !== "ok") return own;
  const path = at(repo, "pulls", number, "reviews");
  const isIt = (review: z.infer<typeof Review>): boolean => isOurs(review, own.value, mark);
  const found = await list(api.caller, { method: "GET", path }, Review, PAGES_MAX, {
    ...{ enough: isIt, keeps: isIt },
  });
  if (found.kind !== "ok") return found;
  const [known] = found.value.items;
  if (known !== undefined) return { kind: "ok", value: remoteOf(known) };
  const pull = await pullAt(api, repo, number);
  if (pull.kind !== "ok") return pull;
  const body = marked(text, mark);
  const send = async (more: object): Promise<Answer<Remote>> =>
    map(
      await ask(api.caller, { method: "POST", path, body: { body, ...more }, creates: true }, Review),
      remoteOf,
    );
  const isTheirs = String(pull.value?.user?.id ?? "") !== own.value.id;
  const told = isTheirs ? await send({ event: EVENTS[said], commit_id: commit }) : null;
  // The commit is no part of it any more, say. Of words alone, GitHub takes the newest.
  return told === null || (told.kind === "refused" && told.because === "invalid")
    ? send({ event: "COMMENT" })
    : told;
}

function remoteOf({ id, html_url }: Pick<z.infer<typeof Remark>, "id" | "html_url">): Remote {
  return { id: String(id), url: html_url ?? null };
}

async function remarksOf(
  { caller }: GithubApi,
  repo: string,
  number: number,
): Promise<Answer<Page<z.infer<typeof Remark>>>> {
  // The newest first: anybody may write as many as there is room for, and what is looked for is new.
  const query = { sort: "created", direction: "desc" };
  const path = at(repo, "pulls", number, "comments");
  const found = await list(caller, { method: "GET", path, query }, Remark, PAGES_MAX);
  return map(found, ({ items, more }) => ({ items: items.toSorted((a, b) => a.id - b.id), more }));
}

const RESOLVE =
  "mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { id isResolved } } }";

const THREADS = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id isResolved comments(first: 1) { nodes { fullDatabaseId } } }
      }
    }
  }
}`;

const Thread = z.object({
  id: z.string(),
  isResolved: z.boolean(),
  // GraphQL writes large numbers as text.
  comments: z.object({
    nodes: z.array(z.object({ fullDatabaseId: z.union([z.string(), z.number()]).nullish() })),
  }),
});
const Threads = z.object({
  repository: z.object({
    pullRequest: z.object({
      reviewThreads: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }).optional(),
        nodes: z.array(Thread),
      }),
    }),
  }),
});

type ThreadPage = z.infer<typeof Threads>["repository"]["pullRequest"]["reviewThreads"];

/** Lists of REST do not know which threads are open. */
async function openThreads(
  api: GithubApi,
  repo: string,
  number: number,
): ReturnType<ForgeAsk["openThreads"]> {
  const [owner = "", name = ""] = repo.split("/");
  const open: { readonly thread: string; readonly comment: string }[] = [];
  let after: string | null = null;
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const variables: Readonly<Record<string, unknown>> = { owner, name, number, after };
    const found: Answer<z.infer<typeof Threads>> = await graphql(
      api,
      repo,
      { query: THREADS, variables },
      Threads,
    );
    if (found.kind !== "ok") return found;
    const { nodes, pageInfo }: ThreadPage = found.value.repository.pullRequest.reviewThreads;
    for (const { id, isResolved, comments } of nodes) {
      const first = comments.nodes[0]?.fullDatabaseId;
      if (!isResolved && first !== null && first !== undefined)
        open.push({ thread: id, comment: String(first) });
    }
    after = pageInfo?.endCursor ?? null;
    if (pageInfo?.hasNextPage !== true || after === null) break;
  }
  return { kind: "ok", value: open };
}
