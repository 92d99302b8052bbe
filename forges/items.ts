/** Where what a task stands for is found at its forge or tracker. Pure. */

import type { ExternalRef } from "../workflow/task.ts";
import type { Item } from "./tell.ts";

/** Kinds of names that hold both the place and the number, such as `acme/shop#12`. */
const NUMBERED = new Set(["issue", "pull_request"]);
const NUMBER = /^(.+)#(\d+)$/;

/**
 * `null` for a name by which nothing is found.
 *
 * @param trackers by source, what the project is called there
 */
export function itemOfRef(
  { source, kind, id }: ExternalRef,
  trackers: Readonly<Record<string, string>>,
): Item | null {
  if (NUMBERED.has(kind)) {
    const [, place, number] = NUMBER.exec(id) ?? [];
    return place === undefined || number === undefined ? null : { place, id: number };
  }
  const place = trackers[source];
  return kind === "work_item" && place !== undefined ? { place, id } : null;
}
