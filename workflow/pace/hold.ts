/** What the paces of an account mean for what waits for it: one hold with its reason, or none. Pure. */

import type { NewWideHold } from "../hold.ts";
import { localTime } from "../windows/hold.ts";
import type { PaceStanding } from "./pace.ts";
import { PERIOD_WORDS } from "./period.ts";

/** @param standings of one account; the one that keeps it waiting longest is told */
export function paceHold(account: string, standings: readonly PaceStanding[]): NewWideHold | null {
  const held = standings.flatMap((standing) => {
    const { opensAt } = standing;
    return opensAt === null ? [] : [{ standing, opensAt }];
  });
  const [longest] = held.toSorted((one, other) => other.opensAt - one.opensAt);
  if (longest === undefined) return null;
  const { standing, opensAt } = longest;
  return {
    ...{ scope: "account", subject: account, kind: "pace", until: opensAt },
    ...{ reason: reasonOf(standing, opensAt), remedy: remedyOf(standing) },
  };
}

/** It says nothing that changes while nothing is used, so that it is written once. */
function reasonOf({ setting, source, used, ceiling, isLone }: PaceStanding, opensAt: number): string {
  const how = source === "reported" ? "as its program reports" : "by what our runs have used";
  const what = `${percent(used)} of its ${PERIOD_WORDS[setting.per]} is used, ${how}`;
  if (isLone) return `${what}; one task alone says so, and it is tried again ${utcTime(opensAt)}`;
  if (used >= ceiling)
    return `${what}, and ${percent(ceiling)} is all that its pace allows; it begins anew ${utcTime(opensAt)}`;
  return `${what}; at its pace nothing starts until ${utcTime(opensAt)}`;
}

function remedyOf({ setting: { account }, source }: PaceStanding): string {
  const raise = "raise share, or lower reserve, under pace in the configuration";
  if (source !== "reported") return raise;
  return `${raise}; if the report is wrong, forget it with: chargehand cooldown clear ${account}`;
}

/** `42%`, rounded down: what is not used up is not called so. */
export function percent(part: number): string {
  return `${Math.floor(part * 1_000 + 1e-6) / 10}%`;
}

function utcTime(at: number): string {
  return localTime(at, "UTC");
}
