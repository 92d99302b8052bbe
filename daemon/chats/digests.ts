/** When the digests of a chat are due, by the clock of its zone. */

import type { DigestSetting } from "../../chats/channels.ts";
import type { DigestSlots } from "../../notifier/digests/digests.ts";
import { lastUpTo } from "../../scheduler/slots.ts";

/** The last slot up to now (ms), and the one before it: what lies between them is summed up. */
export function digestSlots({ every, at, timezone }: DigestSetting, now: number): DigestSlots {
  const [hours, minutes] = at.split(":").map(Number);
  const pattern = { cron: `${minutes} ${hours} * * ${every === "week" ? "1" : "*"}`, timezone };
  const last = lastUpTo(pattern, now);
  return { last, before: last === null ? null : lastUpTo(pattern, last - 1) };
}
