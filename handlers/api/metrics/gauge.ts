/** How it is now, as gauges. */

import { ownUse } from "../../../system/process/own.ts";
import type { ApiOptions } from "../base.ts";
import { projectLabel, sourceLabel } from "./labels.ts";
import type { GaugeName } from "./names.ts";
import type { Meters } from "./registry.ts";

const NANOS_PER_DOLLAR = 1e9;

/** @throws StoreFault, and then what was shown before stays */
export async function gauge(options: ApiOptions, meters: Meters): Promise<void> {
  const { store, clock, version, resting } = options;
  const now = clock.now();
  const [totals, gauges, calls, wide, accounts, kept] = await Promise.all([
    store.totals(now),
    store.metrics.gauges(),
    store.outbox.counts(),
    store.holds.wide(),
    store.accounts.list(),
    store.kept.count(),
  ]);
  const { clear, set } = meters;
  const each = (name: GaugeName, label: string, counts: Readonly<Record<string, number>>): void => {
    for (const [value, count] of Object.entries(counts)) set(name, count, { [label]: value });
  };
  const age = (since: number | null): number => (since === null ? 0 : Math.max(0, now - since) / 1_000);
  clear();
  set("chargehand_info", 1, { version });
  each("chargehand_deliveries", "status", totals.deliveries);
  each("chargehand_tasks", "status", totals.tasks);
  each("chargehand_jobs", "status", totals.jobs);
  each("chargehand_runs", "status", totals.runs);
  each("chargehand_holds", "kind", totals.holds);
  each("chargehand_outbox_calls", "status", { ...calls });
  set("chargehand_inbox_age_seconds", age(gauges.inboxSince));
  set("chargehand_outbox_age_seconds", age(gauges.outboxSince));
  set("chargehand_outbox_resting_hosts", resting().length);
  set("chargehand_kept_works", kept);
  set("chargehand_spend_today_dollars", totals.spentTodayNanos / NANOS_PER_DOLLAR);
  set("chargehand_database_bytes", gauges.databaseBytes);
  for (const { name, count } of gauges.inbox)
    set("chargehand_inbox_deliveries", count, { source: sourceLabel(name) });
  for (const { name, status, count } of gauges.jobs)
    set("chargehand_project_jobs", count, { project: projectLabel(options, name), status });
  for (const { name, count } of gauges.runs)
    set("chargehand_runs_live", count, { project: projectLabel(options, name) });
  for (const { name, count } of gauges.cards) set("chargehand_cards", count, { chat: name });
  for (const { scope, kind } of wide) set("chargehand_wide_holds", 1, { scope, kind });
  for (const { name } of accounts) {
    const isHeld = wide.some(({ scope, subject }) => scope === "account" && subject === name);
    set("chargehand_account_open", isHeld ? 0 : 1, { account: name });
  }
  setProcess(options, meters);
}

/** By the names that every program of this kind has. */
function setProcess({ startedAt }: ApiOptions, { set, total }: Meters): void {
  const { cpuSeconds, residentBytes, openFiles, openFilesMax } = ownUse();
  total("process_cpu_seconds_total", cpuSeconds);
  set("process_resident_memory_bytes", residentBytes);
  set("process_start_time_seconds", startedAt / 1_000);
  if (openFiles !== null) set("process_open_fds", openFiles);
  if (Number.isFinite(openFilesMax)) set("process_max_fds", openFilesMax);
}
