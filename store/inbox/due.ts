/** Which deliveries are to be handled now, by source: each of them has a lane of the inbox of its own. */

import type { Delivery } from "../../workflow/delivery.ts";
import type { Engine, Sql } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";
import { readDelivery } from "../rows/delivery.ts";

/** One source alone, or all but some. */
export type Sources = { readonly only: string } | { readonly besides: readonly string[] };

export interface DueDeliveries {
  /** The oldest unhandled deliveries of these sources that are due, in order of arrival. */
  due(now: number, limit: number, from: Sources): Promise<readonly Delivery[]>;
  /** When the next put-off delivery of these sources becomes due, or `null`. */
  nextDue(from: Sources): Promise<number | null>;
}

/**
 * New ones by arrival, and of the put-off ones those that are due. Two reads of one index, each cut at the limit, so
 * that neither a flood nor a crowd of waiting ones makes it slow.
 */
const DUE = `
select * from (
  select * from (
    select * from deliveries where status = 'received' and source = $3 and not_before = 0 order by id limit $2
  ) as fresh
  union all
  select * from (
    select * from deliveries where status = 'received' and source = $3 and not_before > 0 and not_before <= $1
    order by not_before, id limit $2
  ) as again
) as due order by id limit $2`;

const NEXT_DUE = `
select not_before as due from deliveries where status = 'received' and source = $1 order by not_before limit 1`;

const waitingSources = (deliveries: string): string => `
with recursive waiting (source) as (
  select '' as source
  union all
  select (select min(source) from ${deliveries} where status = 'received' and source > waiting.source)
  from waiting where waiting.source is not null
)
select source from waiting where source <> ''`;

/** Of unhandled deliveries, each found by one step into the index, however many of them there are. */
const WAITING_SOURCES: Sql = {
  sqlite: waitingSources("deliveries indexed by deliveries_due_by_source"),
  postgres: waitingSources("deliveries"),
  because: "SQLite takes the index by status, and reads all that wait",
};

export function dueDeliveries(engine: Engine): DueDeliveries {
  const eachOf = async <T>(
    from: Sources,
    ask: (source: string) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => (await Promise.all((await sourcesOf(engine, from)).map(ask))).flat();
  return {
    async due(now, limit, from) {
      const rows = await eachOf(from, (source) => engine.all(DUE, [now, limit, source]));
      return rows
        .map(readDelivery)
        .sort((a, b) => a.id - b.id)
        .slice(0, limit);
    },
    async nextDue(from) {
      const rows = await eachOf(from, (source) => engine.all(NEXT_DUE, [source]));
      const dues = rows.map((row) => decode("deliveries", row).integer("due"));
      return dues.length === 0 ? null : Math.min(...dues);
    },
  };
}

async function sourcesOf(engine: Engine, from: Sources): Promise<readonly string[]> {
  if ("only" in from) return [from.only];
  const rows = await engine.all(WAITING_SOURCES, []);
  const waiting = rows.map((row) => decode("deliveries", row).text("source"));
  return waiting.filter((source) => !from.besides.includes(source));
}
