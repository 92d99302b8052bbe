/** Of what the runner needs, the part that is about walls: for tests in which there are none. */

import { NO_WALLS } from "../../../agents/sandbox/walls.ts";
import type { RunnerPorts } from "../../../daemon/run/ports.ts";
import { systemTree } from "../../../system/files/tree.ts";

type Parts = Pick<RunnerPorts, "walls" | "tree" | "homes" | "homesDirectory" | "dataDir" | "measure">;

export const WITHOUT_WALLS: Parts = {
  walls: NO_WALLS,
  tree: systemTree(),
  homes: { seed: async () => false },
  homesDirectory: "/nowhere/homes",
  dataDir: "/nowhere",
  measure: async () => 0,
};
