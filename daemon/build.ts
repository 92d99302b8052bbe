/**
 * The composition root: builds every part and hands each what it needs. The only room that knows all others; it wires
 * and holds no decision. Features meet in rows of the store and in bells (`Wake`), never in each other.
 */

import { createGithub } from "../forges/github.ts";
import { createPlane } from "../forges/plane.ts";
import { createWorkspaces } from "../forges/worktrees.ts";
import { adminApp } from "../handlers/api.ts";
import { createIntake } from "../handlers/group.ts";
import { createInbox } from "../handlers/inbox.ts";
import { webhookApp } from "../handlers/webhooks.ts";
import { createStore } from "../store/build.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { systemChance } from "../system/chance.ts";
import type { Clock } from "../system/clock.ts";
import { systemCommands } from "../system/commands.ts";
import type { Files } from "../system/files.ts";
import { systemHttp } from "../system/http.ts";
import type { Log } from "../system/log.ts";
import { fileSystemOf } from "../system/mounts.ts";
import { systemProcesses } from "../system/processes.ts";
import { createWake, type Wake } from "../system/wake.ts";
import { adminToken } from "./admin-token.ts";
import { claimLoop } from "./claim.ts";
import type { Config } from "./config.ts";
import { recover } from "./recover.ts";
import { createRunner } from "./runner.ts";
import { createStops } from "./stops.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

export interface Built {
  readonly webhooksFetch: Fetch;
  readonly adminFetch: Fetch;
  readonly token: string;
  /** Set once the admin listener is bound; agents are told it. */
  readonly adminUrl: { value: string };
  readonly durability: Readonly<Record<string, string>>;
  /** Starts the loops. Resolves with a reason if one of them ends by an error that nobody expected. */
  start(): Promise<string>;
  /** Ends the loops and closes the store; agents live on. */
  stop(): Promise<void>;
}
