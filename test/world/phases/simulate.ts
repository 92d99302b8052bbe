/** The whole daemon with a workflow of several phases, people who look at them, and agents that leave things behind. */

import type { Project } from "../../../workflow/project.ts";
import { PIPELINE } from "../../workflow/decide/phases.ts";
import { PROJECT } from "../daemon.ts";
import type { Plant } from "../plants.ts";
import type { SimProcess } from "../processes.ts";
import { type Extra, type History, simulateWith } from "../simulate.ts";
import type { World } from "../world.ts";
import { PhaseChecks } from "./oracle.ts";
import { Reviewers } from "./people.ts";

const SPAN_MS = 20 * 60_000;

/** Its phases take more than a task of one does. */
const SHOP: Project = {
  ...PROJECT,
  workflow: PIPELINE,
  budget: [
    { scope: "run", unit: "tokens", amount: 250 },
    { scope: "task", unit: "tokens", amount: 5_000 },
    { scope: "task", unit: "runs", amount: 60 },
    { scope: "day", unit: "tokens", amount: 20_000 },
  ],
};

/** @throws Broken when an invariant does not hold; the message names seed and step. */
export function simulatePhases(seed: number, plant: Plant = {}): Promise<History> {
  return simulateWith(seed, plant, (world, engine): Extra => {
    let checks: PhaseChecks | null = null;
    return {
      project: SHOP,
      begin(machine, daemon): void {
        const people = new Reviewers(world, engine, daemon, plant.blindApproval === true);
        checks = new PhaseChecks(engine, machine, people);
        machine.kernel.artifactOf = (process) => artifactOf(world, process);
        people.begin(SPAN_MS);
      },
      check: async () => checks?.check(),
      checkRest: async () => checks?.checkRest(),
    };
  });
}

/** Mostly what is wanted; now and then nothing, or no JSON. No two are the same. */
function artifactOf({ prng }: World, { phase, run }: SimProcess): string | null {
  if (prng.chance(1, 12)) return null;
  if (prng.chance(1, 12)) return `{ not JSON by ${run}`;
  const verdict = phase === "analysis" ? "fine" : VERDICTS[prng.below(VERDICTS.length)];
  return JSON.stringify({ verdict, run });
}

const VERDICTS = [
  ...["approved", "approved", "approved", "approved", "changes_requested", "changes_requested"],
  ...["changes_requested", "trivial", "hopeless", "something"],
];
