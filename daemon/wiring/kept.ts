/** Kept work: what people do with it over the API, and the loop that lets it go when its time is over. */

import { createTurns } from "../../system/turns.ts";
import { retentionLoop } from "../kept/retention.ts";
import { createWorks, type Works } from "../kept/works.ts";
import type { Loop } from "../loops.ts";
import type { RunnerPorts } from "../run/ports.ts";
import type { Ground } from "./ground.ts";

export interface WiredKept {
  readonly works: Works;
  readonly loop: Loop;
}

export function wireKept({ end }: Ground, ports: RunnerPorts): WiredKept {
  const { store, log } = ports;
  const works = createWorks(ports, createTurns());
  return {
    works,
    loop: {
      name: "kept",
      // It waits for git, and for what is under way with a task.
      mayStandStill: true,
      run: ({ clock }) => retentionLoop({ store, clock, log, works }, end.signal),
    },
  };
}
