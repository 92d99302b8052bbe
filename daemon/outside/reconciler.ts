/** The reconciler in the daemon: what it looks at, as the configuration in force has it, and how it tells of it. */

import { isDeepStrictEqual } from "node:util";
import type { Intake } from "../../handlers/intake.ts";
import { KITS, type SourceSettings, webhookSources } from "../../handlers/sources.ts";
import { createReconciler } from "../../reconciler/loop.ts";
import type { Place, Watcher } from "../../reconciler/ports.ts";
import { watcherOf } from "../../reconciler/watchers.ts";
import type { Clock } from "../../system/clock.ts";
import { type Http, systemHttp } from "../../system/http.ts";
import type { Pulse } from "../../system/pulse.ts";
import { createWake, type Wake } from "../../system/wake.ts";
import { SOURCES } from "../../workflow/delivery.ts";
import type { PlaceStanding } from "../../workflow/outside/watched.ts";
import type { Project } from "../../workflow/project.ts";
import { folded } from "../../workflow/text/same.ts";
import type { Config } from "../config/config.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "../wiring/ground.ts";

/** Where webhooks come, asking is only the net below them. */
const EVERY_MS = 600_000;

export interface WiredReconciler {
  readonly loop: Loop;
  readonly standings: () => readonly PlaceStanding[];
}

export function wireReconciler(ground: Ground, intake: Pick<Intake, "record">): WiredReconciler {
  const { store, log, inForce, end, env } = ground;
  let standings: WiredReconciler["standings"] = () => [];
  return {
    standings: () => standings(),
    loop: {
      name: "reconciler",
      async run(pulse): Promise<void> {
        const { clock } = pulse;
        const http = audible(systemHttp(env), pulse);
        const places = makePlaces(() => inForce.config, { http, clock });
        const wake = heeding(pulse.bell(createWake(ground.clock)), () => inForce.replaced);
        const reconciler = createReconciler({ store, record: intake.record, places, clock, log, wake });
        standings = reconciler.standings;
        await reconciler.run(end.signal);
      },
    },
  };
}

/** A host that does not answer costs each question its time; that is no hanging. */
function audible(http: Http, pulse: Pulse): Http {
  return {
    request(operation, request) {
      pulse.beat();
      return http.request(operation, request);
    },
  };
}

/** A reload is looked at once: there may be another place. */
function heeding({ ring, wait }: Wake, replaced: () => AbortSignal): Wake {
  return { ring, wait: (ms, signal) => wait(ms, AbortSignal.any([signal, replaced()])) };
}

/** The same places as long as the configuration is; what was learnt of a host stays as long as its settings do. */
function makePlaces(
  inForce: () => Config,
  net: { readonly http: Http; readonly clock: Clock },
): () => readonly Place[] {
  let watchers: { readonly of: SourceSettings; readonly made: ReadonlyMap<string, Watcher> } | null = null;
  let made: { readonly of: Config; readonly places: readonly Place[] } | null = null;
  return () => {
    const config = inForce();
    if (made?.of === config) return made.places;
    if (watchers === null || !isDeepStrictEqual(watchers.of, config.sources))
      watchers = { of: config.sources, made: watchersOf(config.sources, net) };
    made = { of: config, places: placesOf(config, watchers.made) };
    return made.places;
  };
}

function watchersOf(
  sources: SourceSettings,
  net: { readonly http: Http; readonly clock: Clock },
): ReadonlyMap<string, Watcher> {
  return new Map(
    KITS.flatMap(({ name, connect, watched }) => {
      const settings = sources[name];
      const client = settings === undefined || watched === undefined ? null : connect(settings, net);
      const watcher = client === null || watched === undefined ? null : watcherOf(name, watched.ask(client));
      return watcher === null ? [] : [[name, watcher] as const];
    }),
  );
}

/** A place of several projects is looked at once for all of them. */
export function placesOf(
  { sources, projects }: Pick<Config, "sources" | "projects">,
  watchers: ReadonlyMap<string, Watcher>,
): readonly Place[] {
  return KITS.flatMap(({ name: kit, watched }) => {
    const watcher = watchers.get(kit);
    const source = SOURCES.find((one) => one === kit);
    if (watched === undefined || watcher === undefined || source === undefined) return [];
    const everyMs = watched.everyMs(sources[source]) ?? EVERY_MS;
    const hears = isHeard(kit, sources[kit]);
    const byPlace = new Map<string, { readonly name: string; readonly projects: Project[] }>();
    for (const project of projects) {
      const name = watched.placeOf(project);
      if (name === null) continue;
      const known = byPlace.get(folded(name));
      if (known === undefined) byPlace.set(folded(name), { name, projects: [project] });
      else known.projects.push(project);
    }
    return [...byPlace.values()].map((place) => ({ ...place, source, everyMs, hears, watcher }));
  });
}

function isHeard(kit: string, settings: unknown): boolean {
  return webhookSources({ [kit]: settings }).length > 0;
}
