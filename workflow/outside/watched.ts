/** How it stands with what is asked of a source, for people. */

export interface PlaceStanding {
  readonly source: string;
  /** As the source names it, such as `acme/shop`. */
  readonly place: string;
  readonly projects: readonly string[];
  /** From one look to the next (ms). */
  readonly everyMs: number;
  /** When it was looked at last, to the end (ms); `null`: not since the start. */
  readonly lookedAt: number | null;
  /** What could not be looked at, why, and since when (ms); empty when all is well. */
  readonly faults: readonly { readonly what: string; readonly reason: string; readonly since: number }[];
}
