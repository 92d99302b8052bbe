/** What every part of the daemon is built from, made once at start. */

import type { SqliteEngine } from "../../store/engine/sqlite.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Files } from "../../system/files.ts";
import type { Log } from "../../system/log.ts";
import type { Pulses } from "../../system/pulse.ts";
import type { ServiceManager } from "../../system/service-manager.ts";
import type { Config } from "../config/config.ts";
import type { InForce } from "../config/in-force.ts";
import type { Isolation } from "../isolation.ts";
import type { Bells } from "./bells.ts";

/** What a daemon is started with. */
export interface Start {
  readonly config: Config;
  readonly version: string;
  /** The environment, of which agents and git see an allow-listed part. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What every part is built from. `config` changes with a reload: it is read where it is used, and never kept. */
export interface Ground extends Start {
  readonly bells: Bells;
  readonly inForce: InForce;
  readonly log: Log;
  readonly clock: Clock;
  readonly files: Files;
  readonly engine: SqliteEngine;
  readonly store: Store;
  readonly isolation: Isolation;
  readonly end: AbortController;
  /** Aborts when the daemon begins to close: nobody may follow anything any more. */
  readonly closing: AbortController;
  readonly adminUrl: { value: string };
  readonly serviceManager: ServiceManager;
  /** Which of the loops still move; its watchdog is told. */
  readonly pulses: Pulses;
}

export function runsDirectory(config: Config): string {
  return `${config.dataDir}/runs`;
}
