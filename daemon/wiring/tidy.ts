/** The loop that puts away worktrees and images of finished tasks. It waits for the runs of a task, however long. */

import type { Loop } from "../loops.ts";
import type { RunnerPorts } from "../run/ports.ts";
import { tidyLoop } from "../run/tidy.ts";
import type { Ground } from "./ground.ts";

export function wireTidy({ config, end }: Ground, ports: RunnerPorts): Loop {
  const folders = {
    worktreesDirectory: `${config.dataDir}/worktrees`,
    imagesDirectory: `${config.dataDir}/images`,
  };
  return {
    name: "tidy",
    mayStandStill: true,
    run: ({ clock }) => tidyLoop({ ...ports, clock, ...folders }, end.signal),
  };
}
