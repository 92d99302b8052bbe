/** The door for people: the API on the admin listener. */

import { adminApp } from "../../handlers/api/app.ts";
import type { ApiOptions, ConfigHealth } from "../../handlers/api/base.ts";
import { systemChance } from "../../system/chance.ts";
import type { Fetch } from "../listener/listen.ts";
import { dropSecrets, keepSecrets } from "../run/told/secrets.ts";
import { type Ground, runsDirectory } from "./ground.ts";

export function wireAdmin(
  ground: Ground,
  token: string,
  health: { readonly value: ConfigHealth },
  rooms: Pick<
    ApiOptions,
    | "keptWorks"
    | "recurring"
    | "schedules"
    | "resting"
    | "paces"
    | "choices"
    | "chats"
    | "trials"
    | "tryWebhook"
    | "unknownLogins"
    | "wrongSecrets"
    | "watched"
  >,
): Fetch {
  const { config, inForce, version, store, files, clock, log, engine, isolation, closing } = ground;
  const { journal, synchronous } = engine.durability;
  const places = { files, log, dataDir: config.dataDir, chance: systemChance(clock.now) };
  const api = adminApp({
    store,
    files,
    clock,
    log,
    token,
    hostNames: () => {
      const { admin, adminNames } = inForce.config.server;
      return [admin.host.toLowerCase(), ...adminNames];
    },
    version,
    projects: inForce.projects,
    agents: inForce.profiles,
    ...rooms,
    secrets: {
      keep: (question, values) => keepSecrets(places, question, values),
      drop: (question, name) => dropSecrets(places, question, name),
    },
    config: () => health.value,
    walls: () => ({ level: isolation.walls.level, trouble: isolation.trouble() }),
    pid: process.pid,
    startedAt: clock.now(),
    database: { engine: engine.name, journal, synchronous },
    runsDirectory: runsDirectory(config),
    signal: closing.signal,
  });
  return api.fetch;
}
