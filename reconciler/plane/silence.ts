/**
 * Whether Plane's webhook is still on: its API does not say it, and Plane turns one off for good after an hour or so in
 * which nobody could be reached. So it is concluded: things have changed, and were found by asking, and since the first
 * of them no webhook at all has come.
 */

import type { Look, Step } from "../ports.ts";
import { DONE } from "../watcher.ts";

/** Plane tries again for 50 minutes; what comes later than this does not come (ms). */
const PATIENCE_MS = 3_600_000;

export async function lookForSilence({ ports, place, now }: Look): Promise<Step> {
  if (!place.hears) return DONE;
  const { heardAt, foundAt } = await ports.store.changes.heard(place.source);
  if (foundAt === null || foundAt > now - PATIENCE_MS || (heardAt !== null && heardAt >= foundAt))
    return DONE;
  const since = heardAt === null ? "" : ` since ${new Date(heardAt).toISOString()}`;
  const reason =
    `no webhook has come${since}, though work items have changed: look whether the webhook is still active ` +
    "(Plane, workspace settings, Webhooks); until then changes are found by asking";
  return { kind: "failed", reason, afterMs: 0, fault: "call" };
}
