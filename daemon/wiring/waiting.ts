/** The loop below tasks that wait for one another. */

import { waitingLoop } from "../../scheduler/waiting.ts";
import { createWake } from "../../system/wake.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export function wireWaiting({ store, clock, log, end }: Ground): Loop {
  const wake = createWake(clock);
  return {
    name: "waiting",
    run: ({ clock: own, bell }) => waitingLoop({ store, clock: own, log, wake: bell(wake) }, end.signal),
  };
}
