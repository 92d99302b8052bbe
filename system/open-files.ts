/** How many files, sockets included, this process may have open. */

import { readFileSync } from "node:fs";

/** The limit in force (proc(5), `/proc/PID/limits`); infinite where there is none, or the kernel does not say. */
export function openFilesMax(): number {
  const soft = /^Max open files +(\d+) /m.exec(limitsOfProcess())?.[1];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

/** Empty where they cannot be read, as in a sandbox without /proc: no reason to end the daemon. */
function limitsOfProcess(): string {
  try {
    return readFileSync("/proc/self/limits", "utf8");
  } catch {
    return "";
  }
}
