/** Of what the runner needs, the part that is about walls: for tests in which there are none. */

import { backendNames } from "../../../agents/registry.ts";
import { NO_WALLS } from "../../../agents/sandbox/walls.ts";
import type { RunnerPorts } from "../../../daemon/run/ports.ts";
import { systemTree } from "../../../system/files/tree.ts";

const machine = systemTree();

const PROGRAMS = new RegExp(`/bin/(${backendNames.join("|")})$`);

/** With the programs of all backends, which nobody has to install for the tests. */
const tree: typeof machine = {
  ...machine,
  look: (path) => (PROGRAMS.test(path) ? { real: path, kind: "file", changedMs: 0 } : machine.look(path)),
};

type Parts = Pick<RunnerPorts, "walls" | "tree" | "homes" | "homesDirectory" | "dataDir" | "measure">;

export const WITHOUT_WALLS: Parts = {
  walls: NO_WALLS,
  tree,
  homes: { seed: async () => false },
  homesDirectory: "/nowhere/homes",
  dataDir: "/nowhere",
  measure: async () => 0,
};
