/** What somebody is told at the item where they asked for something, in a comment of its own. Pure. */

import type { NewCall } from "../outbox.ts";
import type { Subject } from "../subject.ts";
import { outsideCall, type Spot } from "./calls.ts";

export interface Reply {
  readonly to: Spot;
  /** Markdown of ours; what stands in it from outside went through `workflow/text/markdown.ts`. */
  readonly text: string;
  /**
   * Told once to this person at this item, and not to too many in a day: for what was refused. `null` for what answers
   * somebody who is trusted, each time.
   */
  readonly once: { readonly person: string; readonly about: string } | null;
}

/** People who are told at one item, in {@link REPLIES_SPAN_MS}, that they may not: nobody answers a crowd. */
export const REPLIES_MAX = 3;
/** And in a whole repository, of each kind: a person with many items is a crowd, too. */
export const REPLIES_OF_PLACE_MAX = 30;
export const REPLIES_SPAN_MS: number = 24 * 60 * 60_000;
/** Of a reply; it is a few sentences. */
const TEXT_CHARS_MAX = 8_000;

/** The call by which it is told. @param mark the same for each try of it, and nobody else's: letters, digits, dashes */
export function replyCall({ to, text }: Reply, mark: string): NewCall {
  const cut = text.slice(0, TEXT_CHARS_MAX).toWellFormed();
  return outsideCall(to.source, { kind: "reply", place: to.place, item: to.item, mark, text: cut });
}

/** What is told outside together with the end of a delivery: all of it, or nothing. */
export interface Told {
  readonly subject: Subject;
  readonly calls: readonly NewCall[];
  /** What is told only once. */
  readonly once: (Omit<Spot, "comment"> & { readonly person: string; readonly about: string }) | null;
}
