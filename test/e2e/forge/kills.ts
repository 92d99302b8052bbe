/**
 * Kills the daemon while a host has a write of it in hand: when it was done and nobody has heard so, or before it was.
 * What the next daemon finds there has to be told apart from what is still to be done.
 */

import type { FaultRule, Faults } from "../../../cli/stage/fake-host/faults.ts";
import type { Ground } from "./ground.ts";
import type { Meanwhile } from "./patience.ts";

/** Every kind of write at GitHub that the circle makes; GraphQL is asked by `POST`, too. */
const WRITES = [
  ...[
    "^POST .*/reactions$",
    "^POST .*/issues/\\d+/comments$",
    "^PATCH .*/issues/comments/",
    "^POST .*/pulls$",
  ],
  ...["^PATCH .*/pulls/", "^POST .*/replies$", "^PUT .*/merge$", "^DELETE .*/git/refs/"],
] as const;

/** One kill at each kind of write, when it was done; and at the first three queries. */
export function atEachKind(): readonly FaultRule[] {
  return [
    ...WRITES.map((call) => ({ kind: "hang_after" as const, call })),
    { kind: "hang_after", call: "^POST /graphql", times: 3 },
  ];
}

/** Has the daemon killed and started again whenever a rule strikes. @returns what is called at every look */
export function killing(
  { stage, deliverAgain }: Ground,
  hosts: readonly { readonly faults: Faults }[],
): { readonly look: Meanwhile; readonly kills: () => number } {
  const struck = (): number => hosts.reduce((sum, { faults }) => sum + faults.struck, 0);
  let seen = 0;
  return {
    kills: () => seen,
    async look() {
      const now = struck();
      const isHit = now !== seen;
      if (isHit) {
        seen = now;
        await stage.end("SIGKILL");
        await stage.start();
      }
      await deliverAgain();
      return isHit;
    },
  };
}
