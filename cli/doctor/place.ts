/** What checks are given: the configuration that was read, and the doors to look at the rest. */

import type { Config } from "../../daemon/config/config.ts";
import type { Isolation } from "../../daemon/isolation.ts";
import type { Clock } from "../../system/clock.ts";
import type { Commands } from "../../system/commands.ts";
import type { Tree } from "../../system/files/tree.ts";
import type { Files } from "../../system/files.ts";
import type { Http } from "../../system/http.ts";
import type { Redactor } from "../../system/redactor.ts";

export interface Place {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly files: Files;
  readonly http: Http;
  readonly commands: Commands;
  readonly tree: Tree;
  /** Takes secrets out of whatever is told; learns those that a check comes to know. */
  readonly redactor: Redactor;
  /** A private folder that is gone afterwards. */
  readonly scratch: string;
  /** The walls as a daemon would find them; tried once. */
  isolation(): Promise<Isolation>;
}
