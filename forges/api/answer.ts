/**
 * What comes of one call to a forge or tracker. The same for all of them, so that whoever repeats, waits or gives up
 * need not know whom it asks.
 *
 * A1. Only what certainly never arrived, and what the other side has turned away, is repeated without looking first.
 * A2. Reasons hold no secret, and what the other side says in them is cut to a sentence: they are stored and shown.
 */

export type Answer<T> =
  | { readonly kind: "ok"; readonly value: T }
  | Refused
  /** It was turned away for now: a limit, or trouble of its own. Nothing was changed there. */
  | {
      readonly kind: "retry";
      readonly reason: string;
      readonly afterMs: number;
      /** `host`: every other call to it would meet the same. */
      readonly fault: "host" | "call";
    }
  /** Nobody answered, or not to the end. `neverSent`: nothing of it can have arrived; else nobody knows. */
  | { readonly kind: "unreachable"; readonly reason: string; readonly neverSent: boolean };

/** It will not be done, however often it is asked for, until somebody changes something. */
export interface Refused {
  readonly kind: "refused";
  readonly because: /** The token is wrong, or has expired. */
    | "auth"
    /** The token is good, and may not do this. */
    | "permission"
    /** There is no such thing, or the token may not see it. */
    | "missing"
    /** It makes no sense to the other side. */
    | "invalid"
    /** It is there already, or has moved meanwhile. */
    | "conflict"
    /** What it is about is in no state for it (closed, merged, archived, protected). */
    | "state";
  readonly reason: string;
}
