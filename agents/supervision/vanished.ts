/** Why there is no exit record, in a sentence for the operator. Pure. */

import ms from "ms";
import type { ProcessIdentity } from "../../system/process/processes.ts";

/** What is known of a process that left no exit record. */
export interface Witness {
  readonly pid: number;
  /**
   * `rebooted`: the machine was restarted meanwhile. `orphaned`: its launcher, which would have written the record, was
   * gone while it ran on. `watched`: a daemon saw it alive, and then gone. `unwatched`: it was gone when one came.
   */
  readonly manner: "rebooted" | "orphaned" | "watched" | "unwatched";
  /** How long it is known to have run, ms. */
  readonly ranMs: number;
}

interface Seen {
  /** Whether it lived when this daemon came. */
  readonly found: boolean;
  /** How many looks found it alive and its launcher gone. One proves little: both may be about to end. */
  readonly orphaned: number;
  readonly ranMs: number;
  /** Of the machine's present boot, where that is known. */
  readonly bootId: string | undefined;
}

export function bearWitness(
  run: { readonly identity: ProcessIdentity; readonly startedAt: number; readonly activeAt: number },
  { found, orphaned, ranMs, bootId }: Seen,
): Witness {
  const { pid } = run.identity;
  if (found) return { pid, manner: orphaned > 1 ? "orphaned" : "watched", ranMs };
  const isRebooted = bootId !== undefined && run.identity.bootId !== bootId;
  // Nobody knows when it ended that nobody saw; its last output is the last that is known of it.
  return { pid, manner: isRebooted ? "rebooted" : "unwatched", ranMs: run.activeAt - run.startedAt };
}

export function tellVanished({ pid, manner, ranMs }: Witness): string {
  const ran = ms(Math.max(0, Math.round(ranMs / 1_000) * 1_000), { long: true });
  const guess = "(killed from outside, or out of memory)";
  switch (manner) {
    case "rebooted":
      return `the machine was restarted while process ${pid} ran; it was last heard of ${ran} after its start`;
    case "orphaned":
      return `process ${pid} ended after ${ran}, and its exit code is unknown because its launcher had been killed`;
    case "watched":
      return `process ${pid} vanished without an exit record after ${ran} ${guess}`;
    case "unwatched":
      return `process ${pid} vanished without an exit record ${guess} while the daemon was not running; it was last heard of ${ran} after its start`;
    default:
      return manner satisfies never;
  }
}
