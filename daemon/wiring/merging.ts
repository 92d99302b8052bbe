/** Merging: the loop, with what the runner publishes by. */

import type { Loop } from "../loops.ts";
import { mergeLoop } from "../merging/loop.ts";
import type { RunnerPorts } from "../run/ports.ts";
import type { Ground } from "./ground.ts";

export function wireMerging({ bells, end }: Ground, ports: RunnerPorts): Loop {
  const { store, log, workspaces, projects } = ports;
  return {
    name: "merging",
    // It waits for git.
    mayStandStill: true,
    run: ({ clock, bell }) =>
      mergeLoop({ store, clock, log, workspaces, projects, wake: bell(bells.merges) }, end.signal),
  };
}
