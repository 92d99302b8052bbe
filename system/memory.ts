/** How much memory the host has left for new processes. */

import { readFileSync } from "node:fs";

const KIB = 1_024;

/** Bytes available without swapping (proc(5), `MemAvailable`); infinite where the kernel does not say. */
export function availableMemory(): number {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
  return kib === undefined ? Number.POSITIVE_INFINITY : Number(kib) * KIB;
}
