/** Merging: the loop, with what the runner publishes by. */

import type { Loop } from "../loops.ts";
import { mergeLoop } from "../merging/loop.ts";
import { mergeOne } from "../merging/merge.ts";
import type { PullPorts } from "../merging/pull.ts";
import type { RunnerPorts } from "../run/ports.ts";
import type { Ground } from "./ground.ts";

export function wireMerging({ bells, end }: Ground, ports: RunnerPorts, forgeOf: PullPorts["forgeOf"]): Loop {
  const { store, log, projects } = ports;
  return {
    name: "merging",
    // It waits for git.
    mayStandStill: true,
    run: ({ clock, bell }) =>
      mergeLoop(
        {
          ...{ store, clock, log, projects, wake: bell(bells.merges) },
          mergeOne: (merge, task) => mergeOne({ ...ports, clock, forgeOf }, merge, task),
        },
        end.signal,
      ),
  };
}
