/** Rows as the API shows them. Pure. */

import type { z } from "@hono/zod-openapi";
import type { AccountStanding } from "../../store/accounts.ts";
import type { Refusal } from "../../store/lanes.ts";
import { stateOf } from "../../workflow/account.ts";
import type { Delivery } from "../../workflow/delivery.ts";
import type { TaskEvent } from "../../workflow/event.ts";
import type { Hold, WideHold } from "../../workflow/hold.ts";
import type { Job } from "../../workflow/job.ts";
import type { CostSource, Run, Usage } from "../../workflow/run.ts";
import type { Task } from "../../workflow/task.ts";
import type { AccountView, HoldView, RefusalView, WideHoldView } from "./hold-view.ts";
import type { DeliveryView, EventView, JobView, RunView, TaskView, UsageView } from "./shapes.ts";

const NANOS_PER_USD = 1e9;

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

export function usd(nanos: number | null): number | null {
  return nanos === null ? null : nanos / NANOS_PER_USD;
}

export function viewUsage(usage: Usage): z.infer<typeof UsageView> {
  return {
    model: usage.model,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_creation_tokens: usage.cacheCreationTokens,
    reasoning_tokens: usage.reasoningTokens,
    cost_usd: usd(usage.costNanos),
    cost_source: usage.costSource,
  };
}

export function viewRun(run: Run): z.infer<typeof RunView> {
  const { usage } = run;
  const sum = (of: (row: Usage) => number): number => usage.reduce((total, row) => total + of(row), 0);
  const known = usage.length > 0 && usage.every(({ costNanos }) => costNanos !== null);
  const end = run.exitedAt ?? run.finishedAt;
  return {
    id: run.id,
    job: run.job,
    task: run.task,
    project: run.project,
    phase: run.phase,
    agent: run.agent,
    account: run.account,
    backend: run.backend,
    status: run.status,
    pid: run.identity?.pid ?? null,
    exit_code: run.exitCode,
    signal: run.signal,
    failure_class: run.failure,
    reason: run.reason,
    summary: run.summary,
    stop_reason: run.stop,
    model: run.model ?? usage[0]?.model ?? null,
    effort: run.effort,
    timeout_ms: run.timeoutMs,
    session_id: run.session,
    input_tokens: sum((row) => row.inputTokens),
    output_tokens: sum((row) => row.outputTokens),
    cache_read_tokens: sum((row) => row.cacheReadTokens),
    cache_creation_tokens: sum((row) => row.cacheCreationTokens),
    reasoning_tokens: sum((row) => row.reasoningTokens),
    cost_usd: known ? usd(sum((row) => row.costNanos ?? 0)) : null,
    cost_source: costSourceOf(usage),
    usage: usage.map(viewUsage),
    claimed_at: iso(run.claimedAt),
    started_at: isoOrNull(run.startedAt),
    active_at: isoOrNull(run.activeAt),
    exited_at: isoOrNull(run.exitedAt),
    finished_at: isoOrNull(run.finishedAt),
    duration_ms: run.startedAt === null || end === null ? null : end - run.startedAt,
  };
}

/** Of several models the weakest evidence speaks for the whole. */
function costSourceOf(usage: readonly Usage[]): CostSource {
  for (const source of ["unpriced", "unknown", "priced", "agent"] as const) {
    if (usage.some(({ costSource }) => costSource === source)) return source;
  }
  return "unknown";
}

function viewHold({ kind, reason, remedy, until }: Hold): z.infer<typeof HoldView> {
  return { kind, reason, remedy, until: isoOrNull(until) };
}

export function viewWideHold(hold: WideHold): z.infer<typeof WideHoldView> {
  const { scope, subject, since } = hold;
  return { scope, subject, ...viewHold(hold), since: iso(since) };
}

/** @param wide all wide holds; those on this account say how it stands */
export function viewAccount(
  account: AccountStanding,
  wide: readonly WideHold[],
): z.infer<typeof AccountView> {
  const { name, rearms, live, concurrency } = account;
  const { status, until, since, reason, remedy } = stateOf(account, wide);
  const [begins, ends] = [isoOrNull(since), isoOrNull(until)];
  return { name, status, until: ends, since: begins, rearms, reason, remedy, running: live, concurrency };
}

export function viewRefusal({ project, agent, reason, remedy, since }: Refusal): z.infer<typeof RefusalView> {
  return { project, agent, reason, remedy, since: iso(since) };
}

export function viewJob(job: Job): z.infer<typeof JobView> {
  const {
    id,
    task,
    project,
    phase,
    agent,
    status,
    priority,
    attempts,
    transients,
    interruptions,
    run,
    holds,
  } = job;
  return {
    id,
    task,
    project,
    phase,
    agent,
    status,
    priority,
    attempts,
    transients,
    interruptions,
    run,
    holds: holds.map(viewHold),
    failure_class: job.failure,
    reason: job.reason,
    created_at: iso(job.createdAt),
    finished_at: isoOrNull(job.finishedAt),
  };
}

export function viewTask(task: Task): z.infer<typeof TaskView> {
  const {
    key,
    project,
    number,
    title,
    body,
    url,
    author,
    status,
    reason,
    workflow,
    priority,
    branch,
    commit,
  } = task;
  return {
    key,
    project,
    number,
    title,
    body,
    url,
    author,
    status,
    reason,
    workflow,
    priority,
    branch,
    commit,
    created_at: iso(task.createdAt),
    updated_at: iso(task.updatedAt),
    finished_at: isoOrNull(task.finishedAt),
  };
}

export function viewEvent({ seq, kind, data, at }: TaskEvent): z.infer<typeof EventView> {
  return { seq, kind, data, at: iso(at) };
}

export function viewDelivery(delivery: Delivery): z.infer<typeof DeliveryView> {
  const { id, source, event, status, reason, task, tries } = delivery;
  return {
    id,
    source,
    delivery_id: delivery.deliveryId,
    header_id: delivery.headerId,
    event,
    status,
    reason,
    task,
    tries,
    replay_of: delivery.replayOf,
    received_at: iso(delivery.receivedAt),
    finished_at: isoOrNull(delivery.finishedAt),
  };
}
