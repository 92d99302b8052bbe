/**
 * `npm run sim -- --seeds N [--from F] [--seed S] [--workers W] [--world NAME]`: lives N worlds of each kind, on as
 * many cores as there are, and tells which broke. A failing seed is repeated by its number; with `--seed` its history
 * is printed.
 *
 * `--plants daemon|phases` plants each bug in turn, and says which seed is the first to see it.
 *
 * `--decide N [--from F]` instead puts N random walks through random workflows to the real `decide`, in memory.
 */

import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { comesToAnEnd, neverStuck } from "../workflow/decide/properties.ts";
import { simulateChat } from "./chat/simulate.ts";
import { simulateOutside } from "./outside/simulate.ts";
import { simulatePaces } from "./pace/simulate.ts";
import { simulatePhases } from "./phases/simulate.ts";
import { PHASE_PLANTS, PLANTS, seedThatSees } from "./plants.ts";
import { simulate } from "./simulate.ts";
import { simulateSlots } from "./slots.ts";
import { simulateWindows } from "./windows/simulate.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "300" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    workers: { type: "string", default: String(availableParallelism()) },
    /** Set for a worker: it lives every so-many-th seed and tells its parent. */
    every: { type: "string" },
    /** Only of this kind. */
    world: { type: "string" },
    decide: { type: "string" },
    plants: { type: "string" },
  },
});

interface History {
  readonly steps: number;
  readonly simulatedMs: number;
  readonly lines: readonly string[];
  readonly crashes: number;
}

/** The whole daemon; and parts of it that live longer, on clocks that jump. */
const WORLDS: Readonly<Record<string, (seed: number) => Promise<History>>> = {
  daemon: simulate,
  phases: simulatePhases,
  slots: simulateSlots,
  windows: simulateWindows,
  pace: simulatePaces,
  chat: simulateChat,
  outside: simulateOutside,
};
const worlds = Object.entries(WORLDS).filter(([name]) => (values.world ?? name) === name);
if (worlds.length === 0) throw new Error(`--world must be one of ${Object.keys(WORLDS).join(", ")}`);

interface Lived {
  readonly failures: readonly string[];
  readonly steps: number;
  readonly crashes: number;
  readonly hours: number;
}

const first = Number(values.from);
const last = first + Number(values.seeds) - 1;

if (values.decide !== undefined) {
  if (values.every === undefined) await walkAll(Number(values.decide), Math.max(1, Number(values.workers)));
  else process.send?.(walks(Number(values.decide)));
} else if (values.plants !== undefined) {
  await findPlants(values.plants);
} else if (values.seed !== undefined) {
  for (const [name, live] of worlds) {
    const lines = (await live(Number(values.seed))).lines.join("\n");
    const mark = createHash("sha256").update(lines).digest("hex").slice(0, 16);
    process.stdout.write(`${lines}\nhistory of ${name} ${mark}\n`);
  }
} else if (values.every !== undefined) {
  process.send?.(await liveSeeds(Number(values.every)));
} else {
  await liveAll(Math.max(1, Number(values.workers)));
}

async function liveAll(workers: number): Promise<void> {
  const began = performance.now();
  const lived = await Promise.all(
    Array.from({ length: workers }, (_, index) => work(first + index, workers)),
  );
  const sum = (of: (part: Lived) => number): number => lived.reduce((total, part) => total + of(part), 0);
  const failures = lived.flatMap((part) => part.failures);
  const seconds = (performance.now() - began) / 1_000;
  process.stdout.write(`${failures.join("\n")}\n`);
  process.stdout.write(
    `${values.seeds} seeds, ${failures.length} failed, ${sum(({ steps }) => steps)} steps, ` +
      `${sum(({ crashes }) => crashes)} crashes, ${sum(({ hours }) => hours).toFixed(0)} simulated hours ` +
      `in ${seconds.toFixed(1)} s\n`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

async function findPlants(world: string): Promise<void> {
  const isOfPhases = world === "phases";
  if (!isOfPhases && world !== "daemon") throw new Error("--plants must be one of daemon, phases");
  for (const [name, plant] of Object.entries(isOfPhases ? PHASE_PLANTS : PLANTS)) {
    const seed = await seedThatSees(isOfPhases ? simulatePhases : simulate, plant);
    process.stdout.write(`${name}: ${seed === null ? "not seen" : `seen by seed ${seed}`}\n`);
    if (seed === null) process.exitCode = 1;
  }
}

/** Each worker walks its share from a seed of its own, so that the same order finds the same. */
async function walkAll(cases: number, workers: number): Promise<void> {
  const began = performance.now();
  const share = String(Math.ceil(cases / workers));
  const lived = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      worker(["--from", String(first + index), "--decide", share, "--every", "1"]),
    ),
  );
  const failures = lived.flatMap((part) => part.failures);
  const seconds = (performance.now() - began) / 1_000;
  process.stdout.write(`${failures.join("\n")}\n`);
  process.stdout.write(`${cases} walks, ${failures.length} promises broken in ${seconds.toFixed(1)} s\n`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function walks(cases: number): Lived {
  const failures: string[] = [];
  for (const holds of [neverStuck, comesToAnEnd]) {
    try {
      holds(cases, first);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { failures, steps: 0, crashes: 0, hours: 0 };
}

/** A process of its own that begins with seed `from`. */
function work(from: number, workers: number): Promise<Lived> {
  const count = last - from + 1;
  if (count <= 0) return Promise.resolve({ failures: [], steps: 0, crashes: 0, hours: 0 });
  const args = ["--from", String(from), "--seeds", String(count), "--every", String(workers)];
  if (values.world !== undefined) args.push("--world", values.world);
  return worker(args);
}

function worker(args: readonly string[]): Promise<Lived> {
  const child = fork(import.meta.filename, args);
  return new Promise((resolve, reject) => {
    child.once("message", (lived) => resolve(lived as Lived));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`a worker ended with ${code} before it was done`)));
  });
}

async function liveSeeds(every: number): Promise<Lived> {
  const failures: string[] = [];
  let [steps, crashes, hours] = [0, 0, 0];
  for (let seed = first; seed <= last; seed += every) {
    for (const [name, live] of worlds) {
      try {
        const history = await live(seed);
        steps += history.steps;
        crashes += history.crashes;
        hours += history.simulatedMs / 3_600_000;
      } catch (error) {
        failures.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  }
  return { failures, steps, crashes, hours };
}
