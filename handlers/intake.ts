/**
 * Group commit: requests that arrive together share one transaction, so that one fsync is paid for all of them.
 *
 * C1. A promise resolves only after the commit that holds its delivery (I1).
 * C2. One commit at a time; what arrives meanwhile is the next group. A lone request waits for nobody longer than one
 *     turn of the event loop.
 * C3. What waits is bounded, in number and in bytes; beyond that a request is told to come back.
 * C4. One delivery that the database refuses takes no other with it: the group is then stored one by one.
 */

import type { DeliveryStore, Recorded } from "../store/deliveries.ts";
import { StoreFault } from "../store/engine/engine.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { NewDelivery } from "../workflow/delivery.ts";
import { GROUP_BYTES_MAX, GROUP_DELIVERIES_MAX } from "../workflow/limits.ts";

export type Receipt =
  | { readonly kind: "recorded"; readonly id: number; readonly fresh: boolean }
  /** Too much waits already. */
  | { readonly kind: "overloaded" }
  /** It cannot be stored now; nothing was. */
  | { readonly kind: "unavailable" };

export interface Intake {
  /** Never rejects. */
  record(delivery: NewDelivery): Promise<Receipt>;
  /** Whether senders are waiting for a reply now. */
  isBusy(): boolean;
}

export interface IntakeOptions {
  readonly deliveries: Pick<DeliveryStore, "record">;
  readonly clock: Clock;
  readonly log: Log;
  /** Frees the ballast file when the disk is full. False when there is none left to give. */
  readonly giveUpBallast: () => Promise<boolean>;
}

interface Waiting {
  readonly delivery: NewDelivery;
  readonly resolve: (receipt: Receipt) => void;
}

export function createIntake(options: IntakeOptions): Intake {
  const { clock, log } = options;
  let waiting: Waiting[] = [];
  let bytes = 0;
  let isFlushing = false;

  const flush = async (): Promise<void> => {
    isFlushing = true;
    while (waiting.length > 0) {
      // Lets every request that has already arrived join (C2).
      await clock.sleep(0);
      const group = waiting;
      waiting = [];
      bytes = 0;
      const receipts = await storeGroup(
        options,
        group.map(({ delivery }) => delivery),
      );
      group.forEach(({ resolve }, index) => {
        resolve(receipts[index] ?? { kind: "unavailable" });
      });
    }
    isFlushing = false;
  };

  return {
    isBusy: () => isFlushing,
    record: (delivery) =>
      new Promise((resolve) => {
        const size = delivery.body.length;
        if (waiting.length >= GROUP_DELIVERIES_MAX || (bytes > 0 && bytes + size > GROUP_BYTES_MAX)) {
          log.warn({ event: "delivery.overload", waiting: waiting.length, bytes });
          resolve({ kind: "overloaded" });
          return;
        }
        waiting.push({ delivery, resolve });
        bytes += size;
        if (!isFlushing) void flush();
      }),
  };
}

async function storeGroup(options: IntakeOptions, group: readonly NewDelivery[]): Promise<Receipt[]> {
  const stored = await tryToStore(options, group);
  if (stored !== null) return stored.map(({ id, fresh }) => ({ kind: "recorded", id, fresh }));
  if (group.length === 1) return [{ kind: "unavailable" }];
  const receipts: Receipt[] = [];
  for (const delivery of group) receipts.push(...(await storeGroup(options, [delivery])));
  return receipts;
}

/** `null` when the store could not, whatever the reason: the sender must not be told that it is safe (I1). */
async function tryToStore(
  options: IntakeOptions,
  group: readonly NewDelivery[],
): Promise<readonly Recorded[] | null> {
  const { deliveries, clock, log } = options;
  try {
    return await deliveries.record(group, clock.now());
  } catch (error) {
    log.error({ event: "delivery.unstored", deliveries: group.length, error: String(error) });
    if (!(error instanceof StoreFault && error.kind === "full")) return null;
  }
  try {
    if (!(await options.giveUpBallast())) return null;
    log.warn({ event: "ballast.given_up" });
    return await deliveries.record(group, clock.now());
  } catch (error) {
    log.error({ event: "delivery.unstored", deliveries: group.length, error: String(error) });
    return null;
  }
}
