/**
 * Lists, newest first, by the order of creation: `before` is the position of the last row seen, so a page costs the
 * same at any depth and rows that arrive meanwhile shift nothing.
 */

import type { Engine, Row, Value } from "./engine.ts";

/** A page of a list, newest first; `next` goes into the next call's `before`. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface PageQuery {
  /** At most 500. */
  readonly limit: number;
  readonly before: string | null;
}

/** More rows than this are never returned at once, whatever is asked. */
const PAGE_ROWS_MAX = 500;

export interface Listing<T> {
  readonly columns: string;
  readonly table: string;
  /** The integer column that orders the rows. */
  readonly order: "id" | "seq";
  /** Those whose value is undefined are left out. */
  readonly filters: readonly Filter[];
  readonly decode: (row: Row) => T;
  /** The position of a row, from the column `order`. */
  readonly position: (row: Row) => number;
}

export type Filter =
  | { readonly column: string; readonly equals: Value | undefined }
  /** A condition without parameters. The caller vouches for its text. */
  | { readonly condition: string | undefined };

/** A status as a condition, literally: it may come from outside, so it must be one of the machine's. */
export function statusIs(status: string | undefined, statuses: readonly string[]): Filter {
  if (status === undefined) return { condition: undefined };
  if (!statuses.includes(status)) throw new RangeError(`'${status}' is none of ${statuses.join(", ")}`);
  return { condition: `status = '${status}'` };
}

/** One page. An unreadable `before` is an empty page: it cannot have come from here. */
export async function readPage<T>(engine: Engine, listing: Listing<T>, query: PageQuery): Promise<Page<T>> {
  const limit = Math.max(1, Math.min(PAGE_ROWS_MAX, Math.trunc(query.limit)));
  const before = query.before === null ? Number.MAX_SAFE_INTEGER : Number(query.before);
  if (!Number.isSafeInteger(before)) return { items: [], next: null };
  const params: Value[] = [before, limit + 1];
  const conditions = listing.filters.flatMap((filter) => {
    if ("condition" in filter) return filter.condition === undefined ? [] : [filter.condition];
    if (filter.equals === undefined) return [];
    params.push(filter.equals);
    return [`${filter.column} = $${params.length}`];
  });
  const { columns, table, order } = listing;
  const where = [...conditions, `${order} < $1`].join(" and ");
  const rows = await engine.all(
    `select ${columns} from ${table} where ${where} order by ${order} desc limit $2`,
    params,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? String(listing.position(last)) : null;
  return { items: shown.map(listing.decode), next };
}
