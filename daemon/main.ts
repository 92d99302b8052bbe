/**
 * Starts the daemon and keeps it until it is told to stop. SIGTERM and SIGINT end it (`shutdown.ts`), SIGHUP has the
 * configuration read again (`config/reload.ts`).
 */

import { StoreFault } from "../store/engine/engine.ts";
import type { Clock } from "../system/clock.ts";
import { systemClock } from "../system/clock.ts";
import { systemFiles } from "../system/files.ts";
import { type AdjustableLog, createLog, type Log } from "../system/log.ts";
import { openFilesMax } from "../system/open-files.ts";
import { type Ballast, withRoom } from "./ballast.ts";
import { type Built, build } from "./build.ts";
import type { Config } from "./config/config.ts";
import { loadConfig } from "./config/load.ts";
import { createReload, type Reload } from "./config/reload.ts";
import { takeDataDirectory } from "./data-directory.ts";
import { limitsTrouble } from "./isolation.ts";
import { givenSockets } from "./listener/activation.ts";
import { type Listener, listen } from "./listener/listen.ts";
import { grantShares } from "./listener/shares.ts";
import { departFromRuns } from "./shutdown.ts";
import { hearSignals } from "./signals.ts";
import { Unusable, using } from "./unusable.ts";
import type { Start } from "./wiring/ground.ts";

/** DESIGN §5, *Shutdown*: together with the 2 s for runs that are being started it stays under 10 s. */
const REQUESTS_GRACE_MS = 4_000;
/** Beside the requests. */
const FLUSH_GRACE_MS = 5_000;
const LOOPS_GRACE_MS = 2_000;
const TOLD_GRACE_MS = 500;

export interface Daemon extends Pick<Built, "apply" | "config" | "departure" | "health" | "serviceManager"> {
  readonly webhooksUrl: string;
  readonly adminUrl: string;
  readonly token: string;
  /** Stops accepting, finishes requests in flight, leaves agents running. */
  stop(): Promise<void>;
  /** Resolves with the reason when a loop ends by an error that nobody expected. */
  readonly broken: Promise<string>;
}

export type Started =
  | { readonly kind: "running"; readonly daemon: Daemon }
  /** One sentence for the operator: what, where, and what to do. */
  | { readonly kind: "failed"; readonly reason: string };

export async function startDaemon(start: Start, log: Log): Promise<Started> {
  try {
    const lock = await takeDataDirectory(systemFiles(), start.config.dataDir);
    if (lock.kind === "held") return await startAlone(start, log, () => lock.release());
    return failed(
      `another daemon is running on ${start.config.dataDir}; stop it, or give this one its own data_dir`,
    );
  } catch (error) {
    if (error instanceof StoreFault) return failed(`${error.message}: ${error.hint}`);
    if (error instanceof Unusable) return failed(error.message);
    throw error;
  }
}

/** With the data directory for ourselves; `release` gives it back, and is called here when the start fails. */
async function startAlone(start: Start, log: Log, release: () => void): Promise<Started> {
  const files = systemFiles();
  const clock = systemClock();
  try {
    const trouble = await limitsTrouble(start);
    if (trouble !== null) {
      release();
      return failed(trouble);
    }
    const built = await build(start, log, clock, files);
    const started = await open(start, built, log, clock, release).catch(async (error: unknown) => {
      await built.stop(0);
      throw error;
    });
    if (started.kind === "failed") {
      await built.stop(0);
      release();
    }
    return started;
  } catch (error) {
    release();
    throw error;
  }
}

async function open(
  { config, env }: Start,
  built: Built,
  log: Log,
  clock: Clock,
  release: () => void,
): Promise<Started> {
  const given = givenSockets(env, process.pid);
  const { server } = config;
  const shares = grantShares(server.connections, openFilesMax(), log);
  const admin = await listen({
    name: "admin",
    fetch: built.adminFetch,
    address: server.admin,
    given: given.admin,
    connectionsMax: shares.admin,
    ...{ clock, log },
  });
  if (admin.kind === "failed") return admin;
  built.adminUrl.value = admin.listener.url;
  const webhooks = await listen({
    name: "webhooks",
    fetch: built.webhooksFetch,
    address: server.webhooks,
    given: given.webhooks,
    connectionsMax: shares.webhooks,
    ...{ clock, log },
  });
  if (webhooks.kind === "failed") {
    await admin.listener.close(0);
    return webhooks;
  }
  const listeners = [webhooks.listener, admin.listener];
  const urls = { webhooksUrl: webhooks.listener.url, adminUrl: admin.listener.url };
  // Before anything is claimed: a start that fails here has started no agent.
  await announce(config, clock, urls, built.ballast).catch(async (error: unknown) => {
    await Promise.all(listeners.map((listener) => listener.close(0)));
    throw error;
  });
  const broken = built.start();
  log.info({
    event: "daemon.started",
    pid: process.pid,
    webhooks: urls.webhooksUrl,
    admin: urls.adminUrl,
    ...built.durability,
  });
  const stop = once(() => close(config, built, listeners, log, release));
  const { apply, config: inForce, departure, health, serviceManager, token } = built;
  const parts = { apply, config: inForce, departure, health, serviceManager, token };
  return { kind: "running", daemon: { ...urls, ...parts, stop, broken } };
}

