/**
 * The configuration as the house knows it: plain types, absolute paths, spans in ms, sizes in bytes, `null` for what is
 * absent. They are put together from what the parts make (`parts.ts`), so that a key is described where it is read.
 */

import type { AgentProfile, Project } from "../../workflow/project.ts";
import type { AccountConfig } from "./parts/accounts.ts";
import type { MadeAt } from "./parts.ts";

export interface Config extends Top {
  /** The file it came from, absolute. */
  readonly file: string;
  readonly server: Server;
  readonly limits: Limits;
  readonly sources: Sources;
  readonly accounts: readonly AccountConfig[];
  readonly agents: Readonly<Record<string, AgentProfile>>;
  readonly projects: readonly Project[];
}

type Top = Readonly<MadeAt<"">>;
type Server = Readonly<MadeAt<"server">>;
type Limits = Readonly<MadeAt<"limits">>;
type Sources = Readonly<MadeAt<"sources">>;
