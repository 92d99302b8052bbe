/** The loop that ends what nobody has answered in time. */

import { gateLoop } from "../../scheduler/gates.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export function wireGates({ store, log, bells, end }: Ground): Loop {
  return {
    name: "gates",
    run: ({ clock, bell }) => gateLoop({ store, clock, log, wake: bell(bells.gates) }, end.signal),
  };
}