/** `daemon.json` tells the CLI where the daemon is, for as long as it runs. */
async function announce(
  config: Config,
  clock: Clock,
  urls: { webhooksUrl: string; adminUrl: string },
  ballast: Ballast,
): Promise<void> {
  const text = {
    pid: process.pid,
    started_at: new Date(clock.now()).toISOString(),
    webhooks_url: urls.webhooksUrl,
    admin_url: urls.adminUrl,
  };
  const path = `${config.dataDir}/daemon.json`;
  const remedy = "it must be a file that the daemon's user may write; it may be removed";
  await using(path, remedy, () =>
    withRoom(ballast, () => systemFiles().write("announce", path, `${JSON.stringify(text)}\n`)),
  );
}

async function close(
  config: Config,
  built: Built,
  listeners: readonly Listener[],
  log: Log,
  release: () => void,
): Promise<void> {
  log.info({ event: "daemon.stopping" });
  built.hangUp();
  await Promise.all([
    ...listeners.map((listener) => listener.close(REQUESTS_GRACE_MS)),
    built.flush(FLUSH_GRACE_MS),
  ]);
  await built.stop(LOOPS_GRACE_MS);
  await systemFiles().remove("announce", `${config.dataDir}/daemon.json`);
  release();
  log.info({ event: "daemon.stopped" });
}

/**
 * `chargehand serve`: runs until SIGTERM or SIGINT, and then ends the process, whatever may still hang in it; so it
 * returns only when the daemon could not be started. Resolves to the exit code.
 */
export async function serve(start: Start, secrets: readonly string[]): Promise<number> {
  // What is written from here on is this user's alone, whatever the caller's habits.
  process.umask(0o077);
  // From here on no signal takes the process by surprise, also while it is still starting.
  const signals = hearSignals(() => process.exit(0));
  const { logLevel: level } = start.config;
  const log = createLog({ pretty: process.stderr.isTTY === true, level, redact: [...secrets] });
  const started = await startDaemon(start, log);
  if (started.kind === "failed") {
    log.error({ event: "daemon.refused", reason: started.reason });
    return 1;
  }
  const { daemon } = started;
  void daemon.serviceManager.ready();
  const reload = reloadOf(start, daemon, log);
  signals.onHangUp(reload.ask);
  let code = 0;
  const broken = daemon.broken.then((reason) => {
    log.error({ event: "daemon.broken", reason });
    code = 1;
    signals.hurryUp();
  });
  await Promise.race([signals.asked, broken]);
  signals.onHangUp(() => undefined);
  await reload.settled();
  const told = daemon.serviceManager.stopping();
  if (code === 0) {
    const mode = daemon.config().shutdown;
    // Whoever asks twice does not want to wait for agents; where nobody waits for them, the process ends at once.
    if (mode !== "detach") signals.bePatient();
    await departFromRuns(mode, daemon.departure, signals.hurry);
  }
  await daemon.stop();
  // A `systemd-notify` that is still at work would be left over by this process, and systemd would warn of it.
  await Promise.race([told, systemClock().sleep(TOLD_GRACE_MS)]);
  process.exit(code);
}

function reloadOf(start: Start, daemon: Daemon, log: AdjustableLog): Reload {
  return createReload({
    log,
    clock: systemClock(),
    load: () => loadConfig({ path: start.config.file, env: start.env }),
    inForce: daemon.config,
    apply: daemon.apply,
    health: daemon.health,
    onReloading: () => void daemon.serviceManager.reloading(),
    onReloaded: () => void daemon.serviceManager.ready(),
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
}

function failed(reason: string): Started {
  return { kind: "failed", reason };
}
