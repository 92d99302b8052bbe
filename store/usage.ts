/** Usage: tokens and cost per run and model, always replaced as a whole, so that a repeated line counts once (I8). */

import type { Usage } from "../workflow/run.ts";
import { countUsage, type Reported } from "./budgets.ts";
import type { Differs, Engine, Row, Statement } from "./engine/engine.ts";
import { COST_SOURCES, decode } from "./engine/row.ts";
import { IS_NEWS } from "./rows/run.ts";

const CLEAR = `delete from usage where run = $1 and ${IS_NEWS}`;

const WRITE = `
insert into usage (run, model, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
                   reasoning_tokens, cost_nanos, cost_source)
select $1, $3, cast($4 as bigint), cast($5 as bigint), cast($6 as bigint), cast($7 as bigint), cast($8 as bigint),
  cast($9 as bigint), $10 where ${IS_NEWS}`;

const OF_SESSION = `
select usage.model, sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens,
  sum(cache_read_tokens) as cache_read_tokens, sum(cache_creation_tokens) as cache_creation_tokens,
  sum(reasoning_tokens) as reasoning_tokens, sum(cost_nanos) as cost_nanos, 'unknown' as cost_source
from usage join runs on runs.id = usage.run
where runs.session = $1 and runs.backend = $2 and runs.seq < (select seq from runs where id = $3)
group by usage.model order by usage.model`;

const OF_RUNS: Differs = {
  sqlite: "select * from usage where run in (select value from json_each($1)) order by run, model",
  postgres: `select * from usage where run in (select value from json_array_elements_text(cast($1 as json)) as given (value))
             order by run, model`,
  because: "a list of any length as one parameter is JSON for both, and each takes it apart in its own words",
};

/** Replaces a run's usage, and corrects what is counted as spent by the difference. */
export function replaceUsage(reported: Reported, usage: readonly Usage[]): readonly Statement[] {
  const { run, logOffset } = reported;
  const rows = usage.map((model): Statement => {
    const { inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens, reasoningTokens } = model;
    const tokens = [inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens, reasoningTokens];
    return {
      sql: WRITE,
      params: [run, logOffset, model.model, ...tokens, model.costNanos, model.costSource],
    };
  });
  return [{ sql: CLEAR, params: [run, logOffset] }, ...rows, ...countUsage(reported, usage)];
}

/** What the runs before this one have used of the same session, per model; costs are not meant to be read. */
export async function readSessionUsage(
  engine: Engine,
  session: string,
  backend: string,
  before: string,
): Promise<readonly Usage[]> {
  return (await engine.all(OF_SESSION, [session, backend, before])).map(readRow);
}

/**
 * The usage of these runs, by run; a run without any is not in the map.
 *
 * @param read makes a row into usage, or leaves it out
 */
export async function readUsage(
  engine: Engine,
  runs: readonly string[],
  read: (row: Row, decoder: (row: Row) => Usage) => readonly Usage[],
): Promise<ReadonlyMap<string, readonly Usage[]>> {
  const found = new Map<string, Usage[]>();
  if (runs.length === 0) return found;
  for (const row of await engine.all(OF_RUNS, [JSON.stringify(runs)])) {
    const run = decode("usage", row).text("run");
    found.set(run, [...(found.get(run) ?? []), ...read(row, readRow)]);
  }
  return found;
}

/** Figures too large to be true were stored by an older version, and must not keep their run from being read. */
function readRow(row: Row): Usage {
  const { text, sum, status } = decode("usage", row);
  return {
    model: text("model"),
    inputTokens: sum("input_tokens"),
    outputTokens: sum("output_tokens"),
    cacheReadTokens: sum("cache_read_tokens"),
    cacheCreationTokens: sum("cache_creation_tokens"),
    reasoningTokens: sum("reasoning_tokens"),
    costNanos: row["cost_nanos"] === null ? null : sum("cost_nanos"),
    costSource: status("cost_source", COST_SOURCES),
  };
}
