/**
 * How the listeners share the files that the process may have open, so that a flood at one of them takes nothing from
 * the other, from the database, nor from runs that are about to begin.
 */

import type { Log } from "../../system/log.ts";
import { ADMIN_CONNECTIONS_MAX } from "../../workflow/limits.ts";

export interface Shares {
  readonly webhooks: number;
  readonly admin: number;
}

/** Of all descriptors; what is left is for the database, logs, pipes and programs that are started. */
const WEBHOOKS_SHARE = 1 / 2;
const ADMIN_SHARE = 1 / 8;

/**
 * Connections that each listener may hold. Where the webhook listener gets fewer than it was to have, the log says so.
 *
 * @param wanted of the webhook listener, by the configuration
 * @param openFiles that the process may have open at once
 */
export function grantShares(wanted: number, openFiles: number, log: Log): Shares {
  const webhooks = Math.min(wanted, Math.floor(openFiles * WEBHOOKS_SHARE));
  if (webhooks < wanted)
    log.warn({ event: "listener.few_files", open_files: openFiles, wanted, connections_max: webhooks });
  return { webhooks, admin: Math.min(ADMIN_CONNECTIONS_MAX, Math.floor(openFiles * ADMIN_SHARE)) };
}
