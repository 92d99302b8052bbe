/** The claim loop: it hands what it claims to the runner, and may end before the other loops do. */

import { systemChance } from "../../system/chance.ts";
import { availableMemory } from "../../system/host-memory.ts";
import { claimLoop } from "../claim.ts";
import type { Host } from "../host.ts";
import type { Loop } from "../loops.ts";
import type { Runner } from "../run/runner.ts";
import type { Ground } from "./ground.ts";

export interface WiredClaim {
  readonly loop: Loop;
  /** Claims nothing more. Resolves when everything that was claimed is with the runner. */
  quiet(): Promise<void>;
}

export function wireClaim(
  ground: Pick<Ground, "config" | "store" | "log" | "bells" | "isolation" | "end">,
  host: Host,
  { begin }: Pick<Runner, "begin">,
): WiredClaim {
  const { store, log, bells, isolation, end } = ground;
  const enough = new AbortController();
  let claims: Promise<void> = Promise.resolve();
  return {
    loop: {
      name: "claim",
      run({ clock, bell }): Promise<void> {
        claims = claimLoop(
          {
            ...{ store, clock, log, host, begin },
            wake: bell(bells.jobs),
            chance: systemChance(clock.now),
            // The limits are looked up at every look: they may have been loaded anew.
            concurrency: () => ground.config.limits.concurrency,
            walls: isolation.refusal,
            memory: { floor: () => ground.config.limits.memoryFloor, available: availableMemory },
          },
          AbortSignal.any([end.signal, enough.signal]),
        );
        return claims;
      },
    },
    async quiet(): Promise<void> {
      enough.abort();
      await Promise.allSettled([claims]);
    },
  };
}
