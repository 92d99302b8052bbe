/** What has come and ended since the last look, as counters. */

import type { MeasuredDelivery, MeasuredRun } from "../../../store/told/metrics.ts";
import type { Usage } from "../../../workflow/run.ts";
import { deliveryMoves } from "../../../workflow/states.ts";
import { KITS } from "../../sources.ts";
import type { ApiOptions } from "../base.ts";
import type { Follower } from "./follow.ts";
import { modelLabel, projectLabel, sourceLabel } from "./labels.ts";
import type { Meters } from "./registry.ts";

const NANOS_PER_DOLLAR = 1e9;

/** What may be counted is there with a 0 from the start: a series that begins with its first event hides that one. */
export function begin({ projects }: Pick<ApiOptions, "projects">, meters: Meters): Meters {
  for (const { name: source } of KITS) {
    meters.add("chargehand_deliveries_received_total", 0, { source });
    for (const status of deliveryMoves.final)
      meters.add("chargehand_deliveries_handled_total", 0, { source, status });
  }
  for (const project of projects.keys())
    meters.add("chargehand_runs_finished_total", 0, { project, status: "succeeded", failure: "none" });
  return meters;
}

interface Followed {
  readonly deliveries: Follower<MeasuredDelivery>;
  readonly runs: Follower<MeasuredRun>;
}

/** @throws StoreFault, before anything of its kind was counted */
export async function count(
  options: Pick<ApiOptions, "store" | "projects" | "agents">,
  meters: Meters,
  { deliveries, runs }: Followed,
): Promise<void> {
  const seen = await deliveries.look();
  for (const { source } of seen.come)
    meters.add("chargehand_deliveries_received_total", 1, { source: sourceLabel(source) });
  for (const { source, status } of seen.over)
    meters.add("chargehand_deliveries_handled_total", 1, { source: sourceLabel(source), status });
  const { come, over } = await runs.look();
  for (const { project, waitedMs } of come)
    meters.observe("chargehand_claim_wait_seconds", waitedMs / 1_000, {
      project: projectLabel(options, project),
    });
  for (const run of over) countRun(meters, projectLabel(options, run.project), run);
  for (const usage of await options.store.metrics.usage(over.map(({ id }) => id)))
    countUsage(meters, modelLabel(options, usage.model), usage);
}

function countRun(meters: Meters, project: string, { status, failure, ranMs }: MeasuredRun): void {
  meters.add("chargehand_runs_finished_total", 1, { project, status, failure: failure ?? "none" });
  if (ranMs !== null) meters.observe("chargehand_run_seconds", ranMs / 1_000, { project });
}

function countUsage(meters: Meters, model: string, usage: Usage): void {
  const kinds = {
    input: usage.inputTokens,
    output: usage.outputTokens,
    cache_read: usage.cacheReadTokens,
    cache_creation: usage.cacheCreationTokens,
    reasoning: usage.reasoningTokens,
  };
  // A counter refuses what would make it fall, and a row may hold anything.
  for (const [kind, tokens] of Object.entries(kinds))
    meters.add("chargehand_tokens_total", Math.max(0, tokens), { model, kind });
  if (usage.costNanos === null) meters.add("chargehand_unpriced_runs_total", 1, { model });
  else
    meters.add("chargehand_cost_dollars_total", Math.max(0, usage.costNanos / NANOS_PER_DOLLAR), { model });
}
