/**
 * A file that takes up space so that there is some to give back: when the disk is full, giving it up lets the daemon go
 * on accepting deliveries (I1) while the operator makes room.
 */

import type { Files } from "../system/files.ts";
import type { Log } from "../system/log.ts";

const BALLAST_BYTES = 16 * 1_024 * 1_024;

export interface Ballast {
  /** Frees the space. False when there is none left to free. */
  giveUp(): Promise<boolean>;
}

/** Makes the ballast if it is missing and there is room; a daemon without ballast runs all the same. */
export async function layBallast(files: Files, log: Log, dataDir: string): Promise<Ballast> {
  const path = `${dataDir}/ballast`;
  const giveUp = async (): Promise<boolean> => {
    if (!(await files.exists("ballast", path))) return false;
    await files.remove("ballast", path);
    log.error({
      event: "disk.full",
      reason: "the ballast was given up; make room, then restart to lay it again",
    });
    return true;
  };
  try {
    if ((await files.size("ballast", path)) !== BALLAST_BYTES)
      await files.write("ballast", path, "0".repeat(BALLAST_BYTES));
  } catch (error) {
    await files.remove("ballast", `${path}.tmp`);
    log.warn({ event: "ballast.missing", reason: error instanceof Error ? error.message : String(error) });
  }
  return { giveUp };
}
