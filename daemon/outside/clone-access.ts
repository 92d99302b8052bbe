/**
 * What git says to remotes over HTTPS, as the configuration in force has it: the token of the source that keeps them,
 * or one that its API gives an App for a while. Clients are made once for their settings, and keep such tokens.
 */

import { isDeepStrictEqual } from "node:util";
import { type CredentialFor, repositoryOf, secureHost } from "../../forges/git/credentials.ts";
import type { Net } from "../../handlers/kit.ts";
import { type AnyKit, cloneAccess, KITS, type SourceSettings } from "../../handlers/sources.ts";

/** @param net is told of each token, so that no log shows it */
export function makeCloneAccess(sources: () => SourceSettings, net: Net, kits = KITS): CredentialFor {
  const clients = new Map<string, { readonly of: unknown; readonly client: unknown }>();
  const clientOf = (kit: AnyKit, settings: unknown): unknown => {
    const known = clients.get(kit.name);
    if (known !== undefined && isDeepStrictEqual(known.of, settings)) return known.client;
    const client = kit.connect(settings, net);
    clients.set(kit.name, { of: settings, client });
    return client;
  };
  return async (address, refused) => {
    const access = cloneAccess(sources(), secureHost(address), kits);
    if (access === null) return null;
    const { kit, username, password } = access;
    if (password !== null) return { username, password };
    const repo = repositoryOf(address);
    if (repo === null || kit.gitToken === undefined) return null;
    const client = clientOf(kit, sources()[kit.name]);
    const told = await kit.gitToken(client, repo, refused?.password ?? null);
    return told.kind === "ok" ? { username, password: told.value } : { reason: told.reason };
  };
}
