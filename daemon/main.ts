/** Starts the daemon and keeps it until it is told to stop. The process's signals are handled here and nowhere else. */

import { StoreFault } from "../store/engine.ts";
import type { Clock } from "../system/clock.ts";
import { systemClock } from "../system/clock.ts";
import { systemFiles } from "../system/files.ts";
import { acquireLock } from "../system/lock.ts";
import { createLog, type Log } from "../system/log.ts";
import { type Built, build } from "./build.ts";
import type { Config } from "./config.ts";
import type { Start } from "./ground.ts";
import { type Listener, listen } from "./listen.ts";

/** DESIGN §5, *Shutdown*: everything together stays under 10 s. */
const CLOSE_GRACE_MS = 4_000;

export interface Daemon {
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
  const { config } = start;
  const files = systemFiles();
  const clock = systemClock();
  await files.makeDirectory("start", config.dataDir);
  const lock = acquireLock(`${config.dataDir}/daemon.lock`);
  if (lock.kind === "taken") {
    return failed(
      `another daemon is running on ${config.dataDir}; stop it, or give this one its own data_dir`,
    );
  }
  try {
    const built = await build(start, log, clock, files);
    const started = await open(config, built, log, clock, () => lock.release());
    if (started.kind === "failed") {
      await built.stop();
      lock.release();
    }
    return started;
  } catch (error) {
    lock.release();
    if (error instanceof StoreFault) return failed(`${error.message}: ${error.hint}`);
    throw error;
  }
}

async function open(
  config: Config,
  built: Built,
  log: Log,
  clock: Clock,
  release: () => void,
): Promise<Started> {
  const admin = await listen("admin", built.adminFetch, config.server.admin, clock);
  if (admin.kind === "failed") return admin;
  built.adminUrl.value = admin.listener.url;
  const webhooks = await listen("webhooks", built.webhooksFetch, config.server.webhooks, clock);
  if (webhooks.kind === "failed") {
    await admin.listener.close(0);
    return webhooks;
  }
  const broken = built.start();
  const urls = { webhooksUrl: webhooks.listener.url, adminUrl: admin.listener.url };
  await announce(config, clock, urls);
  log.info({
    event: "daemon.started",
    pid: process.pid,
    webhooks: urls.webhooksUrl,
    admin: urls.adminUrl,
    ...built.durability,
  });
  const stop = once(() => close(config, built, [webhooks.listener, admin.listener], log, release));
  return { kind: "running", daemon: { ...urls, token: built.token, stop, broken } };
}

/** `daemon.json` tells the CLI where the daemon is, for as long as it runs. */
async function announce(
  config: Config,
  clock: Clock,
  urls: { webhooksUrl: string; adminUrl: string },
): Promise<void> {
  const text = {
    pid: process.pid,
    started_at: new Date(clock.now()).toISOString(),
    webhooks_url: urls.webhooksUrl,
    admin_url: urls.adminUrl,
  };
  await systemFiles().write("announce", `${config.dataDir}/daemon.json`, `${JSON.stringify(text)}\n`);
}

async function close(
  config: Config,
  built: Built,
  listeners: readonly Listener[],
  log: Log,
  release: () => void,
): Promise<void> {
  log.info({ event: "daemon.stopping" });
  await Promise.all(listeners.map((listener) => listener.close(CLOSE_GRACE_MS)));
  await built.stop();
  await systemFiles().remove("announce", `${config.dataDir}/daemon.json`);
  release();
  log.info({ event: "daemon.stopped" });
}

/**
 * `chargehand serve`: runs until SIGTERM or SIGINT; a second one exits at once. Resolves to the exit code.
 */
export async function serve(start: Start, secrets: readonly string[]): Promise<number> {
  const { config } = start;
  const log = createLog({
    pretty: process.stderr.isTTY === true,
    level: config.logLevel,
    redact: [...secrets],
  });
  const started = await startDaemon(start, log);
  if (started.kind === "failed") {
    log.error({ event: "daemon.refused", reason: started.reason });
    return 1;
  }
  const asked = new Promise<number>((resolve) => {
    const end = (): void => {
      process.once("SIGTERM", () => process.exit(0)).once("SIGINT", () => process.exit(0));
      resolve(0);
    };
    process.once("SIGTERM", end).once("SIGINT", end);
  });
  const broken = started.daemon.broken.then((reason) => {
    log.error({ event: "daemon.broken", reason });
    return 1;
  });
  const code = await Promise.race([asked, broken]);
  await started.daemon.stop();
  return code;
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
