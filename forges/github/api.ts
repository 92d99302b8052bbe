/** GitHub's API as its verbs use it: addresses, lists to their end, GraphQL, and who we are. */

import { z } from "zod";
import type { Clock } from "../../system/clock.ts";
import type { Http } from "../../system/http.ts";
import type { Answer } from "../api/answer.ts";
import type { Call, Caller } from "../api/call.ts";
import { remembering } from "../api/memory.ts";
import { ask, read } from "../api/read.ts";
import { sentence, strange } from "../api/refusal.ts";
import type { Fresh, Page } from "../ask.ts";

export const PER_PAGE = 100;

export interface Own {
  readonly login: string;
  readonly id: string;
}

export interface GithubApi {
  readonly caller: Caller;
  readonly http: Http;
  readonly clock: Clock;
  /** Calls are made as an App: some are made in another way then. */
  readonly isApp: boolean;
  /** Whom the token acts as, asked once. */
  own(): Promise<Answer<Own>>;
}

/** @param repo `owner/name` */
export function at(repo: string, ...parts: readonly (string | number)[]): string {
  return `/repos/${[...repo.split("/"), ...parts].map((part) => encodeURIComponent(part)).join("/")}`;
}

interface Wanted<T> {
  readonly key?: string;
  readonly enough?: (item: T) => boolean;
  readonly keeps?: (item: T) => boolean;
}

/**
 * A list to its end, or to so many pages.
 *
 * @param key where the list stands in an object
 * @param enough ends it with a page that has one of these
 * @param keeps what is wanted of it: strangers may write as much as they like
 */
export async function list<T>(
  caller: Caller,
  first: Call,
  item: z.ZodType<T>,
  pagesMax: number,
  { key, enough = () => false, keeps = () => true }: Wanted<T> = {},
): Promise<Answer<Page<T>>> {
  const found = await freshList(caller, first, item, pagesMax, null, {
    ...(key !== undefined && { key }),
    ...{ enough, keeps },
  });
  if (found.kind !== "ok") return found;
  return found.value.kind === "fresh"
    ? { kind: "ok", value: found.value.value }
    : strange(caller.name, "304 to what it was not asked");
}

/** As `list`; the mark of an answer is good for a list of one page alone, for it says nothing of others. */
export async function freshList<T>(
  caller: Caller,
  first: Call,
  item: z.ZodType<T>,
  pagesMax: number,
  etag: string | null,
  { key, enough = () => false, keeps = () => true }: Wanted<T> = {},
): Promise<Answer<Fresh<Page<T>>>> {
  const schema = pageOf(item, key);
  const items: T[] = [];
  // The addresses of later pages name a repository by its number.
  const place = /^\/repos\/([^/]+\/[^/]+)/.exec(first.path)?.[1];
  let call: Call = {
    ...first,
    query: { per_page: PER_PAGE, ...first.query },
    ...(place !== undefined && { place: decodeURIComponent(place) }),
  };
  let mark: string | null = null;
  for (let page = 1; ; page += 1) {
    const answer = page === 1 ? await firstOf(caller, call, etag) : await caller.call(call);
    if (answer.kind === "unchanged") return { kind: "ok", value: { kind: "unchanged" } };
    if (answer.kind !== "ok") return answer;
    const part = read(caller.name, answer.value, schema);
    if (part.kind !== "ok") return part;
    items.push(...part.value.filter(keeps));
    const next = caller.below(answer.value.links["next"] ?? "");
    if (page === 1 && next === null) mark = answer.value.etag;
    const isEnd = next === null || part.value.some(enough);
    if (isEnd || page === pagesMax)
      return { kind: "ok", value: { kind: "fresh", value: { items, more: !isEnd }, etag: mark } };
    const { query: _, ...rest } = call;
    call = { ...rest, path: next };
  }
}

/** A list as others see what is in it. */
export function views<T, U>(fresh: Fresh<Page<T>>, view: (item: T) => U): Fresh<Page<U>> {
  if (fresh.kind === "unchanged") return fresh;
  const { value, etag } = fresh;
  return { kind: "fresh", value: { items: value.items.map(view), more: value.more }, etag };
}

function firstOf(caller: Caller, call: Call, etag: string | null): ReturnType<Caller["fresh"]> {
  return etag === null ? caller.call(call) : caller.fresh(call, etag);
}

function pageOf<T>(item: z.ZodType<T>, key: string | undefined): z.ZodType<readonly T[]> {
  if (key === undefined) return z.array(item);
  return z.object({ [key]: z.array(item) }).transform((page) => page[key] ?? []);
}

const Errors = z.object({
  errors: z.array(z.object({ type: z.string().nullish(), message: z.string().nullish() })).nullish(),
});

/** GraphQL: what it refuses it refuses in a 200, and then what stands beside the refusal counts for nothing. */
export async function graphql<T>(
  { caller }: GithubApi,
  place: string,
  { query, variables }: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> },
  schema: z.ZodType<T>,
): Promise<Answer<T>> {
  const call: Call = {
    method: "POST",
    path: "/graphql",
    resource: "graphql",
    place,
    body: { query, variables },
  };
  const answer = await caller.call(call);
  if (answer.kind !== "ok") return answer;
  const errors = read(caller.name, answer.value, Errors);
  if (errors.kind !== "ok") return errors;
  const [first] = errors.value.errors ?? [];
  if (first !== undefined) return refusedBy(caller.name, first);
  return read(
    caller.name,
    answer.value,
    z.object({ data: schema }).transform(({ data }) => data),
  );
}

const REFUSALS = {
  NOT_FOUND: "missing",
  FORBIDDEN: "permission",
  INSUFFICIENT_SCOPES: "permission",
  UNPROCESSABLE: "invalid",
} as const;

function refusedBy(
  name: string,
  {
    type,
    message,
  }: { readonly type?: string | null | undefined; readonly message?: string | null | undefined },
): Answer<never> {
  const reason = `${name} answered: ${sentence(message ?? type ?? "an error")}`;
  if (type === "RATE_LIMITED") return { kind: "retry", reason, afterMs: 60_000, fault: "call" };
  const because = Object.entries(REFUSALS).find(([known]) => known === type)?.[1];
  if (because !== undefined) return { kind: "refused", because, reason };
  // Trouble of GitHub's own has no type; a query that it does not understand would be a fault of ours.
  return { kind: "retry", reason, afterMs: 60_000, fault: "call" };
}

const User = z.object({ login: z.string(), id: z.number() });
const App = z.object({ slug: z.string() });

/** @param isApp an App acts as a robot of its own, whose name is made of the App's */
export function ownOf(caller: Caller, clock: Clock, isApp: boolean): GithubApi["own"] {
  const remember = remembering<Own>(clock);
  let known: Answer<Own> | null = null;
  return async () => {
    if (known !== null) return known;
    const found = await remember("own", () => (isApp ? robotOf(caller) : userAt(caller, "/user")));
    if (found.kind === "ok") known = found;
    return found;
  };
}

async function robotOf(caller: Caller): Promise<Answer<Own>> {
  const app = await ask(caller, { method: "GET", path: "/app", asProgram: true }, App);
  return app.kind === "ok" ? userAt(caller, `/users/${encodeURIComponent(`${app.value.slug}[bot]`)}`) : app;
}

async function userAt(caller: Caller, path: string): Promise<Answer<Own>> {
  const found = await ask(caller, { method: "GET", path }, User);
  return found.kind === "ok"
    ? { kind: "ok", value: { login: found.value.login, id: String(found.value.id) } }
    : found;
}
