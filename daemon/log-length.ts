/**
 * Keeps the database's log (`chargehand.db-wal`) short.
 *
 * While somebody reads for long (a copy, a `sqlite3` left open), what is written since cannot go back to the database
 * file, and the log grows. When the reader has gone, the file would stay as long as it was.
 */

import type { SqliteEngine } from "../store/engine/sqlite.ts";
import type { Clock } from "../system/clock.ts";
import type { Files } from "../system/files.ts";
import type { Log } from "../system/log.ts";

const EVERY_MS = 60_000;
/** What a burst of writes may leave; the database itself cuts it to this where nobody reads. */
export const LOG_BYTES_MAX = 67_108_864;

export interface LogLengthPorts {
  readonly engine: Pick<SqliteEngine, "place" | "shortenLog">;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs until `signal` aborts. */
export async function logLengthLoop(ports: LogLengthPorts, signal: AbortSignal): Promise<void> {
  let isTold = false;
  while (!signal.aborted) {
    isTold = await keepShort(ports, isTold);
    await ports.clock.sleep(EVERY_MS, signal);
  }
}

/**
 * One look. @returns whether somebody still reads, who need not be told of again
 *
 * @param isTold it was told of already
 */
export async function keepShort(
  { engine, files, log }: LogLengthPorts,
  isTold: boolean,
  bytesMax: number = LOG_BYTES_MAX,
): Promise<boolean> {
  const bytes = (await files.size("database log", `${engine.place}-wal`)) ?? 0;
  if (bytes <= bytesMax) return false;
  if (engine.shortenLog()) {
    log.info({ event: "database.log_shortened", bytes });
    return false;
  }
  if (!isTold) {
    const reason = "somebody reads the database for long, and its log grows meanwhile";
    log.warn({
      event: "database.log_long",
      bytes,
      reason,
      remedy: "look for an open sqlite3 shell or a copy",
    });
  }
  return true;
}
