/**
 * What a digest sums up: tasks that ended within a span, those that wait for somebody, and what was spent, by reads
 * whose cost does not grow with what was ever done.
 */

import type { Engine, Row } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";

export interface DigestTask {
  readonly key: string;
  readonly title: string;
  readonly project: string;
}

/** By project and model, of runs that began within the span. */
export interface DigestSpend {
  readonly project: string;
  readonly model: string;
  /** Of all kinds but reads from the cache. */
  readonly tokens: number;
  /** Of what has a price. */
  readonly nanos: number;
  /** Whether some of it has none. */
  readonly isUnpriced: boolean;
}

export interface DigestStore {
  /** Ended so from `from` until before `until` (ms), newest first: of the newest {@link LOOKED_AT} of that end. */
  ended(status: "done" | "failed", from: number, until: number): Promise<readonly DigestTask[]>;
  /** Those that cannot go on without somebody, newest first, at most {@link LOOKED_AT}. */
  waiting(): Promise<readonly DigestTask[]>;
  /** The dearest first. */
  spent(from: number, until: number): Promise<readonly DigestSpend[]>;
}

/** Nobody ends more between two digests; an end of an older task is left out. */
const LOOKED_AT = 2_000;

const ENDED = `
select newest.key, newest.title, newest.project from (
  select seq, key, title, project, finished_at from tasks where status = $1 order by seq desc limit ${LOOKED_AT}
) as newest where newest.finished_at >= $2 and newest.finished_at < $3 order by newest.seq desc`;
const WAITING = `
select key, title, project from tasks where status = 'blocked' order by seq desc limit ${LOOKED_AT}`;
const SPENT = `
select runs.project, usage.model,
  sum(usage.input_tokens + usage.output_tokens + usage.cache_creation_tokens) as tokens,
  coalesce(sum(usage.cost_nanos), 0) as nanos, count(*) - count(usage.cost_nanos) as unpriced
from runs join usage on usage.run = runs.id where runs.claimed_at >= $1 and runs.claimed_at < $2
group by runs.project, usage.model order by 4 desc, 1, 2`;

export function digestStore(engine: Engine): DigestStore {
  return {
    ended: async (status, from, until) =>
      (await engine.all(ENDED, [status, from, until])).map((row) => readTask(row)),
    waiting: async () => (await engine.all(WAITING, [])).map((row) => readTask(row)),
    spent: async (from, until) => (await engine.all(SPENT, [from, until])).map((row) => readSpend(row)),
  };
}

function readTask(row: Row): DigestTask {
  const { text } = decode("tasks", row);
  return { key: text("key"), title: text("title"), project: text("project") };
}

function readSpend(row: Row): DigestSpend {
  const { text, sum } = decode("usage", row);
  return {
    ...{ project: text("project"), model: text("model") },
    ...{ tokens: sum("tokens"), nanos: sum("nanos"), isUnpriced: sum("unpriced") > 0 },
  };
}
