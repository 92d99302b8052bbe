/**
 * `npm run bench [-- NAME…] [--quick] [--json FILE]`: figures for a person, as ratios against something measured in the
 * same run on the same machine. Absolute times belong to this machine and this hour.
 *
 * `--quick` shows in under a minute that each of them still measures. One that cannot measure says so and makes the
 * exit code 1; the others still run.
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type Benchmark, type Figure, tableOf } from "./figures.ts";

/** Each brings in what it needs itself, so that one does not measure with the memory of all. */
const BENCHMARKS: ReadonlyMap<string, Benchmark> = new Map([
  ["claim", async (isQuick) => (await import("./claim.ts")).claimBench(isQuick)],
  ["cli", async (isQuick) => (await import("./cli.ts")).cliBench(isQuick)],
  ["idle", async (isQuick) => (await import("./idle.ts")).idleBench(isQuick)],
  ["ingest", async (isQuick) => (await import("./ingest.ts")).ingestBench(isQuick)],
  ["latency", async (isQuick) => (await import("./latency.ts")).latencyBench(isQuick)],
  ["notify", async (isQuick) => (await import("./notify.ts")).notifyBench(isQuick)],
  ["reconcile", async (isQuick) => (await import("./reconcile.ts")).reconcileBench(isQuick)],
  ["stalled", async (isQuick) => (await import("./stalled.ts")).stalledBench(isQuick)],
  ["supervise", async (isQuick) => (await import("./supervise.ts")).superviseBench(isQuick)],
  ["windows", async (isQuick) => (await import("./windows.ts")).windowsBench(isQuick)],
  ["workflow", async (isQuick) => (await import("./workflow.ts")).workflowBench(isQuick)],
]);

type Outcome = { readonly figures: readonly Figure[] } | { readonly failed: string };

interface Order {
  readonly chosen: readonly (readonly [name: string, benchmark: Benchmark])[];
  readonly isQuick: boolean;
  readonly json: string | null;
}

/** @throws in words, when it cannot be understood */
function orderOf(args: readonly string[]): Order {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { quick: { type: "boolean", default: false }, json: { type: "string" } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !BENCHMARKS.has(name));
  if (unknown !== undefined)
    throw new Error(`there is no benchmark '${unknown}'; choose from ${[...BENCHMARKS.keys()].join(", ")}`);
  // Whether the file can be written is found out before minutes of measuring, not after them.
  if (values.json !== undefined) writeFileSync(values.json, "");
  const chosen = [...BENCHMARKS].filter(([name]) => positionals.length === 0 || positionals.includes(name));
  return { chosen, isQuick: values.quick, json: values.json ?? null };
}

async function attempt(benchmark: Benchmark, isQuick: boolean): Promise<Outcome> {
  try {
    return { figures: await benchmark(isQuick) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

/** The commit that was measured, with a `+` when files differ from it; `null` outside a checkout. */
function commitHere(): string | null {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8", stdio: "pipe" }).trim();
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no") !== "";
    return `${git("rev-parse", "HEAD")}${changed ? "+" : ""}`;
  } catch {
    return null;
  }
}

async function run({ chosen, isQuick, json }: Order): Promise<number> {
  const outcomes: (readonly [string, Outcome])[] = [];
  const about = {
    date: new Date().toISOString(),
    commit: commitHere(),
    node: process.version,
    cpus: availableParallelism(),
    quick: isQuick,
  };
  for (const [name, benchmark] of chosen) {
    process.stdout.write(`\n== ${name}\n`);
    const outcome = await attempt(benchmark, isQuick);
    outcomes.push([name, outcome]);
    if ("figures" in outcome) process.stdout.write(tableOf(outcome.figures));
    else process.stderr.write(`${name} cannot measure: ${outcome.failed}\n`);
  }
  const document = { ...about, benchmarks: Object.fromEntries(outcomes) };
  if (json !== null) writeFileSync(json, `${JSON.stringify(document, rounded, 2)}\n`);
  return outcomes.some(([, outcome]) => "failed" in outcome) ? 1 : 0;
}

/** For `JSON.stringify`: a thousandth of anything is noise. */
function rounded(_name: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1_000) / 1_000 : value;
}

let order: Order | null = null;
try {
  order = orderOf(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
process.exitCode = order === null ? 2 : await run(order);
