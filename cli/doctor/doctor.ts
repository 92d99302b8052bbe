/** All checks. A new one is a file in `checks/`, and a line here. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIsolation, type Isolation } from "../../daemon/isolation.ts";
import { systemCommands } from "../../system/commands.ts";
import { systemTree } from "../../system/files/tree.ts";
import { systemHttp } from "../../system/http.ts";
import { nullLog } from "../../system/log.ts";
import { createRedactor } from "../../system/redactor.ts";
import type { Ports } from "../ports.ts";
import { agentChecks } from "./checks/agents.ts";
import { chatChecks } from "./checks/chats.ts";
import { configurationChecks, configurationFaults } from "./checks/configuration.ts";
import { daemonChecks } from "./checks/daemon.ts";
import { dataChecks } from "./checks/data.ts";
import { gitChecks } from "./checks/git.ts";
import { hookChecks } from "./checks/hooks.ts";
import { machineChecks } from "./checks/machine.ts";
import { repositoryChecks } from "./checks/repositories.ts";
import { scheduleChecks } from "./checks/schedules.ts";
import { sourceChecks } from "./checks/sources.ts";
import { systemdChecks } from "./checks/systemd.ts";
import { trackerChecks } from "./checks/trackers.ts";
import { type Examined, examine } from "./examine.ts";
import type { Check } from "./finding.ts";
import type { Place } from "./place.ts";

const ALL: readonly ((place: Place) => readonly Check[])[] = [
  configurationChecks,
  dataChecks,
  machineChecks,
  systemdChecks,
  gitChecks,
  agentChecks,
  sourceChecks,
  repositoryChecks,
  hookChecks,
  trackerChecks,
  scheduleChecks,
  chatChecks,
  daemonChecks,
];

export interface Wish {
  /** From `--config`. */
  readonly path: string | undefined;
  /** Only what a start is of no use without. */
  readonly forStart: boolean;
}

/** Looks at everything that can be looked at. Nothing is changed, but for a private folder that is removed again. */
export async function diagnose(
  { path, forStart }: Wish,
  { clock, env, files }: Pick<Ports, "clock" | "env" | "files">,
): Promise<readonly Examined[]> {
  const { loadConfig } = await import("../../daemon/config/load.ts");
  const loaded = await loadConfig({ path, env, files });
  if (loaded.kind === "problems") {
    const ports = { clock, redactor: createRedactor([]) };
    return examine([configurationFaults(loaded.problems)], ports);
  }
  const { config, secrets } = loaded;
  const scratch = mkdtempSync(join(tmpdir(), "chargehand-doctor-"));
  const commands = systemCommands();
  let walls: Promise<Isolation> | null = null;
  const place: Place = {
    ...{ config, env, clock, files, commands, scratch },
    http: systemHttp(env),
    tree: systemTree(),
    redactor: createRedactor(secrets),
    isolation(): Promise<Isolation> {
      walls ??= createIsolation({ config, env, clock, files, commands, log: nullLog() });
      return walls;
    },
  };
  try {
    const checks = ALL.flatMap((of) => of(place)).filter(({ isForStart }) => isForStart || !forStart);
    return await examine(checks, place);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
