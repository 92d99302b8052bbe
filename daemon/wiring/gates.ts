/** The loops of what waits: for an answer, which ends in time; and for other tasks, which is the net below them. */

import { gateLoop } from "../../scheduler/gates.ts";
import { waitingLoop } from "../../scheduler/waiting.ts";
import { createWake } from "../../system/wake.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export function wireGates({ store, log, bells, inForce, clock: own, end }: Ground): readonly Loop[] {
  const wake = createWake(own);
  return [
    {
      name: "gates",
      run: ({ clock, bell }) => gateLoop({ store, clock, log, wake: bell(bells.gates) }, end.signal),
    },
    {
      name: "waiting",
      run: ({ clock, bell }) =>
        waitingLoop({ store, clock, log, projects: () => inForce.projects, wake: bell(wake) }, end.signal),
    },
  ];
}
