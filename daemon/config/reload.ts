/**
 * SIGHUP: the file is read again, and what can change without a restart changes (DESIGN §5, *Shutdown*).
 *
 * L1. A file with problems changes nothing: the last good configuration stays in force, every problem is told in the
 *     log, and the status says so until a good file has been read.
 * L2. What needs a restart is refused by name; everything else in the file takes effect. Agents that run are left
 *     alone.
 * L3. Asked for while one is on its way, another one follows: the last one sees the file as it is after the last
 *     asking.
 * L4. Nothing that happens here ends the daemon.
 */

import type { ConfigHealth } from "../../handlers/api/base.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import type { Clock } from "../../system/clock.ts";
import type { AdjustableLog } from "../../system/log.ts";
import { stackOf } from "../../system/stack.ts";
import type { Config } from "./config.ts";
import { printProblem } from "./file.ts";
import type { LoadedConfig } from "./load.ts";
import { mergeConfig } from "./restart.ts";

export interface ReloadPorts {
  /** Reads the file that the daemon was started with. */
  readonly load: () => Promise<LoadedConfig>;
  /** The configuration in force. */
  readonly inForce: () => Config;
  /** Puts it in force, or throws a {@link StoreFault} and has changed nothing. */
  readonly apply: (config: Config) => Promise<void>;
  /** What the status tells. */
  readonly health: { value: ConfigHealth };
  readonly log: AdjustableLog;
  readonly clock: Clock;
  readonly onReloading: () => void;
  /** The reload is over, well or badly. */
  readonly onReloaded: () => void;
}

export interface Reload {
  /** Never throws; returns at once (L3). */
  ask(): void;
  /** Resolves when everything that was asked for is done. */
  settled(): Promise<void>;
}

export function createReload(ports: ReloadPorts): Reload {
  let isAsked = false;
  let work: Promise<void> | null = null;
  const reloadAll = async (): Promise<void> => {
    ports.onReloading();
    while (isAsked) {
      isAsked = false;
      await reloadOnce(ports);
    }
    work = null;
    ports.onReloaded();
  };
  return {
    ask(): void {
      isAsked = true;
      work ??= reloadAll();
    },
    settled: async () => {
      await work;
    },
  };
}

async function reloadOnce(ports: ReloadPorts): Promise<void> {
  const { log, clock, health } = ports;
  try {
    const loaded = await ports.load();
    if (loaded.kind === "problems") return keep(ports, loaded.problems.map(printProblem));
    const merged = mergeConfig(ports.inForce(), loaded.config);
    // Before anything acts on it: what is secret in the new file must not be told by what it causes (I12).
    log.adjust(merged.config.logLevel, loaded.secrets);
    await ports.apply(merged.config);
    const { file } = merged.config;
    health.value = { file, loadedAt: clock.now(), error: null, restartNeeded: merged.refused };
    log.info({ event: "config.reloaded", file, projects: merged.config.projects.map(({ name }) => name) });
    if (merged.refused.length > 0)
      log.warn({
        event: "config.restart_needed",
        keys: merged.refused,
        reason: "these keys have new values, which need a restart; the old ones stay in force until then",
      });
  } catch (error) {
    const said = error instanceof StoreFault ? `${error.message}: ${error.hint}` : stackOf(error);
    log.adjust(ports.inForce().logLevel, []);
    keep(ports, [said]);
  }
}

/** L1. */
function keep({ log, health }: ReloadPorts, problems: readonly string[]): void {
  for (const problem of problems) log.error({ event: "config.problem", problem });
  log.error({
    event: "config.kept",
    problems: problems.length,
    reason: "the configuration that was loaded last stays in force",
  });
  health.value = { ...health.value, error: problems.join("\n") };
}
