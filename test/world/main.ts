/**
 * `npm run sim -- --seeds N [--seed S]`: lives N worlds, or one, and tells which broke. A failing seed is repeated by
 * its number; with `--seed` its history is printed.
 */

import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "300" }, seed: { type: "string" } },
});
const began = performance.now();

if (values.seed !== undefined) {
  const history = await simulate(Number(values.seed));
  process.stdout.write(`${history.lines.join("\n")}\n`);
  process.stdout.write(
    `history ${createHash("sha256").update(history.lines.join("\n")).digest("hex").slice(0, 16)}\n`,
  );
} else {
  const failures: string[] = [];
  let [steps, hours, crashes] = [0, 0, 0];
  const seeds = Number(values.seeds);
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      const history = await simulate(seed);
      steps += history.steps;
      crashes += history.crashes;
      hours += history.simulatedMs / 3_600_000;
    } catch (error) {
      failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
  const seconds = (performance.now() - began) / 1_000;
  process.stdout.write(`${failures.join("\n")}\n`);
  process.stdout.write(
    `${seeds} seeds, ${failures.length} failed, ${steps} steps, ${crashes} crashes, ${hours.toFixed(0)} simulated hours in ${seconds.toFixed(1)} s\n`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}
