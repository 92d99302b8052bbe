/**
 * The home of an account: where its agents have their logins, settings and sessions.
 *
 * O1. Inside walls every account has one, and sees no other home. Without walls it has one if the configuration says
 *     so.
 * O2. It is made when it is first needed, with what its program has in the home that the account has used so far, so
 *     that logins and sessions go on. Whole or not at all: a daemon that dies meanwhile leaves nothing half-made.
 */

import type { AgentProfile } from "../workflow/project.ts";
import { backendFor } from "./registry.ts";
import type { Walls } from "./sandbox/walls.ts";

export interface HomePorts {
  readonly walls: Pick<Walls, "level">;
  readonly accounts: ReadonlyMap<string, AccountSettings>;
  readonly homesDirectory: string;
}

/** What the configuration says of an account, as far as its runs are concerned. */
export interface AccountSettings {
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly home?: string | null;
}

/** Copies what a program needs into a home that is not there yet. */
export interface HomeSeed {
  /** @param paths relative to both homes; one that ends in `*` stands for all that begin so */
  seed(from: string | null, to: string, paths: readonly string[]): Promise<boolean>;
}

/** The account's home (absolute), or `null` where it goes by the home of the daemon's user. */
export function homeOf(ports: HomePorts, account: string | null, profile: AgentProfile): string | null {
  const settings = account === null ? undefined : ports.accounts.get(account);
  const own = settings?.home ?? settings?.env["HOME"] ?? null;
  if (own !== null || ports.walls.level === "none") return own;
  return `${ports.homesDirectory}/${account ?? profile.backend}`;
}

/** Makes it, if it is not there, from the home that the account's agents have had so far (O2). */
export async function makeHome(
  { homes, environment, dataDir }: MakingPorts,
  home: string,
  backend: string,
): Promise<void> {
  const before = environment["HOME"] ?? null;
  await homes.seed(before, home, backendFor(backend).keeps(`${dataDir}/worktrees`));
}

interface MakingPorts {
  readonly homes: HomeSeed;
  /** The daemon's. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly dataDir: string;
}
