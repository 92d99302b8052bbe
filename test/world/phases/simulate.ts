/** The whole daemon with a workflow of several phases, people who look at them, and agents that leave things behind. */

import { SINGLE } from "../../../workflow/workflow.ts";
import type { Plant } from "../plants.ts";
import { type Extra, type History, simulateWith } from "../simulate.ts";
import { HistoryChecks } from "./history-oracle.ts";
import { PhaseChecks } from "./oracle.ts";
import { Others } from "./others.ts";
import { Reviewers } from "./people.ts";
import { artifactOf, drawAsk, drawProject } from "./scene.ts";

const MINUTE = 60_000;
const SPAN_MS = 20 * MINUTE;

/** @throws Broken when an invariant does not hold; the message names seed and step. */
export function simulatePhases(seed: number, plant: Plant = {}): Promise<History> {
  return simulateWith(seed, plant, (world, engine): Extra => {
    const project = drawProject(world);
    let checks: readonly [PhaseChecks, HistoryChecks] | null = null;
    return {
      project,
      issuesMax: 4,
      overlapMs: 2 * MINUTE,
      patience: 4,
      begin(machine, daemon): void {
        const people = new Reviewers(world, engine, daemon, plant.blindApproval === true);
        const others = new Others(world, engine, daemon);
        checks = [new PhaseChecks(engine, machine, people), new HistoryChecks(engine, machine, others)];
        machine.kernel.artifactOf = (process) => artifactOf(project.workflow ?? SINGLE, world, process);
        machine.kernel.asksOf = () => drawAsk(world);
        people.begin(SPAN_MS);
        others.begin(SPAN_MS);
      },
      async check(): Promise<void> {
        for (const part of checks ?? []) await part.check();
      },
      async checkRest(): Promise<void> {
        for (const part of checks ?? []) await part.checkRest();
      },
    };
  });
}
