/** The runner: what it needs, from the ground; the loop that knows who was asked to stop; and the runs of before. */

import type { Bases } from "../../forges/git/base.ts";
import type { Workspaces } from "../../forges/git/workspace.ts";
import { createWorkspaces } from "../../forges/git/workspaces.ts";
import { systemChance } from "../../system/chance.ts";
import { codeCache } from "../../system/code-cache.ts";
import { systemCommands } from "../../system/commands.ts";
import { systemFileFetch } from "../../system/fetch/file.ts";
import { seedHome } from "../../system/files/seed.ts";
import { folderSize } from "../../system/files/size.ts";
import { systemTree } from "../../system/files/tree.ts";
import { systemHttp } from "../../system/http.ts";
import { systemProcesses } from "../../system/process/linux.ts";
import { createTurns } from "../../system/turns.ts";
import { PUBLISHED_AT_ONCE } from "../../workflow/limits.ts";
import { createHost, type Host } from "../host.ts";
import { limited } from "../isolation.ts";
import type { Loop } from "../loops.ts";
import type { Preflight } from "../merging/preflight.ts";
import { makeCloneAccess } from "../outside/clone-access.ts";
import type { RunnerPorts } from "../run/ports.ts";
import { createProgress } from "../run/progress.ts";
import { createChecks } from "../run/proof/check-process.ts";
import { recover } from "../run/recover.ts";
import { createRunner, type Runner } from "../run/runner.ts";
import { createStops } from "../run/stops.ts";
import type { ImagePorts } from "../run/told/images.ts";
import { wallsAroundSteps } from "../run/walls.ts";
import { type Ground, runsDirectory } from "./ground.ts";

export interface WiredRunner {
  readonly runner: Runner;
  readonly host: Host;
  /** Others that look after runs need the same. */
  readonly ports: RunnerPorts;
  /** Branches of remotes, for those who ask about them. */
  readonly bases: Bases;
  readonly stops: Loop;
  /** Goes on with every run that an earlier daemon left; before anything is claimed. */
  recover(): Promise<void>;
}

const IDENTITY = { name: "Chargehand", email: "chargehand@localhost" };

/**
 * @param gitEnv the environment of which git sees an allow-listed part
 * @param windowSettings what the open window of a project says of its agents
 */
export function wireRunner(
  ground: Ground,
  gitEnv: Ground["env"],
  windowSettings: RunnerPorts["windowSettings"],
  { preflight, imagesOf }: { readonly preflight: Preflight; readonly imagesOf: ImagePorts["askOf"] },
): WiredRunner {
  const { store, clock, log, end, bells } = ground;
  const stops = createStops(store.runs, log);
  const host = createHost(clock, bells.jobs.ring);
  const workspaces = workspacesOf(ground, gitEnv);
  const images = {
    ...{ fetch: systemFileFetch(ground.env), files: ground.files, clock, askOf: imagesOf },
    directory: `${ground.config.dataDir}/images`,
  };
  const ports = { ...portsOf(ground, workspaces, stops, host), windowSettings, preflight, images };
  const runner = createRunner(ports, end.signal);
  return {
    runner,
    host,
    ports,
    bases: workspaces,
    stops: { name: "stops", run: ({ bell }) => stops.watch(bell(bells.stops), end.signal) },
    async recover(): Promise<void> {
      await recover(store.runs, runner.adopt, log);
    },
  };
}

function workspacesOf(ground: Ground, environment: Ground["env"]): Workspaces & Bases {
  const { config, files, clock, log, env } = ground;
  const net = { http: systemHttp(env), clock, secret: log.redactor.learnPassing };
  return createWorkspaces({
    commands: systemCommands(),
    environment,
    identity: IDENTITY,
    files,
    dataDir: config.dataDir,
    clock,
    inside: wallsAroundSteps(ground.isolation.walls),
    codeCache: codeCache(),
    // Read at each call, and so follows a reload.
    credentialFor: makeCloneAccess(() => ground.config.sources, net),
  });
}

function portsOf(
  ground: Ground,
  workspaces: Workspaces,
  stops: RunnerPorts["stops"],
  host: Host,
): Omit<RunnerPorts, "windowSettings"> {
  const { config, inForce, env, store, clock, files, log, adminUrl } = ground;
  const commands = systemCommands();
  const processes = limited(systemProcesses(clock, { spare: true }), ground);
  return {
    store,
    clock,
    files,
    log,
    stops,
    host,
    progress: createProgress(store.runs, clock),
    turns: createTurns(),
    publishing: createTurns(PUBLISHED_AT_ONCE),
    chance: systemChance(clock.now),
    processes,
    checks: createChecks({ clock, processes, files }),
    workspaces,
    profiles: inForce.profiles,
    projects: inForce.everKnown,
    accounts: inForce.accounts,
    prices: inForce.prices,
    keptForMs: () => inForce.config.retention.keptForMs,
    runsDirectory: runsDirectory(config),
    walls: ground.isolation.walls,
    tree: systemTree(),
    homes: { seed: seedHome },
    homesDirectory: `${config.dataDir}/homes`,
    dataDir: config.dataDir,
    measure: (folder) => folderSize({ commands, path: env["PATH"] }, folder),
    environment: env,
    adminUrl: () => adminUrl.value,
  };
}
