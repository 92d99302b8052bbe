/**
 * Says when a program's first act was seen: a thread that waits for bytes in a FIFO and stamps each of them. Both sides
 * use the monotonic clock of the machine, so that moments of the thread and of its parent may be subtracted; and a
 * thread of its own sees the byte at once, whatever the parent is busy with.
 */

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

export interface Witness {
  /** When the next byte came that nobody has asked for yet, as {@link now} tells time. @throws when none comes */
  seen(): Promise<number>;
  close(): Promise<void>;
}

/** Milliseconds of the machine's monotonic clock, the same in every thread. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Whoever writes a byte into the file `fifo`, which is made here, is seen. */
export async function createWitness(fifo: string): Promise<Witness> {
  execFileSync("mkfifo", [fifo]);
  const worker = new Worker(new URL(import.meta.url), { workerData: fifo });
  const moments: number[] = [];
  worker.on("message", (moment: number) => void moments.push(moment));
  await once(worker, "online");
  return {
    async seen(): Promise<number> {
      if (moments.length === 0) await message(worker);
      const moment = moments.shift();
      if (moment === undefined) throw new Error("the witness spoke and said nothing");
      return moment;
    },
    async close(): Promise<void> {
      const ended = once(worker, "exit");
      const file = openSync(fifo, constants.O_RDWR);
      writeSync(file, LAST);
      await ended;
      closeSync(file);
    },
  };
}

async function message(worker: Worker): Promise<void> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    await once(worker, "message", { signal: late });
  } catch (error) {
    if (!late.aborted) throw error;
    throw new Error(`no program was seen within ${PATIENCE_MS / 1_000} seconds`);
  }
}

const PATIENCE_MS = 30_000;
/** Ends the thread. */
const LAST = "q";

function watch(fifo: string): void {
  // Open for writing, too: else the first writer's end would be the end of the file.
  const file = openSync(fifo, constants.O_RDWR);
  const byte = Buffer.alloc(1);
  for (;;) {
    readSync(file, byte, 0, 1, null);
    const moment = now();
    if (byte.toString() === LAST) break;
    parentPort?.postMessage(moment);
  }
  closeSync(file);
}

if (!isMainThread) watch(String(workerData));
