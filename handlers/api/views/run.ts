/** Runs as the API shows them, with what they used. Pure. */

import { z } from "@hono/zod-openapi";
import type { CostSource, Run, Usage } from "../../../workflow/run.ts";
import { runMoves } from "../../../workflow/states.ts";
import { count, iso, isoOrNull, maybeCount, maybeTime, time, usd, words } from "../shapes.ts";

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
    branch: words.openapi({ description: "where its work was published" }),
    commit: words.openapi({
      description: "what was published; null when nothing was changed, or nobody has looked",
    }),
    files: maybeCount.openapi({ description: "how many files the commit changes" }),
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

export const RunWithToolsView = RunView.extend({
  turns: count.openapi({ description: "calls of the model that its program has told of" }),
  tools: z
    .array(z.object({ name: z.string(), calls: count }))
    .openapi({ description: "tools that it has called, most often called first" }),
}).openapi("RunWithTools");
export type RunWithToolsAnswer = z.infer<typeof RunWithToolsView>;

export type RunAnswer = z.infer<typeof RunView>;

export function viewRun(run: Run): RunAnswer {
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
    branch: run.branch,
    commit: run.commit,
    files: run.files,
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

function viewUsage(usage: Usage): z.infer<typeof UsageView> {
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

/** Of several models the weakest evidence speaks for the whole. */
function costSourceOf(usage: readonly Usage[]): CostSource {
  for (const source of ["unpriced", "unknown", "priced", "agent"] as const) {
    if (usage.some(({ costSource }) => costSource === source)) return source;
  }
  return "unknown";
}
