/** How much later than its instant a slot is acted on: always the same for the same slot of a schedule. Pure. */

import type { RecurringTask } from "../../workflow/recurring/recurring.ts";

/** ms, at most the jitter of the schedule. */
export function jitterOf({ name, jitterMs }: Pick<RecurringTask, "name" | "jitterMs">, at: number): number {
  return jitterMs === 0 ? 0 : Math.floor((hashOf(`${name}@${at}`) / 2 ** 32) * (jitterMs + 1));
}

/** FNV-1a, stirred once more, because slots differ in few bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
