/**
 * The shapes of the API (DESIGN §8): snake_case, times as ISO 8601 UTC, money in USD. Requests are validated by these
 * schemas, and `/openapi.json` is generated from them, so that what is published is what is enforced.
 */

import { z } from "@hono/zod-openapi";
import { SOURCES } from "../../workflow/delivery.ts";
import { deliveryMoves, jobMoves, runMoves, taskMoves } from "../../workflow/states.ts";
import { AccountView, HoldView, RefusalView, WideHoldView } from "./hold-view.ts";

const time = z.iso.datetime();
const maybeTime = time.nullable();
const words = z.string().nullable();
const count = z.int().nonnegative();
const counts = z.record(z.string(), count);
const dollars = z.number().nullable().openapi({ description: "USD; null when nobody knows the price" });
const costSource = z.enum(["agent", "priced", "unpriced", "unknown"]);

export const UsageView = z
  .object({
    model: z.string(),
    input_tokens: count,
    output_tokens: count,
    cache_read_tokens: count,
    cache_creation_tokens: count,
    reasoning_tokens: count,
    cost_usd: dollars,
    cost_source: costSource,
  })
  .openapi("Usage");

export const RunView = z
  .object({
    id: z.string(),
    job: z.int(),
    task: z.string(),
    project: z.string(),
    phase: z.string(),
    agent: z.string(),
    account: words.openapi({ description: "which account of its backend it uses" }),
    backend: z.string(),
    status: z.enum(runMoves.statuses),
    pid: z.int().nullable(),
    exit_code: z.int().nullable(),
    signal: words,
    failure_class: words,
    reason: words,
    summary: words,
    stop_reason: words,
    model: words,
    effort: words,
    timeout_ms: z.int().nullable().openapi({ description: "how long it may take; reloads do not change it" }),
    session_id: words,
    input_tokens: count,
    output_tokens: count,
    cache_read_tokens: count,
    cache_creation_tokens: count,
    reasoning_tokens: count,
    cost_usd: dollars,
    cost_source: costSource,
    usage: z.array(UsageView),
    claimed_at: time,
    started_at: maybeTime,
    active_at: maybeTime,
    exited_at: maybeTime,
    finished_at: maybeTime,
    duration_ms: z.int().nullable(),
  })
  .openapi("Run");

export const JobView = z
  .object({
    id: z.int(),
    task: z.string(),
    project: z.string(),
    phase: z.string(),
    agent: z.string(),
    status: z.enum(jobMoves.statuses),
    priority: z.int(),
    attempts: count,
    transients: count,
    interruptions: count,
    run: words,
    holds: z.array(HoldView).openapi({ description: "all that keeps it from being claimed" }),
    failure_class: words,
    reason: words,
    created_at: time,
    finished_at: maybeTime,
  })
  .openapi("Job");

const RefView = z.object({ source: z.string(), kind: z.string(), id: z.string() }).openapi("ExternalRef");

export const TaskView = z
  .object({
    key: z.string(),
    project: z.string(),
    number: z.int(),
    title: z.string(),
    body: z.string(),
    url: words,
    author: words,
    status: z.enum(taskMoves.statuses),
    reason: words,
    workflow: z.string(),
    priority: z.int(),
    branch: words,
    commit: words,
    created_at: time,
    updated_at: time,
    finished_at: maybeTime,
  })
  .openapi("Task");

export const WholeTaskView = TaskView.extend({
  external_refs: z.array(RefView),
  jobs: z.array(JobView),
  runs: z.array(RunView),
}).openapi("TaskWithRuns");

export const EventView = z
  .object({
    seq: z.int(),
    kind: z.string(),
    data: z.record(z.string(), z.unknown()),
    at: time,
  })
  .openapi("Event");

export const DeliveryView = z
  .object({
    id: z.int(),
    source: z.string(),
    delivery_id: z.string(),
    header_id: words,
    event: z.string(),
    status: z.enum(deliveryMoves.statuses),
    reason: words,
    task: words,
    tries: count,
    replay_of: z.int().nullable(),
    received_at: time,
    finished_at: maybeTime,
  })
  .openapi("Delivery");

export const WholeDeliveryView = DeliveryView.extend({
  body: z.string().openapi({ description: "the request body, as it was signed" }),
}).openapi("DeliveryWithBody");

export const StatusView = z
  .object({
    version: z.string(),
    pid: z.int(),
    started_at: time,
    uptime_s: z.int(),
    deliveries: counts,
    tasks: counts,
    jobs: counts,
    runs: counts,
    holds: counts.openapi({ description: "held jobs by kind of hold" }),
    accounts: z.array(AccountView),
    cooldowns: z.array(AccountView).openapi({ description: "those of the accounts that are not open" }),
    wide_holds: z.array(WideHoldView),
    refusals: z.array(RefusalView),
    running: z.array(RunView),
    spend_today_usd: z.number(),
    database: z.object({ engine: z.string(), journal: z.string(), synchronous: z.string() }),
    config: z.object({
      file: z.string(),
      loaded_at: time.openapi({ description: "when the configuration in force was read" }),
      error: z
        .string()
        .nullable()
        .openapi({ description: "why the file as it was read last is not in force; a line per problem" }),
      restart_needed: z
        .array(z.string())
        .openapi({ description: "keys whose new values come into force with a restart" }),
    }),
  })
  .openapi("Status");

export const ProblemView = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    state: z.string().optional().openapi({ description: "the status that forbids it" }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem", { description: "RFC 9457" });

const TITLE_CHARS_MAX = 512;
const BODY_CHARS_MAX = 65_536;
const NAME_CHARS_MAX = 256;
const name = z
  .string()
  .min(1)
  .max(NAME_CHARS_MAX)
  .regex(/^\P{Cc}*$/u, "must not contain control characters");

/** Who knows the thing by that name; webhooks about it then find the task. */
const source = z.enum(["api", ...SOURCES]);

export const NewTaskBody = z
  .strictObject({
    project: name,
    title: z.string().trim().min(1).max(TITLE_CHARS_MAX),
    body: z.string().max(BODY_CHARS_MAX).default(""),
    priority: z.int().min(-1_000).max(1_000).default(0),
    external_ref: z
      .strictObject({ source: source.default("api"), kind: name, id: name })
      .optional()
      .openapi({ description: "what the task stands for elsewhere; it stands for it once per project" }),
  })
  .openapi("NewTask");

export const CancelBody = z
  .strictObject({ reason: z.string().trim().min(1).max(2_000).optional() })
  .openapi("Cancel");
export const EmptyBody = z.strictObject({}).openapi("Nothing");

/** `limit` and `cursor` of every list. */
export const PageParams = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).openapi({ type: "integer" }),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "this is no next_cursor")
    .optional(),
});
