/**
 * Paces: looks at what accounts have used of their periods, judges (`workflow/pace/`), and writes which accounts wait.
 *
 * P1. Level-triggered: every look judges everything anew from rows, configuration and clock. What waits for its pace is
 *     a hold on the account with the instant at which time alone ends it, so that the claim stays one statement.
 * P2. One timer, for the next instant and never longer than half a minute; where a period is counted from our own runs
 *     two seconds, because nobody tells of each run, or up to fifty times what a look takes, so that many cost little.
 *     What starts in between is overshot, and waited for afterwards.
 * P3. Only what differs is written. An account that no pace names any more is freed.
 */

import type { PaceHold } from "../store/accounts/pace.ts";
import { StoreFault } from "../store/engine/engine.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Wake } from "../system/wake.ts";
import type { WideHold } from "../workflow/hold.ts";
import { paceHold } from "../workflow/pace/hold.ts";
import { type PaceSetting, type PaceStanding, paceOf } from "../workflow/pace/pace.ts";
import { calendarPeriod } from "../workflow/pace/period.ts";

/** P2. */
const NAP_MS_MAX = 30_000;
const COUNTED_NAP_MS = 2_000;
const LOOKS_APART = 50;

export interface PacePorts {
  readonly store: Pick<Store, "pace" | "holds">;
  readonly clock: Clock;
  readonly log: Log;
  /** Those of the configuration in force. */
  readonly settings: () => readonly PaceSetting[];
}

export interface Paces {
  /** Looks once, and answers when it has to look again at the latest (ms). @throws StoreFault */
  look(): Promise<number>;
  /** Looks whenever the bell rings and when something is due, until `signal` aborts. */
  watch(bell: Wake, signal: AbortSignal): Promise<void>;
  /** How every pace stands now, from the rows. @throws StoreFault */
  standings(): Promise<readonly PaceStanding[]>;
}

export function createPaces(ports: PacePorts): Paces {
  const { store, clock, log, settings } = ports;
  const standings = async (): Promise<readonly PaceStanding[]> => {
    const asked = settings();
    if (asked.length === 0) return [];
    const now = clock.now();
    const reports = await store.pace.reports();
    const judged: PaceStanding[] = [];
    for (const setting of asked) {
      const { account, per, capacity } = setting;
      const own = reports.find((report) => report.account === account && report.per === per);
      const { from } = calendarPeriod(per, now);
      const counted = capacity === null ? null : await store.pace.counted(account, from);
      judged.push(paceOf(setting, own, counted, now));
    }
    return judged;
  };
  const look = async (): Promise<number> => {
    const [now, all] = [clock.now(), await standings()];
    const holds = await store.holds.wide();
    const changed = changes(all, holds);
    await store.pace.stand(changed, now);
    for (const { account, hold } of changed) {
      if (hold === null) log.info({ event: "pace.free", account });
      else log.info({ event: "pace.waits", account, until: hold.until, reason: hold.reason });
    }
    const isCounted = all.some(({ source }) => source === "counted");
    const dear = Math.max(COUNTED_NAP_MS, (clock.now() - now) * LOOKS_APART);
    const nap = isCounted ? Math.min(dear, NAP_MS_MAX) : NAP_MS_MAX;
    return Math.min(now + nap, ...all.flatMap(({ opensAt, until }) => [opensAt ?? until, until]));
  };
  return {
    look,
    standings,
    async watch(bell, signal): Promise<void> {
      while (!signal.aborted) {
        let nap = COUNTED_NAP_MS;
        try {
          nap = Math.max(0, (await look()) - clock.now());
        } catch (error) {
          if (!(error instanceof StoreFault)) throw error;
          log.error({ event: "pace.faulted", reason: error.message, hint: error.hint });
        }
        await bell.wait(nap, signal);
      }
    },
  };
}

/** P3. */
function changes(standings: readonly PaceStanding[], holds: readonly WideHold[]): readonly PaceHold[] {
  const held = holds.filter(({ scope, kind }) => scope === "account" && kind === "pace");
  const accounts = new Set([
    ...standings.map(({ setting }) => setting.account),
    ...held.map(({ subject }) => subject),
  ]);
  return [...accounts].flatMap((account): readonly PaceHold[] => {
    const hold = paceHold(
      account,
      standings.filter(({ setting }) => setting.account === account),
    );
    const before = held.find(({ subject }) => subject === account);
    const isSame =
      hold === null
        ? before === undefined
        : before?.reason === hold.reason && before.until === hold.until && before.remedy === hold.remedy;
    return isSame ? [] : [{ account, hold }];
  });
}
