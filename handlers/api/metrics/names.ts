/**
 * What is measured, by name (docs/metrics.md tells the same to people, and a test holds both together).
 *
 * L1. Labels are words of this program or names of the configuration; everything else is `other`. So nobody outside can
 *     make up values, and there are as many series as somebody has written down.
 */

export interface Described {
  readonly help: string;
  readonly labels?: readonly string[];
  /** Of a histogram: upper bounds. */
  readonly buckets?: readonly number[];
}

/** How it is now. */
export const GAUGES = {
  chargehand_info: { help: "the version of the daemon, always 1", labels: ["version"] },
  chargehand_deliveries: { help: "deliveries that are stored, by status", labels: ["status"] },
  chargehand_inbox_deliveries: { help: "deliveries that are not handled yet, by source", labels: ["source"] },
  chargehand_inbox_age_seconds: { help: "how long the oldest of them has waited; 0 when there is none" },
  chargehand_tasks: { help: "tasks by status", labels: ["status"] },
  chargehand_jobs: { help: "jobs by status", labels: ["status"] },
  chargehand_project_jobs: {
    help: "jobs that are not over, by project; of each status the oldest 10,000 are counted",
    labels: ["project", "status"],
  },
  chargehand_runs: { help: "runs by status", labels: ["status"] },
  chargehand_runs_live: { help: "runs that are not over, by project", labels: ["project"] },
  chargehand_holds: { help: "held jobs by kind of hold", labels: ["kind"] },
  chargehand_wide_holds: {
    help: "holds on projects, accounts, agents, repositories or everything",
    labels: ["scope", "kind"],
  },
  chargehand_account_open: { help: "1 when jobs may use the account now, else 0", labels: ["account"] },
  chargehand_outbox_calls: { help: "calls to the outside that are pending, or dead", labels: ["status"] },
  chargehand_outbox_age_seconds: { help: "how long the oldest pending call is owed; 0 when there is none" },
  chargehand_outbox_resting_hosts: { help: "hosts that nothing is sent to for a while" },
  chargehand_cards: { help: "cards that are kept up to date, by chat", labels: ["chat"] },
  chargehand_kept_works: { help: "works that could not be published and are kept" },
  chargehand_spend_today_dollars: { help: "what runs have cost since midnight UTC" },
  chargehand_database_bytes: { help: "size of the database" },
  process_resident_memory_bytes: { help: "memory of the daemon itself" },
  process_start_time_seconds: { help: "when the daemon was started" },
  process_open_fds: { help: "files and sockets that the daemon has open" },
  process_max_fds: { help: "how many it may have open" },
} as const satisfies Readonly<Record<string, Described>>;

/** What has happened since the daemon was measured for the first time. */
export const COUNTERS = {
  chargehand_deliveries_received_total: { help: "deliveries that came in, by source", labels: ["source"] },
  chargehand_deliveries_handled_total: {
    help: "deliveries that were handled, by source and end",
    labels: ["source", "status"],
  },
  chargehand_runs_finished_total: {
    help: "runs that ended, by project, end and failure class (`none` of those that succeeded)",
    labels: ["project", "status", "failure"],
  },
  chargehand_tokens_total: {
    help: "tokens of runs that ended, by model and kind; input is without what came from the cache",
    labels: ["model", "kind"],
  },
  chargehand_cost_dollars_total: { help: "what runs that ended have cost, by model", labels: ["model"] },
  chargehand_unpriced_runs_total: {
    help: "runs that ended and used a model without a price",
    labels: ["model"],
  },
  process_cpu_seconds_total: { help: "processor time of the daemon itself, since its start" },
} as const satisfies Readonly<Record<string, Described>>;

export const HISTOGRAMS = {
  chargehand_claim_wait_seconds: {
    help: "from when a job was made, or its last run ended, to its claim, whatever it waited for",
    labels: ["project"],
    buckets: [0.05, 0.25, 1, 5, 15, 60, 300, 1_800, 7_200, 28_800, 86_400],
  },
  chargehand_run_seconds: {
    help: "how long agents worked, by project, of runs that ended",
    labels: ["project"],
    buckets: [10, 30, 60, 120, 300, 600, 1_200, 2_400, 3_600, 7_200, 14_400],
  },
} as const satisfies Readonly<Record<string, Described>>;

export type GaugeName = keyof typeof GAUGES;
export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;
