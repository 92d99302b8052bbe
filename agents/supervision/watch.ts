/** What ends the waiting of a supervisor: the end of the process, or the shutdown of the daemon. */

import type { Clock } from "../../system/clock.ts";
import type { Processes, ProcessIdentity } from "../../system/process/processes.ts";
import type { Wake } from "../../system/wake.ts";

export interface Watch {
  /** The process and its launcher are gone. */
  hasEnded(): boolean;
  /** The daemon shuts down, so that the supervisor has to leave its process to the next one. */
  hasLeft(): boolean;
  /** Resolves after `ms`, or as soon as the process has ended or the daemon shuts down. */
  grace(ms: number): Promise<void>;
  /** As `grace`, and also at a ring of the bell. */
  sleep(ms: number): Promise<void>;
  /** Resolves after `ms`, at the shutdown or at a ring of the bell: for a process that has ended already. */
  rest(ms: number): Promise<void>;
  /** Must be called when nobody waits any more, or the daemon's signal would collect listeners. */
  close(): void;
}

export interface WatchPorts {
  readonly clock: Clock;
  readonly processes: Pick<Processes, "ended">;
  readonly wake?: Wake;
}

export function watchEnd(
  ports: WatchPorts,
  process: { readonly identity: ProcessIdentity; readonly directory: string },
  signal: AbortSignal,
): Watch {
  const over = new AbortController();
  const leave = (): void => over.abort();
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  let ended = false;
  void ports.processes.ended(process.identity, process.directory, over.signal).then(() => {
    // It resolves for an abort as well, and an abort does not prove that the process has ended.
    ended = !over.signal.aborted;
    over.abort();
  });
  return {
    hasEnded: () => ended,
    hasLeft: () => signal.aborted,
    grace: (ms) => ports.clock.sleep(ms, over.signal),
    sleep: (ms) => ports.wake?.wait(ms, over.signal) ?? ports.clock.sleep(ms, over.signal),
    rest: (ms) => ports.wake?.wait(ms, signal) ?? ports.clock.sleep(ms, signal),
    close(): void {
      signal.removeEventListener("abort", leave);
      over.abort();
    },
  };
}
