/** The scheduler: its loops, what it shows to people, and what a run is started with while a window is open. */

import { createPaces, type Paces } from "../../scheduler/pace.ts";
import { type Shown, showWindows } from "../../scheduler/shown.ts";
import { createWindows, type Windows } from "../../scheduler/windows.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export interface WiredScheduler {
  readonly windows: Windows;
  readonly paces: Paces;
  readonly shown: Shown;
  readonly loops: readonly Loop[];
}

export function wireScheduler({ store, clock, log, bells, inForce, end }: Ground): WiredScheduler {
  const configured = (): Ground["config"]["schedules"] => inForce.config.schedules;
  const ports = { store, clock, log, configured, projects: () => inForce.projects };
  const windows = createWindows(ports);
  const paces = createPaces({ store, clock, log, settings: () => inForce.config.paces });
  return {
    windows,
    paces,
    shown: showWindows(windows, ports),
    loops: [
      { name: "windows", run: ({ bell }) => windows.watch(bell(bells.windows), end.signal) },
      { name: "pace", run: ({ bell }) => paces.watch(bell(bells.pace), end.signal) },
    ],
  };
}
