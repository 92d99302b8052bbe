/** The scheduler: its loop, what it shows to people, and what a run is started with while a window is open. */

import { type Shown, showWindows } from "../../scheduler/shown.ts";
import { createWindows, type Windows } from "../../scheduler/windows.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export interface WiredScheduler {
  readonly windows: Windows;
  readonly shown: Shown;
  readonly loop: Loop;
}

export function wireScheduler({ store, clock, log, bells, inForce, end }: Ground): WiredScheduler {
  const configured = (): Ground["config"]["schedules"] => inForce.config.schedules;
  const ports = { store, clock, log, configured, projects: () => inForce.projects };
  const windows = createWindows(ports);
  return {
    windows,
    shown: showWindows(windows, ports),
    loop: { name: "windows", run: ({ bell }) => windows.watch(bell(bells.windows), end.signal) },
  };
}
