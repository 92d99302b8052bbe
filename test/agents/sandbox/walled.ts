/** What the tests of the sandbox share: whether this machine has one, and real agents in it. */

import { spawnSync } from "node:child_process";
import { shownSystem } from "../../../agents/sandbox/shown.ts";
import { sandboxWalls, type Walls, type Wanted } from "../../../agents/sandbox/walls.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemTree } from "../../../system/files/tree.ts";

const tree = systemTree();

/** Why the tests of real sandboxes are left out on this machine; `false` where they are not. */
export const NO_SANDBOX: string | false = reasonWithout();

/** The walls as a daemon makes them that hides `hidden`. */
export function walls(hidden: readonly string[] = []): Walls {
  return sandboxWalls(tree, shownSystem(tree), hidden, systemClock());
}

/** Nothing but a worktree. */
export function confinedTo(worktree: string, more: Partial<Wanted> = {}): Wanted {
  const nothing = { readable: [], network: "open", path: "/usr/bin:/bin", programs: [] } as const;
  return { cwd: worktree, writable: [worktree], ...nothing, ...more };
}

function reasonWithout(): string | false {
  const place = { ...confinedTo("/"), writable: [] };
  const [program = "", ...args] = [...walls().inside(place), "true"];
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? false : `bubblewrap cannot make a sandbox here: ${stderr.trim()}`;
}
