/**
 * What the CLI reads of the API's answers, decoded at this edge. Only what it shows: a newer daemon may say more, and
 * `--json` passes on everything as it came.
 */

import { z } from "zod";
import {
  type ApiAccount,
  type ApiHold,
  type ApiRefusal,
  type ApiWideHold,
  accountShape,
  holdShape,
  refusalShape,
  wideHoldShape,
} from "./shapes-holds.ts";

const time = z.string().nullish();
const words = z.string().nullish();
const counts = z.record(z.string(), z.number());

export interface ApiRun {
  readonly id: string;
  readonly task: string;
  readonly agent?: string | null | undefined;
  readonly account?: string | null | undefined;
  readonly status: string;
  readonly pid?: number | null | undefined;
  readonly exit_code?: number | null | undefined;
  readonly signal?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly reason?: string | null | undefined;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cost_usd?: number | null | undefined;
  readonly cost_source?: string | null | undefined;
  readonly started_at?: string | null | undefined;
  readonly finished_at?: string | null | undefined;
}

export const runShape: z.ZodType<ApiRun> = z.object({
  id: z.string(),
  task: z.string(),
  agent: words,
  account: words,
  status: z.string(),
  pid: z.number().nullish(),
  exit_code: z.number().nullish(),
  signal: words,
  model: words,
  reason: words,
  input_tokens: z.number().default(0),
  output_tokens: z.number().default(0),
  cache_read_tokens: z.number().default(0),
  cost_usd: z.number().nullish(),
  cost_source: words,
  started_at: time,
  finished_at: time,
});

export interface ApiJob {
  readonly id: number;
  readonly phase: string;
  readonly agent: string;
  readonly status: string;
  readonly reason?: string | null | undefined;
  readonly holds: readonly ApiHold[];
}

const jobShape: z.ZodType<ApiJob> = z.object({
  id: z.number(),
  phase: z.string(),
  agent: z.string(),
  status: z.string(),
  reason: words,
  holds: z.array(holdShape),
});

export interface ApiTask {
  readonly key: string;
  readonly project: string;
  readonly title: string;
  readonly status: string;
  readonly reason?: string | null | undefined;
  readonly branch?: string | null | undefined;
  readonly commit?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly author?: string | null | undefined;
  readonly created_at: string;
  readonly updated_at: string;
  readonly jobs: readonly ApiJob[];
  readonly runs: readonly ApiRun[];
}

export const taskShape: z.ZodType<ApiTask> = z.object({
  key: z.string(),
  project: z.string(),
  title: z.string(),
  status: z.string(),
  reason: words,
  branch: words,
  commit: words,
  url: words,
  author: words,
  created_at: z.string(),
  updated_at: z.string(),
  jobs: z.array(jobShape).default([]),
  runs: z.array(runShape).default([]),
});

export interface ApiDelivery {
  readonly id: number;
  readonly source: string;
  readonly delivery_id: string;
  readonly header_id?: string | null | undefined;
  readonly event: string;
  readonly status: string;
  readonly reason?: string | null | undefined;
  readonly task?: string | null | undefined;
  readonly received_at: string;
  readonly finished_at?: string | null | undefined;
  readonly replay_of?: number | null | undefined;
  readonly body?: unknown;
}

export const deliveryShape: z.ZodType<ApiDelivery> = z.object({
  id: z.number(),
  source: z.string(),
  delivery_id: z.string(),
  header_id: words,
  event: z.string(),
  status: z.string(),
  reason: words,
  task: words,
  received_at: z.string(),
  finished_at: time,
  replay_of: z.number().nullish(),
  body: z.unknown().optional(),
});

export interface ApiStatus {
  readonly version: string;
  readonly uptime_s: number;
  readonly deliveries: Readonly<Record<string, number>>;
  readonly tasks: Readonly<Record<string, number>>;
  readonly jobs: Readonly<Record<string, number>>;
  readonly runs: Readonly<Record<string, number>>;
  readonly holds: Readonly<Record<string, number>>;
  readonly accounts: readonly ApiAccount[];
  readonly cooldowns: readonly ApiAccount[];
  readonly wide_holds: readonly ApiWideHold[];
  readonly refusals: readonly ApiRefusal[];
  readonly running: readonly ApiRun[];
  readonly spend_today_usd: number | null;
  /** Not told by daemons that read their configuration once. */
  readonly config?: { readonly error: string | null } | undefined;
  readonly database: { readonly engine: string; readonly journal?: unknown; readonly synchronous?: unknown };
}

export const statusShape: z.ZodType<ApiStatus> = z.object({
  version: z.string(),
  uptime_s: z.number(),
  deliveries: counts,
  tasks: counts,
  jobs: counts,
  runs: counts,
  holds: counts,
  accounts: z.array(accountShape),
  cooldowns: z.array(accountShape),
  wide_holds: z.array(wideHoldShape),
  refusals: z.array(refusalShape),
  running: z.array(runShape),
  spend_today_usd: z.number().nullable(),
  config: z.object({ error: z.string().nullable() }).optional(),
  database: z.object({
    engine: z.string(),
    journal: z.unknown().optional(),
    synchronous: z.unknown().optional(),
  }),
});

export interface Listed<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** `{"<plural>": […], "next_cursor": …}`. */
export function listShape<T>(plural: string, item: z.ZodType<T>): z.ZodType<Listed<T>> {
  return z.looseObject({ next_cursor: z.string().nullish() }).transform((list, context): Listed<T> => {
    const items = z.array(item).safeParse(list[plural]);
    if (items.success) return { items: items.data, next: list.next_cursor ?? null };
    context.addIssue({ code: "custom", path: [plural], message: "is not the expected list" });
    return z.NEVER;
  });
}
