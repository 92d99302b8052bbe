/**
 * What the CLI reads of the API's answers, decoded at this edge. Only what it shows: a newer daemon may say more, and
 * `--json` passes on everything as it came.
 */

import {
  anything,
  listOf,
  number,
  object,
  orElse,
  orNull,
  recordOf,
  type Shape,
  type Shaped,
  text,
} from "./decoder.ts";
import { accountShape, holdShape, refusalShape, wideHoldShape } from "./shapes-holds.ts";

const time = orNull(text);
const words = orNull(text);
const counts = recordOf(number);

export const runShape = object({
  id: text,
  task: text,
  agent: words,
  account: words,
  status: text,
  pid: orNull(number),
  exit_code: orNull(number),
  signal: words,
  model: words,
  reason: words,
  input_tokens: orElse(number, 0),
  output_tokens: orElse(number, 0),
  cache_read_tokens: orElse(number, 0),
  cost_usd: orNull(number),
  cost_source: words,
  started_at: time,
  finished_at: time,
});

export type ApiRun = Shaped<typeof runShape>;

const jobShape = object({
  id: number,
  phase: text,
  agent: text,
  status: text,
  reason: words,
  holds: listOf(holdShape),
});

export type ApiJob = Shaped<typeof jobShape>;

export const taskShape = object({
  key: text,
  project: text,
  title: text,
  status: text,
  reason: words,
  branch: words,
  commit: words,
  url: words,
  author: words,
  created_at: text,
  updated_at: text,
  jobs: orElse(listOf(jobShape), []),
  runs: orElse(listOf(runShape), []),
});

export type ApiTask = Shaped<typeof taskShape>;

export const deliveryShape = object({
  id: number,
  source: text,
  delivery_id: text,
  header_id: words,
  event: text,
  status: text,
  reason: words,
  task: words,
  received_at: text,
  finished_at: time,
  replay_of: orNull(number),
  body: anything,
});

export type ApiDelivery = Shaped<typeof deliveryShape>;

export const statusShape = object({
  version: text,
  uptime_s: number,
  deliveries: counts,
  tasks: counts,
  jobs: counts,
  runs: counts,
  holds: counts,
  accounts: listOf(accountShape),
  cooldowns: listOf(accountShape),
  wide_holds: listOf(wideHoldShape),
  refusals: listOf(refusalShape),
  running: listOf(runShape),
  spend_today_usd: orNull(number),
  /** Not told by daemons that read their configuration once. */
  config: orNull(object({ error: orNull(text) })),
  database: object({
    engine: text,
    journal: anything,
    synchronous: anything,
  }),
});

export type ApiStatus = Shaped<typeof statusShape>;

export interface Listed<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** `{"<plural>": […], "next_cursor": …}`. */
export function listShape<T>(plural: string, item: Shape<T>): Shape<Listed<T>> {
  const fields = recordOf(anything);
  return (value, where) => {
    const { [plural]: items, next_cursor: next } = fields(value, where);
    return { items: listOf(item)(items, plural), next: orNull(text)(next, "next_cursor") };
  };
}
