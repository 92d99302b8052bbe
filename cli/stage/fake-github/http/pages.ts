/** Lists in pages: 30 or as many as are asked for, at most 100, with links to the others. */

import { Refusal } from "../refusal.ts";
import type { Answer, Call } from "./call.ts";

const PER_PAGE = 30;
const PER_PAGE_MAX = 100;

export interface Page<T> {
  readonly items: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

function positive(text: string | null, otherwise: number): number {
  const number = Number(text ?? otherwise);
  return Number.isSafeInteger(number) && number > 0 ? number : otherwise;
}

export function pageOf<T>(call: Call, all: readonly T[]): Page<T> {
  const perPage = Math.min(PER_PAGE_MAX, positive(call.query.get("per_page"), PER_PAGE));
  const page = positive(call.query.get("page"), 1);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const links: string[] = [];
  const link = (rel: string, number: number): void => {
    links.push(`<${addressOf(call, { page: String(number) })}>; rel="${rel}"`);
  };
  if (page > 1) link("prev", Math.min(page - 1, last));
  if (page < last) {
    link("next", page + 1);
    link("last", last);
  }
  if (page > 1) link("first", 1);
  const items = all.slice((page - 1) * perPage, page * perPage);
  return { items, headers: links.length === 0 ? {} : { link: links.join(", ") } };
}

export function paged<T>(call: Call, all: readonly T[], json: (item: T) => unknown): Answer {
  const { items, headers } = pageOf(call, all);
  return { status: 200, body: items.map(json), headers };
}

/** By a cursor in place of a number: what it names is the first of the next page. */
export function cursorPaged<T extends { readonly id: number }>(
  call: Call,
  all: readonly T[],
  json: (item: T) => unknown,
): Answer {
  const perPage = Math.min(PER_PAGE_MAX, positive(call.query.get("per_page"), PER_PAGE));
  const cursor = call.query.get("cursor");
  const start = cursor === null ? 0 : all.findIndex(({ id }) => `v1_${id}` === cursor);
  if (start < 0) throw new Refusal(400, "Invalid cursor");
  const next = all[start + perPage];
  const headers =
    next === undefined ? {} : { link: `<${addressOf(call, { cursor: `v1_${next.id}` })}>; rel="next"` };
  return { status: 200, body: all.slice(start, start + perPage).map(json), headers };
}

function addressOf({ world, path, query }: Call, changed: Readonly<Record<string, string>>): string {
  const asked = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changed)) asked.set(name, value);
  return `${world.url}${path}?${asked}`;
}

/** ISO 8601, as a time in ms; 0 where none is given. */
export function sinceOf({ query }: Call): number {
  const text = query.get("since");
  if (text === null) return 0;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Refusal(422, "Invalid request.\n\nsince is not a valid date.");
  return at;
}
