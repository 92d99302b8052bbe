/**
 * A file that takes up space so that there is some to give back: when the disk is full, giving it up lets the daemon
 * start, and go on accepting deliveries (I1), while the operator makes room.
 */

import { StoreFault } from "../store/engine/engine.ts";
import type { Files } from "../system/files.ts";
import type { Log } from "../system/log.ts";

const BALLAST_BYTES = 16 * 1_024 * 1_024;

export interface Ballast {
  /**
   * Makes it if it is missing and there is room; a daemon without ballast runs all the same. Once it was given up, it
   * is left to the next daemon, or it would take the room again that it has just made.
   */
  lay(): Promise<void>;
  /** Frees the space. False when there is none left to free. */
  giveUp(): Promise<boolean>;
}

export function ballastOf(files: Files, log: Log, dataDir: string): Ballast {
  const path = `${dataDir}/ballast`;
  let isGivenUp = false;
  return {
    async lay(): Promise<void> {
      if (isGivenUp) return;
      try {
        if ((await files.size("ballast", path)) !== BALLAST_BYTES)
          await files.write("ballast", path, "0".repeat(BALLAST_BYTES));
      } catch (error) {
        await files.remove("ballast", `${path}.tmp`);
        log.warn({
          event: "ballast.missing",
          reason: error instanceof Error ? error.message : String(error),
        });
      }
    },
    async giveUp(): Promise<boolean> {
      if (!(await files.exists("ballast", path))) return false;
      await files.remove("ballast", path);
      isGivenUp = true;
      log.error({
        event: "disk.full",
        reason: "the ballast was given up; make room, then restart to lay it again",
      });
      return true;
    },
  };
}

/** Does the work, and where the disk is too full for it, once more without ballast. @throws what the work throws */
export async function withRoom<T>(ballast: Ballast, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isFull(error) && (await ballast.giveUp())) return work();
    throw error;
  }
}

function isFull(error: unknown): boolean {
  if (error instanceof StoreFault) return error.kind === "full";
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
