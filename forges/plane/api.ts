/**
 * Plane's API as its verbs use it: addresses that end in a slash (Django), pages by cursor, and the name of the path to
 * work items, which older versions call `issues/`.
 */

import { z } from "zod";
import type { Clock } from "../../system/clock.ts";
import type { Answer } from "../api/answer.ts";
import type { Call, Caller, Reply } from "../api/call.ts";
import { read } from "../api/read.ts";
import type { Page } from "../ask.ts";
import type { Item } from "../tell.ts";

export interface PlaneApi {
  readonly caller: Caller;
  readonly clock: Clock;
  /** Below the API's address: `/api/v1/workspaces/acme`. */
  readonly home: string;
  /** Where people read the workspace: `https://plane.example.org/acme`. */
  readonly web: string;
  /** What is asked of work items of a project, by the path's name that this Plane knows. */
  items(place: string, rest: string, call: Omit<Call, "path">): Promise<Answer<Reply>>;
}

/** Whether `issues/` is the name, found out when the newer one is answered with 404 for the first time. */
export function createPlaneApi(caller: Caller, clock: Clock, home: string, web: string): PlaneApi {
  let name: "work-items" | "issues" | null = null;
  const path = (place: string, items: string, rest: string): string =>
    `${home}/projects/${encodeURIComponent(place)}/${items}/${rest}`;
  const isKnown = async (place: string, items: string): Promise<boolean> => {
    const probe = { method: "GET", path: path(place, items, ""), query: { per_page: 1 } } as const;
    return (await caller.call(probe)).kind === "ok";
  };
  return {
    caller,
    clock,
    home,
    web,
    async items(place, rest, call): Promise<Answer<Reply>> {
      const answer = await caller.call({ ...call, path: path(place, name ?? "work-items", rest) });
      if (answer.kind === "ok" && answer.value.status !== 404) name ??= "work-items";
      const isMissing =
        answer.kind === "ok"
          ? answer.value.status === 404
          : answer.kind === "refused" && answer.because === "missing";
      if (!isMissing || name !== null) return answer;
      if (await isKnown(place, "work-items")) name = "work-items";
      else if (await isKnown(place, "issues")) name = "issues";
      return name === "issues" ? caller.call({ ...call, path: path(place, name, rest) }) : answer;
    },
  };
}

/** Of an item, below the work items of its project. */
export function below({ id }: Item, ...parts: readonly string[]): string {
  return `${[id, ...parts].map((part) => encodeURIComponent(part)).join("/")}/`;
}

export const PER_PAGE = 100;

/**
 * A list to its end, or to so many pages. Plane pages most lists, and answers some as they are.
 *
 * @param enough ends it with a page that has one of these
 */
export async function pages<T>(
  name: string,
  ask: (query: NonNullable<Call["query"]>) => Promise<Answer<Reply>>,
  item: z.ZodType<T>,
  pagesMax: number,
  enough: (item: T) => boolean = () => false,
): Promise<Answer<Page<T>>> {
  const schema = pageOf(item);
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 1; ; page += 1) {
    const answer = await ask({ per_page: PER_PAGE, cursor });
    if (answer.kind !== "ok") return answer;
    const part = read(name, answer.value, schema);
    if (part.kind !== "ok") return part;
    items.push(...part.value.results);
    const isEnd = part.value.next === null || part.value.next === cursor || part.value.results.some(enough);
    if (isEnd || page === pagesMax) return { kind: "ok", value: { items, more: !isEnd } };
    cursor = part.value.next ?? undefined;
  }
}

function pageOf<T>(item: z.ZodType<T>): z.ZodType<{ results: readonly T[]; next: string | null }> {
  const plain = z.array(item).transform((results) => ({ results, next: null }));
  // The cursor is never empty: another word says whether anything follows.
  const paged = z
    .object({
      results: z.array(item),
      next_cursor: z.string().nullish(),
      next_page_results: z.boolean().nullish(),
    })
    .transform((it) => ({
      results: it.results,
      next: it.next_page_results === true ? (it.next_cursor ?? null) : null,
    }));
  return z.union([plain, paged]);
}
