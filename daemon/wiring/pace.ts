/** The loop that has accounts keep their pace, and what the API asks of it. */

import { createPaces, type Paces } from "../../scheduler/pace.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export interface WiredPace {
  readonly paces: Paces;
  readonly loop: Loop;
}

export function wirePace({ store, clock, log, bells, inForce, end }: Ground): WiredPace {
  const paces = createPaces({ store, clock, log, settings: () => inForce.config.paces });
  return { paces, loop: { name: "pace", run: ({ bell }) => paces.watch(bell(bells.pace), end.signal) } };
}
