/** What the outbox loop is given: who makes which calls, and doors. */

import type { Store } from "../store/store.ts";
import type { Chance } from "../system/chance.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Wake } from "../system/wake.ts";
import type { OutboxCall } from "../workflow/outbox.ts";
import type { Why } from "../workflow/why.ts";

/**
 * Makes one kind of call. Who sends knows what a repetition means: the loop repeats what has failed, and what a daemon
 * has died over, so a call may arrive twice. `call.begunAt` says that an earlier try may have arrived, for those that
 * have to look first.
 */
export interface Sender {
  /**
   * Whose trouble is its trouble. Calls to one host are made one after another; hosts do not wait for one another.
   */
  readonly host: string;
  /** Makes the call once, within a bounded time. What it gives as reasons may be stored and shown. */
  send(call: OutboxCall): Promise<Sent>;
}

export type Sent =
  | { readonly kind: "sent" }
  /** It may go well another time. */
  | {
      readonly kind: "failed";
      readonly reason: string;
      /** `host`: any other call to it would have met the same. `call`: another might go well. */
      readonly fault: "host" | "call";
      /** How long the host asks to be left alone, within bounds. */
      readonly afterMs?: number;
      /** Whether nothing of it can have arrived. */
      readonly neverSent?: true;
    }
  /** The other side will never take it. */
  | { readonly kind: "refused"; readonly reason: string };

/** A place where notices are told. */
export interface Channel {
  /** As the calls to it name it. */
  readonly target: string;
  /** Only of these projects, and of what concerns all; `null` for every one. */
  readonly projects: readonly string[] | null;
  /** Of which kinds of notices it tells; left out, of all. */
  readonly tells?: (kind: string) => boolean;
}

/** Trouble of this daemon that only it knows of. */
export interface Trouble extends Why {
  /** What is in trouble: a name for each kind. */
  readonly what: string;
  readonly message: string;
}

export interface OutboxPorts {
  readonly store: Pick<Store, "outbox" | "events" | "holds">;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Rung when something is owed. */
  readonly wake: Wake;
  /** By target, as the configuration in force has them. Read at each look. */
  readonly senders: () => ReadonlyMap<string, Sender>;
  readonly channels: () => readonly Channel[];
  /** What keeps this daemon from its work just now. */
  readonly troubles: () => readonly Trouble[];
  /** Name of the machine. */
  readonly machine: string;
}

/** Where a notice goes that no channel takes: the daemon's log, which is always there. */
export const LOG_TARGET = "log";
