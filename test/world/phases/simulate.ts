/** The whole daemon with a workflow of several phases, people who look at them, and agents that leave things behind. */

import { SINGLE } from "../../../workflow/workflow.ts";
import type { Plant } from "../plants.ts";
import { type Extra, type History, simulateWith } from "../simulate.ts";
import { BetweenChecks } from "./between-oracle.ts";
import { SimChecks } from "./checks.ts";
import { HistoryChecks } from "./history-oracle.ts";
import { MergeChecks } from "./merge-oracle.ts";
import { SimBase } from "./merger.ts";
import { drawNeighbour, Neighbours } from "./neighbours.ts";
import { PhaseChecks } from "./oracle.ts";
import { Others } from "./others.ts";
import { Reviewers } from "./people.ts";
import { artifactOf, drawAsk, drawProject } from "./scene.ts";

const MINUTE = 60_000;
const SPAN_MS = 20 * MINUTE;

type Oracle = Pick<Extra, "check" | "checkRest">;

/** @throws Broken when an invariant does not hold; the message names seed and step. */
export function simulatePhases(seed: number, plant: Plant = {}): Promise<History> {
  return simulateWith(seed, plant, (world, engine): Extra => {
    const project = drawProject(world);
    const neighbour = drawNeighbour(world, project);
    let oracles: readonly Oracle[] = [];
    return {
      project,
      neighbours: [neighbour],
      issuesMax: 3,
      overlapMs: 2 * MINUTE,
      patience: 4,
      // Four tasks of a serial project, each of which may wait for CI for two hours in each of its cycles.
      restMs: 24 * 60 * MINUTE,
      begin(machine, daemon): void {
        const isBlind = plant.blindApproval === true;
        const people = new Reviewers(world, engine, daemon, [project, neighbour], isBlind);
        const others = new Others(world, engine, daemon);
        const neighbours = new Neighbours(world, engine, daemon, neighbour);
        const base = new SimBase(world, () => machine.kernel.isUnlucky(), machine.broke);
        const checks = new SimChecks(world, machine);
        oracles = [
          new PhaseChecks(engine, machine, people),
          new HistoryChecks(engine, machine, others),
          new BetweenChecks(engine, machine, neighbours, checks),
          new MergeChecks(engine, machine, people, others, base),
        ];
        machine.remote.merge = (...asked) => base.merge(...asked);
        machine.checks = (owner) => checks.of(owner);
        machine.kernel.artifactOf = (process) => artifactOf(project.workflow ?? SINGLE, world, process);
        machine.kernel.asksOf = () => drawAsk(world);
        people.begin(SPAN_MS);
        others.begin(SPAN_MS);
        neighbours.begin(SPAN_MS);
      },
      async check(): Promise<void> {
        for (const oracle of oracles) await oracle.check();
      },
      async checkRest(): Promise<void> {
        for (const oracle of oracles) await oracle.checkRest();
      },
    };
  });
}
