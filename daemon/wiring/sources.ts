/** The accounts that Chargehand acts as: what they do comes back as webhooks and must start nothing. */

import { createGithub, type Github } from "../../forges/github.ts";
import { createPlane, type Plane } from "../../forges/plane.ts";
import type { Accounts } from "../../handlers/sources.ts";
import type { Clock } from "../../system/clock.ts";
import type { Http } from "../../system/http.ts";
import type { Log } from "../../system/log.ts";
import type { Config } from "../config/load.ts";

export interface Clients {
  readonly github: Github | null;
  readonly plane: Plane | null;
}

/** A client for each source that has a token. */
export function createClients(config: Config, http: Http, clock: Clock): Clients {
  const { github, plane } = config.sources;
  return {
    github: github?.token ? createGithub({ http, clock, apiUrl: github.apiUrl, token: github.token }) : null,
    plane:
      plane?.token && plane.workspace
        ? createPlane({ http, clock, apiUrl: plane.apiUrl, token: plane.token, workspace: plane.workspace })
        : null,
  };
}

/**
 * As configured, or as the token says. Where nobody answers, the hidden marker in our own comments is still there to
 * stop loops, so the daemon goes on and says so.
 */
export async function findAccounts(config: Config, clients: Clients, log: Log): Promise<Accounts> {
  const { github, plane } = config.sources;
  const accounts: { -readonly [K in keyof Accounts]: Accounts[K] } = {};
  if (github?.account) accounts.github = { login: github.account, id: null };
  else if (clients.github !== null) {
    const me = await clients.github.whoami();
    if (me.kind === "ok") accounts.github = me.value;
    else log.warn({ event: "account.unknown", source: "github", reason: me.reason });
  }
  if (plane?.account) accounts.plane = { login: null, id: plane.account };
  else if (clients.plane !== null) {
    const me = await clients.plane.whoami();
    if (me.kind === "ok") accounts.plane = { login: null, id: me.value.id };
    else log.warn({ event: "account.unknown", source: "plane", reason: me.reason });
  }
  return accounts;
}
