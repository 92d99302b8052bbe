/** The loop that ends the pauses of tasks whose time has come. */

import { pauseLoop } from "../../scheduler/pauses.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export function wirePauses({ store, log, bells, end }: Ground): Loop {
  return {
    name: "pauses",
    run: ({ clock, bell }) => pauseLoop({ store, clock, log, wake: bell(bells.pauses) }, end.signal),
  };
}
