/**
 * Planted bugs: the simulator's test of itself. Each takes one promise out of the daemon or of its doors, and must be
 * found by the oracle within a few hundred seeds; a simulator that does not see them proves nothing by being green.
 */

import type { Store } from "../../store/store.ts";
import type { BrokenDoor } from "./processes.ts";

export interface Plant extends BrokenDoor {
  /** The gate opens although the row of the process was refused. */
  readonly noFence?: boolean;
  /** A limit that a live run reaches stops nobody; it is looked at when the run is over. */
  readonly budgetAtEnd?: boolean;
  /** No bell ever rings. It is no bug: everything must be found by looking, only later. */
  readonly deaf?: boolean;
}

export const PLANTS: Readonly<Record<string, Plant>> = {
  "no fence": { noFence: true },
  "no gate": { noGate: true },
  "no identity check": { noIdentity: true },
  "requeue before kill": { signalIsEnd: true },
  "budget checked only at the end": { budgetAtEnd: true },
};

/** The store with what is planted in it. */
export function planted(store: Store, plant: Plant): Store {
  const { runs } = store;
  return {
    ...store,
    runs: {
      ...runs,
      ...(plant.noFence && {
        started: async (...call: Parameters<Store["runs"]["started"]>): Promise<boolean> => {
          await runs.started(...call);
          return true;
        },
      }),
      ...(plant.budgetAtEnd && {
        askToStop: async (...call: Parameters<Store["runs"]["askToStop"]>): Promise<boolean> =>
          call[1] === "budget" ? true : runs.askToStop(...call),
      }),
    },
  };
}
