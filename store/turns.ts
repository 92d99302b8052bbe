/**
 * Turns: calls of the model as the programs of runs tell of them, a row each, numbered per run.
 *
 * T1. They are written in the transaction of the report that brought them, in one statement however many they are,
 *     and under the same condition as usage. A number that is there already is the same turn, so what is read twice
 *     makes no second row.
 * T2. Of one run the newest {@link TURNS_MAX} stay. They go with the folder of the run.
 */

import { TURNS_MAX } from "../workflow/limits.ts";
import { type KeptTurn, type NewTurns, TURN_STATUSES } from "../workflow/turn.ts";
import type { Reported } from "./budgets.ts";
import type { Differs, Engine, Row, Statement } from "./engine/engine.ts";
import { COST_SOURCES, decode } from "./engine/row.ts";
import { IS_NEWS } from "./rows/run.ts";

export interface TurnStore {
  /** Turns of a run with numbers above `after`, in order. */
  of(run: string, after: number, limit: number): Promise<readonly KeptTurn[]>;
  /**
   * How many the runs of this session of this backend have had. A run of which none was told, or whose turns are
   * pruned, counts as one.
   */
  ofSession(session: string, backend: string): Promise<number>;
  /** Deletes what is known of the turns of a run. */
  forget(run: string): Promise<void>;
}

const COLUMNS = `number, model, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, reasoning_tokens,
  cost_nanos, cost_source, status, latency_ms, request_id, at`;
const REPLACED = `on conflict (run, number) do update set
  model = excluded.model, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
  cache_read_tokens = excluded.cache_read_tokens, cache_creation_tokens = excluded.cache_creation_tokens,
  reasoning_tokens = excluded.reasoning_tokens, cost_nanos = excluded.cost_nanos, cost_source = excluded.cost_source,
  status = excluded.status, latency_ms = excluded.latency_ms, request_id = excluded.request_id, at = excluded.at`;
/** One parameter: a JSON list of lists, in the order of {@link COLUMNS}. */
const WRITE: Differs = {
  sqlite: `
insert into turns (run, ${COLUMNS})
select $1, ${Array.from({ length: 13 }, (_, n) => `json_extract(value, '$[${n}]')`).join(", ")}
from json_each($3) where ${IS_NEWS} ${REPLACED}`,
  postgres: `
insert into turns (run, ${COLUMNS})
select $1, cast(told ->> 0 as bigint), told ->> 1, cast(told ->> 2 as bigint), cast(told ->> 3 as bigint),
  cast(told ->> 4 as bigint), cast(told ->> 5 as bigint), cast(told ->> 6 as bigint), cast(told ->> 7 as bigint),
  told ->> 8, told ->> 9, cast(told ->> 10 as bigint), told ->> 11, cast(told ->> 12 as bigint)
from json_array_elements(cast($3 as json)) as given (told) where ${IS_NEWS} ${REPLACED}`,
  because: "a list of any length as one parameter is JSON for both, and each takes it apart in its own words",
};
const CLEAR = `delete from turns where run = $1 and ${IS_NEWS}`;
const TRIM = `delete from turns where run = $1 and number <= $3 and ${IS_NEWS}`;

const OF_RUN = "select * from turns where run = $1 and number > $2 order by number limit $3";
const OF_SESSION = `
select (select count(*) from turns where run in (select id from runs where session = $1 and backend = $2))
  + (select count(*) from runs where session = $1 and backend = $2
     and not exists (select 1 from turns where turns.run = runs.id)) as turns`;
const FORGET = "delete from turns where run = $1";

export function turnStore(engine: Engine): TurnStore {
  return {
    of: async (run, after, limit) => (await engine.all(OF_RUN, [run, after, limit])).map(readTurn),
    ofSession: async (session, backend) => {
      const [row = {}] = await engine.all(OF_SESSION, [session, backend]);
      return decode("turns", row).sum("turns");
    },
    forget: async (run) => {
      await engine.atomic([{ sql: FORGET, params: [run] }]);
    },
  };
}

/** T1. @param at when what nobody has told the moment of was read (ms) */
export function writeTurns(
  { run, logOffset, at }: Reported,
  { turns, areAll }: NewTurns,
): readonly Statement[] {
  const last = turns.at(-1);
  if (last === undefined) return [];
  const rows = turns.slice(-TURNS_MAX).map(({ number, usage, status, latencyMs, requestId, at: told }) => {
    const { model, inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens, reasoningTokens } = usage;
    const tokens = [inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens, reasoningTokens];
    const cost = [usage.costNanos, usage.costSource];
    return [number, stored(model), ...tokens, ...cost, status, latencyMs, stored(requestId), told ?? at];
  });
  const clear: Statement = { sql: CLEAR, params: [run, logOffset] };
  const trim: Statement = { sql: TRIM, params: [run, logOffset, last.number - TURNS_MAX] };
  return [
    ...(areAll ? [clear] : []),
    { sql: WRITE, params: [run, logOffset, JSON.stringify(rows)] },
    ...(last.number > TURNS_MAX ? [trim] : []),
  ];
}

/** Inside JSON a NUL would come through as an escape, and so would half a character, which PostgreSQL refuses. */
function stored(text: string | null): string | null {
  return text === null ? null : text.replaceAll("\0", "").toWellFormed();
}

function readTurn(row: Row): KeptTurn {
  const { text, textOrNull, integer, integerOrNull, sum, status } = decode("turns", row);
  return {
    number: integer("number"),
    usage: {
      model: text("model"),
      inputTokens: sum("input_tokens"),
      outputTokens: sum("output_tokens"),
      cacheReadTokens: sum("cache_read_tokens"),
      cacheCreationTokens: sum("cache_creation_tokens"),
      reasoningTokens: sum("reasoning_tokens"),
      costNanos: integerOrNull("cost_nanos"),
      costSource: status("cost_source", COST_SOURCES),
    },
    status: status("status", TURN_STATUSES),
    latencyMs: integerOrNull("latency_ms"),
    requestId: textOrNull("request_id"),
    at: integer("at"),
  };
}
