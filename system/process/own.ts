/** What this process itself takes of the machine. */

import { readdirSync } from "node:fs";
import { openFilesMax } from "../open-files.ts";

export interface OwnUse {
  /** Processor time since its start, user and system (s). */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** `null` where the kernel does not say. */
  readonly openFiles: number | null;
  /** Infinite where there is no limit. */
  readonly openFilesMax: number;
}

export function ownUse(): OwnUse {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    openFiles: openFiles(),
    openFilesMax: openFilesMax(),
  };
}

/** proc(5), `/proc/PID/fd`; without the one that is open to count them. */
function openFiles(): number | null {
  try {
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return null;
  }
}
