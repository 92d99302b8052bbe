/** What a transaction may have made for somebody to do, in words; how it is told stands in `telling.ts`. */

/** A new word is a line here, and a bell in `daemon/wiring/bells.ts`. */
export type Work =
  /** A job may be claimable: made, moved, released, or with more room, budget or accounts to run with. */
  | "jobs"
  /** A live run was asked to stop. */
  | "stops"
  /** A task is paused until a time. */
  | "pauses"
  /** Somebody is asked for an answer until a time. */
  | "gates"
  /** Work is to be merged into its base branch. */
  | "merges"
  /** A window may open or close: a schedule or an override was written, or a run has ended badly. */
  | "windows"
  /** What an account has used of its period was reported, or is to be forgotten. */
  | "pace"
  /** A task waits for what its repository says of how it goes. */
  | "workflows"
  /** A delivery waits to be understood. */
  | "deliveries"
  /** Something that a chat shows has changed, or is to be said in one. */
  | "cards"
  /** A call to the outside waits to be made. */
  | "outbox";

export type Tell = (work: Work) => void;
