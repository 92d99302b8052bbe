/**
 * What a payload means, before anybody was asked whether the person may: nothing, a defect, a wish, or a fact that has
 * to be looked up first.
 */

import type { Refusal } from "./refusal.ts";
import type { Wish } from "./wish.ts";

/**
 * `subject` names the thing it is about; deliveries with the same subject are handled in order. `Need` is whatever the
 * source's kit can look up.
 */
export type Decoded<Need = never> =
  /** Nothing to do; the reason is for people. Whoever asked for something in words is told it where they asked. */
  | { readonly kind: "ignore"; readonly reason: string; readonly refusal?: Refusal }
  /** The payload is not what its sender documents; the reason says where. */
  | { readonly kind: "failed"; readonly reason: string }
  /** Decode again, with this fact among the known ones. */
  | { readonly kind: "need"; readonly subject: string; readonly need: Need }
  | { readonly kind: "wish"; readonly subject: string; readonly wishes: readonly Wish[] };

export function ignore(reason: string, refusal?: Refusal): Extract<Decoded, { kind: "ignore" }> {
  return { kind: "ignore", reason, ...(refusal !== undefined && { refusal }) };
}
