/** Steps inside the walls: what has to touch an agent's folder with git runs as one confined command. */

/** What a confined command may reach: absolute paths; everything else but system folders may be hidden. */
export interface Place {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** The words that put walls around the command after them; none where there are no walls. */
export type Inside = (place: Place) => readonly string[];
