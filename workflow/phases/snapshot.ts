/** How a task stood when one of its phases ended: what the row of the phase itself does not keep. */

export interface Snapshot {
  /** Of the phase. */
  readonly seq: number;
  /** Who played which role: a retry may change it. */
  readonly agents: Readonly<Record<string, string>>;
  /** Where its work was, and the newest commit that was published by then. */
  readonly branch: string | null;
  readonly commit: string | null;
  /** How far its history had come. */
  readonly events: number;
  /** The last run of the phase, and how many it took. */
  readonly run: string | null;
  readonly runs: number;
  /** What these have used. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** `null` when nobody knows the price of all of it. */
  readonly costNanos: number | null;
  readonly takenAt: number;
}
