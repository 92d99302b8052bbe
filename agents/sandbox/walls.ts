/** The walls around agents as the rest of the house asks for them: words in front of a command line, or none. */

import { dirname } from "node:path";
import type { Clock } from "../../system/clock.ts";
import type { Tree } from "../../system/files/tree.ts";
import { remembered } from "./remembered.ts";
import { type Network, type Shown, sandboxCommand } from "./sandbox.ts";
import { shownPrograms } from "./shown.ts";

/** What somebody wants to have inside. Paths are absolute; one to be read only that is not there is left out. */
export interface Wanted {
  readonly cwd: string;
  readonly writable: readonly string[];
  readonly readable: readonly string[];
  readonly network: Network;
  /** `PATH` of what runs inside. */
  readonly path: string;
  /** Programs and files by absolute path, each shown with what belongs to it. */
  readonly programs: readonly string[];
  /** Whether all that is left inside ends with what was run there. */
  readonly endsTogether?: boolean;
}

export interface Walls {
  readonly level: "sandbox" | "none";
  /** Words that run what follows them inside the walls, and end as it does; none where there are no walls. */
  inside(wanted: Wanted): readonly string[];
}

export const NO_WALLS: Walls = { level: "none", inside: () => [] };

/**
 * @param shown what every agent sees of the system
 * @param hidden what no agent sees but by its being named: the data directory, the configuration, the user's home
 * @param clock says how old is what is remembered of `PATH`
 */
export function sandboxWalls(
  tree: Tree,
  shown: Shown,
  hidden: readonly string[],
  clock: Pick<Clock, "monotonic">,
): Walls {
  const onPath = remembered(tree, clock, (path) => shownPrograms({ tree, path, programs: [], hidden }));
  return {
    level: "sandbox",
    inside({ cwd, writable, readable, network, path, programs, endsTogether }): readonly string[] {
      const place = {
        cwd: realOf(tree, cwd),
        writable: writable.flatMap((folder) => named(tree, folder)),
        readable: readable.flatMap((folder) => (tree.look(folder) === null ? [] : named(tree, folder))),
        network,
        ...(endsTogether === true && { endsTogether }),
      };
      const shownToo = [...onPath(path), ...shownPrograms({ tree, path: "", programs, hidden })];
      return sandboxCommand(place, { ...shown, readable: [...shown.readable, ...shownToo] });
    },
  };
}

/** What the daemon keeps for itself. A configuration is hidden with the folder that holds it. */
export function hiddenOf(dataDir: string, configFile: string, home: string | undefined): readonly string[] {
  return [dataDir, dirname(configFile), ...(home === undefined ? [] : [home])];
}

/** By the name that everybody uses and, where that leads through links, as the kernel calls it. */
function named(tree: Tree, path: string): readonly string[] {
  return [...new Set([path, realOf(tree, path)])];
}

function realOf(tree: Tree, path: string): string {
  return tree.look(path)?.real ?? path;
}
