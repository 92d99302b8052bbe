/** Checks of a simulated world: slow, mostly good, and with a memory of what each has found. */

import { CHECK_OUTPUT, type CheckRun, type Checks } from "../../../daemon/run/ports.ts";
import { markOf } from "../../../workflow/run.ts";
import type { Machine } from "../daemon.ts";
import { Broken } from "../oracle.ts";
import type { Prng, World } from "../world.ts";

export interface Found {
  readonly run: string;
  /** The daemon that asked for it. */
  readonly owner: number;
  readonly command: string;
  readonly isGood: boolean;
  /** What it has written. */
  readonly said: string;
}

/** A check is looked after about twice a second. */
const LOOK_MS = 2_000;

export class SimChecks {
  /** In the order in which they ended. */
  readonly found: Found[] = [];
  readonly #world: World;
  readonly #machine: Machine;

  constructor(world: World, machine: Machine) {
    this.#world = world;
    this.#machine = machine;
  }

  /** Those of one daemon. */
  of(owner: number): Checks {
    const atWork = new Set<string>();
    const { prng } = this.#world;
    return {
      run: async (_operation, { command, mark, directory }, isUnwanted): Promise<CheckRun> => {
        atWork.add(mark);
        try {
          for (let left = prng.below(8); left > 0; left--) {
            await this.#world.delay(prng.below(LOOK_MS), owner);
            if (await isUnwanted()) return { kind: "dropped" };
          }
          this.#insistOnRest(mark);
          const end = this.#machine.kernel.isUnlucky() ? draw(prng) : GOOD;
          if (end.kind === "unable") return end;
          const isGood = end.kind === "exit" && end.code === 0;
          const said = `${isGood ? "green" : "red"}-${this.found.length}`;
          this.#machine.disk.put(`${directory}/${CHECK_OUTPUT}`, `${said}\n`);
          this.found.push({ run: this.#runOf(mark), owner, command, isGood, said });
          return end;
        } finally {
          atWork.delete(mark);
        }
      },
      isAtWork: (mark) => atWork.has(mark),
    };
  }

  #runOf(mark: string): string {
    return this.#machine.kernel.processes.find(({ run }) => markOf(run) === mark)?.run ?? "";
  }

  /** What is checked is what the agent has left, and not what it still writes. */
  #insistOnRest(mark: string): void {
    const agent = this.#machine.kernel.alive().find(({ run }) => markOf(run) === mark);
    if (agent !== undefined)
      this.#machine.broke(
        new Broken(`X1: run ${agent.run} of ${agent.task} is checked while its agent works`),
      );
  }
}

const GOOD: CheckRun = { kind: "exit", code: 0 };

function draw(prng: Prng): CheckRun {
  switch (prng.below(24)) {
    case 0:
    case 1:
      return { kind: "exit", code: 1 };
    case 2:
      return { kind: "signal", signal: "SIGSEGV" };
    case 3:
      return { kind: "timeout", afterMs: 60_000 };
    case 4:
      return { kind: "unable", reason: "what stands around it could not be made" };
    default:
      return GOOD;
  }
}
