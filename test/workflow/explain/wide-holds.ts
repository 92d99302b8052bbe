/** A hold that closes something for everybody, and the moments that tests speak of. */

import type { WideHold } from "../../../workflow/hold.ts";

export const NOW: number = Date.parse("2026-11-21T14:00:00Z");

export const SOON: number = Date.parse("2026-11-21T14:20:00Z");

export function wide(scope: WideHold["scope"], subject: string, hold: Partial<WideHold> = {}): WideHold {
  return {
    ...{ scope, subject, kind: "broken", reason: "it is broken", remedy: null, until: null, since: NOW - 5 },
    ...hold,
  };
}
