/** What the inbox may ask the forge and the tracker. A failed lookup is an answer, and it never counts as a yes. */

import type { Github } from "../forges/github.ts";
import type { Plane } from "../forges/plane.ts";

export interface PlaneState {
  readonly id: string;
  readonly name: string;
  /** `backlog`, `unstarted`, `started`, `completed`, `cancelled` or `triage`. */
  readonly group: string;
}

/** `null` where there is no token to ask with. */
export interface Lookups {
  readonly github?: Pick<Github, "permission"> | null;
  readonly plane?: Pick<Plane, "members" | "states" | "workItem"> | null;
}
