/** What the loop of what is told outside is given: who can be told something, of which projects, and doors. */

import type { ForgeAsk } from "../../forges/ask.ts";
import type { ImagesAsk } from "../../forges/images/images.ts";
import type { Forge, Tracker } from "../../forges/tell.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Project } from "../../workflow/project.ts";

/** A project, as far as it matters to what is told of its tasks. */
export interface ToldProject
  extends Pick<Project, "name" | "repo" | "trackers" | "tell">,
    Partial<Pick<Project, "baseBranch" | "publish">> {
  /** The first word of commands in comments; `null` where comments command nothing. */
  readonly command: string | null;
  /** Name of the source that keeps its code; `null` where nobody knows. */
  readonly forge: string | null;
  /** Where a branch of it is seen; `null` where nobody knows. */
  readonly branchUrl: (branch: string) => string | null;
}

export interface OutsideInForce {
  /** By source, those that have a token. */
  readonly trackers: ReadonlyMap<string, Tracker>;
  /** Of these, those that keep code. */
  readonly forges: ReadonlyMap<string, Forge>;
  /** Who is asked about that code, by the same names. */
  readonly asks?: ReadonlyMap<string, ForgeAsk>;
  /** Further accounts, by source and by their names. */
  readonly voices?: ReadonlyMap<string, ReadonlyMap<string, Voice>>;
  /** By which of these an agent profile speaks; `null` for the source's own. */
  readonly speaksAs?: (agent: string) => string | null;
  /** Who is asked where images of items lie, by source. */
  readonly images?: ReadonlyMap<string, ImagesAsk>;
  readonly projects: ReadonlyMap<string, ToldProject>;
}

/** What agents say at a forge by an account of their own. */
export type Voice = Pick<Forge, "review" | "reply">;

export interface OutsidePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** As the configuration in force has them: the same object as long as nothing has changed. */
  readonly inForce: () => OutsideInForce;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}
