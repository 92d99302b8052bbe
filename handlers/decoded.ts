/**
 * What a payload means, before anybody was asked whether the person may: nothing, a defect, a wish, or a fact that has
 * to be looked up first.
 */

import type { Wish } from "./wish.ts";

/** Who caused an event, as far as the event tells. */
export interface EventActor {
  /** Login, or user id where people have no login (Plane). */
  readonly name: string;
  readonly isBot: boolean;
  /** What the source calls this very person's relation to the project (GitHub's association), if the payload does. */
  readonly standing: string | null;
  /** Why the event by itself proves the right to cause it; `null` when it proves nothing. */
  readonly implies: string | null;
}

/**
 * `subject` names the thing it is about; deliveries with the same subject are handled in order. `Need` is whatever the
 * source's kit can look up.
 */
export type Decoded<Need = never> =
  /** Nothing to do; the reason is for people. */
  | { readonly kind: "ignore"; readonly reason: string }
  /** The payload is not what its sender documents; the reason says where. */
  | { readonly kind: "failed"; readonly reason: string }
  /** Decode again, with this fact among the known ones. */
  | { readonly kind: "need"; readonly subject: string; readonly need: Need }
  | { readonly kind: "wish"; readonly subject: string; readonly wishes: readonly Wish[] };

export function ignore(reason: string): Extract<Decoded, { kind: "ignore" }> {
  return { kind: "ignore", reason };
}
