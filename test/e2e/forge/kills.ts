/**
 * Kills the daemon while a host has a write of it in hand: when it was done and nobody has heard so, or before it was.
 * What the next daemon finds there has to be told apart from what is still to be done.
 */

import type { FaultRule, Faults } from "../../../cli/stage/fake-host/faults.ts";
import type { Ground } from "./ground.ts";
import type { Meanwhile } from "./patience.ts";

/** Of the rules that kill. */
const KILL = "kill";
const WRITE = "^(POST|PUT|PATCH|DELETE) ";

/**
 * Which writes the daemon is killed at: the one after `skip` others, and then every so manieth. So many circles with
 * all values of `skip` leave none out. In one circle there are few kills, because a run that is killed again and again
 * before its agent has begun is given up, as it should be. What is the same write to its last byte is let through then.
 */
export interface Kills {
  /** Before it is done, or when it was. */
  readonly when: "before" | "after";
  readonly every: number;
  readonly skip: number;
}

export function atWrites({ when, every, skip }: Kills): FaultRule {
  const kind = when === "before" ? "hang" : "hang_after";
  return { kind, name: KILL, call: WRITE, each: true, times: 200, every, skip };
}

export interface Killing {
  /** Called at every look. */
  readonly look: Meanwhile;
  readonly kills: () => number;
}

/** Has the daemon killed and started again whenever a rule that kills strikes. */
export function killing(
  { stage }: Pick<Ground, "stage">,
  hosts: readonly { readonly faults: Faults }[],
): Killing {
  const struck = (): number =>
    hosts.reduce((sum, { faults }) => sum + faults.strikes.filter(({ name }) => name === KILL).length, 0);
  let seen = 0;
  return {
    kills: () => seen,
    async look() {
      const now = struck();
      if (now === seen) return false;
      seen = now;
      await stage.end("SIGKILL");
      await stage.start();
      return true;
    },
  };
}
