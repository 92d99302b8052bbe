/** The loop that puts away the worktrees of finished tasks. It waits for the runs of a task, however long they take. */

import type { Loop } from "../loops.ts";
import type { RunnerPorts } from "../run/ports.ts";
import { tidyLoop } from "../run/tidy.ts";
import type { Ground } from "./ground.ts";

export function wireTidy({ config, end }: Ground, ports: RunnerPorts): Loop {
  const worktreesDirectory = `${config.dataDir}/worktrees`;
  return {
    name: "tidy",
    mayStandStill: true,
    run: ({ clock }) => tidyLoop({ ...ports, clock, worktreesDirectory }, end.signal),
  };
}
