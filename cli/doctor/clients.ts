/** The clients of the sources that are configured, as a daemon would make them. */

import type { ForgeClient, TrackerClient } from "../../forges/client.ts";
import { KITS } from "../../handlers/sources.ts";
import type { Place } from "./place.ts";

export interface SourceClient {
  /** As the configuration calls it. */
  readonly source: string;
  /** It keeps repositories, which projects name by `repo`. */
  readonly isForge: boolean;
  /** `null` where there is no token to ask with. */
  readonly client: TrackerClient | null;
  /** Webhooks of it are taken: there is a secret to prove them with. */
  readonly takesWebhooks: boolean;
  /** How often it is asked what has happened (ms); `null`: as a net below webhooks alone. */
  readonly pollMs: number | null;
  /** Further accounts, by name. */
  readonly accounts: ReadonlyMap<string, TrackerClient>;
}

export interface SourcePorts extends Pick<Place, "http" | "clock"> {
  readonly config: Pick<Place["config"], "sources">;
}

export function clientsOf({ config, http, clock }: SourcePorts): readonly SourceClient[] {
  return KITS.flatMap((kit): SourceClient[] => {
    const settings = config.sources[kit.name];
    if (settings === undefined) return [];
    const client = kit.connect(settings, { http, clock });
    return [
      {
        source: kit.name,
        isForge: kit.config.project === null,
        client: isTracker(client) ? client : null,
        takesWebhooks: kit.webhooks(settings).length > 0,
        pollMs: kit.watched?.everyMs(settings) ?? null,
        accounts: new Map(
          [...(kit.accounts?.(settings) ?? [])].flatMap(([name, its]) => {
            const other = kit.connect(its, { http, clock });
            return isTracker(other) ? [[name, other] as const] : [];
          }),
        ),
      },
    ];
  });
}

/** Of the sources that keep repositories, the first that can be asked. */
export function forgeOf(all: readonly SourceClient[]): ForgeClient | null {
  const found = all.map(({ client }) => client).find((client) => client !== null && isForge(client));
  return found !== undefined && found !== null && isForge(found) ? found : null;
}

function isTracker(client: unknown): client is TrackerClient {
  return typeof client === "object" && client !== null && "ask" in client;
}

export function isForge(client: TrackerClient): client is ForgeClient {
  return "repository" in client.ask;
}
