/** How much memory the host has left for new processes. */

import { readFileSync } from "node:fs";

const KIB = 1_024;

/** Bytes available without swapping (proc(5), `MemAvailable`); infinite where the kernel does not say. */
export function availableMemory(): number {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(memoryFigures())?.[1];
  return kib === undefined ? Number.POSITIVE_INFINITY : Number(kib) * KIB;
}

/** Empty where they cannot be read, as without a file descriptor to spare: no reason to end the daemon. */
function memoryFigures(): string {
  try {
    return readFileSync("/proc/meminfo", "utf8");
  } catch {
    return "";
  }
}
