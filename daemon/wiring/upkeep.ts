/** The loops that keep the data directory from growing for ever, and the one that looks for missing programs. */

import { systemTree } from "../../system/files/tree.ts";
import { logLengthLoop } from "../log-length.ts";
import type { Loop } from "../loops.ts";
import { programsLoop } from "../programs.ts";
import { pruneLoop } from "../prune.ts";
import { type Ground, runsDirectory } from "./ground.ts";

export function wireUpkeep(ground: Ground): readonly Loop[] {
  const { store, engine, files, log, end, inForce, env } = ground;
  return [
    {
      name: "prune",
      run: ({ clock }) =>
        pruneLoop(
          {
            ...{ store, files, log, clock },
            runsDirectory: runsDirectory(ground.config),
            retention: () => inForce.config.retention,
          },
          end.signal,
        ),
    },
    {
      name: "programs",
      run: ({ clock }) =>
        programsLoop(
          {
            ...{ store, log, clock, tree: systemTree(), environment: env },
            ...{ profiles: inForce.profiles, accounts: inForce.accounts },
          },
          end.signal,
        ),
    },
    { name: "database log", run: ({ clock }) => logLengthLoop({ engine, files, log, clock }, end.signal) },
  ];
}
