/**
 * The environment of an agent: an allow-list, because what is not named cannot leak (I12).
 *
 * N1. Nothing is inherited. The daemon's own secrets, sockets and tokens reach an agent only by the profile's naming.
 * N2. Some names reach it not even then: those by which systemd talks to the daemon (an agent that inherits
 *     `NOTIFY_SOCKET` speaks in the daemon's name), and the daemon's own `CHARGEHAND_*`, among them the admin token.
 * N3. What the house sets wins over what the profile names: the mark of the run (`workflow/run.ts`), by which strays
 *     are found, cannot be replaced, and `TZ=UTC` makes reset times in messages mean what they say.
 */

import type { AgentProfile } from "../workflow/project.ts";

export interface EnvironmentParts {
  /** The daemon's environment. */
  readonly daemon: Readonly<Record<string, string | undefined>>;
  readonly profile: Pick<AgentProfile, "env">;
  /** The environment set of the account that the run uses. */
  readonly account: Readonly<Record<string, string>>;
  /** What the backend's program needs. */
  readonly backend: Readonly<Record<string, string>>;
  /** The mark of the run and its sisters. */
  readonly own: Readonly<Record<string, string>>;
}

/** The whole environment of the agent process. */
export function agentEnvironment(parts: EnvironmentParts): Record<string, string> {
  const env: Record<string, string> = { ...DEFAULTS };
  for (const name of [...ALLOWED, ...parts.profile.env]) {
    const value = parts.daemon[name];
    if (value !== undefined && !FORBIDDEN.test(name)) env[name] = value;
  }
  return { ...parts.backend, ...env, ...parts.account, TZ: "UTC", ...parts.own };
}

const ALLOWED = ["PATH", "HOME", "LANG", "TERM"];

/** For a daemon that was started with nothing, as by systemd. */
const DEFAULTS = { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8", TERM: "dumb" };

const FORBIDDEN =
  /^(LISTEN_|NOTIFY_SOCKET$|WATCHDOG_|CHARGEHAND_|CREDENTIALS_DIRECTORY$|INVOCATION_ID$|JOURNAL_STREAM$)/;
