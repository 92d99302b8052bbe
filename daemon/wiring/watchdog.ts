/** What the service manager hears of the loops and of their work. Nobody watches the one who tells it. */

import type { Loop } from "../loops.ts";
import { watchdogLoop } from "../watchdog.ts";
import type { Ground } from "./ground.ts";

export function wireWatchdog({ store, serviceManager, pulses, log, end }: Ground): Loop {
  return {
    name: "watchdog",
    mayStandStill: true,
    run: ({ clock }) => {
      const totals = (): ReturnType<typeof store.totals> => store.totals(clock.now());
      return watchdogLoop({ serviceManager, pulses, totals, clock, log }, end.signal);
    },
  };
}
