/**
 * Says when a program's first act was seen: a process that waits for bytes in a FIFO and stamps each of them. Both use
 * the monotonic clock of the machine, so that moments of this process and of its parent may be subtracted. A thread of
 * the parent would not do: it stands still while the parent forks.
 */

import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";

export interface Witness {
  /** When the next byte came that nobody has asked for yet, as {@link now} tells time. @throws when none comes */
  seen(): Promise<number>;
  close(): Promise<void>;
}

/** Milliseconds of the machine's monotonic clock, the same in every process. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Whoever writes a byte into the file `fifo`, which is made here, is seen. */
export async function createWitness(fifo: string): Promise<Witness> {
  execFileSync("mkfifo", [fifo]);
  const child = fork(new URL(import.meta.url), [fifo]);
  const moments: number[] = [];
  await once(child, "message");
  child.on("message", (moment) => void moments.push(Number(moment)));
  return {
    async seen(): Promise<number> {
      if (moments.length === 0) await message(child);
      const moment = moments.shift();
      if (moment === undefined) throw new Error("the witness spoke and said nothing");
      return moment;
    },
    async close(): Promise<void> {
      const ended = once(child, "exit");
      const file = openSync(fifo, constants.O_RDWR);
      writeSync(file, LAST);
      await ended;
      closeSync(file);
    },
  };
}

async function message(child: ChildProcess): Promise<void> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    await once(child, "message", { signal: late });
  } catch (error) {
    if (!late.aborted) throw error;
    throw new Error(`no program was seen within ${PATIENCE_MS / 1_000} seconds`);
  }
}

const PATIENCE_MS = 30_000;
/** Ends the witness. */
const LAST = "q";

function watch(fifo: string): void {
  // Open for writing, too: else the first writer's end would be the end of the file.
  const file = openSync(fifo, constants.O_RDWR);
  const byte = Buffer.alloc(1);
  process.send?.("ready");
  for (;;) {
    readSync(file, byte, 0, 1, null);
    const moment = now();
    if (byte.toString() === LAST) break;
    process.send?.(moment);
  }
  closeSync(file);
  process.disconnect();
}

if (import.meta.main) watch(process.argv[2] ?? "");
