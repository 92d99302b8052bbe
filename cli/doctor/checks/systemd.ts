/** The unit, where this machine has systemd: there, enabled, at work. */

import { existsSync } from "node:fs";
import { type Check, type Finding, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";

const ASK_MS = 5_000;
/** sd_booted(3). */
const BOOTED = "/run/systemd/system";
const UNIT = "chargehand.service";

export function systemdChecks(place: Pick<Place, "commands" | "env">): readonly Check[] {
  if (!existsSync(BOOTED)) return [];
  const look = async (): Promise<readonly Finding[]> => judgeUnit(await unit(place));
  return [{ area: "machine", about: "systemd", isForStart: false, look }];
}

/** As `systemctl show` tells it; `null` where it does not. */
type Unit = Readonly<Record<"LoadState" | "UnitFileState" | "ActiveState", string>> | null;

async function unit({ commands, env }: Pick<Place, "commands" | "env">): Promise<Unit> {
  const shown = await commands.run("systemctl", {
    argv: ["systemctl", "show", UNIT, "--property=LoadState,UnitFileState,ActiveState"],
    ...{ cwd: "/", env: { PATH: env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" }, timeoutMs: ASK_MS },
  });
  if (shown.kind === "failed" || shown.code !== 0) return null;
  const value = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(shown.stdout)?.[1] ?? "";
  return {
    LoadState: value("LoadState"),
    UnitFileState: value("UnitFileState"),
    ActiveState: value("ActiveState"),
  };
}

export function judgeUnit(unit: Unit): readonly Finding[] {
  if (unit === null) return [warn("systemctl does not answer", "look at: systemctl status")];
  const { LoadState, UnitFileState, ActiveState } = unit;
  if (LoadState === "not-found")
    return [
      warn(
        `there is no ${UNIT}: nobody starts the daemon at boot`,
        "docs/systemd.md has the steps to install it",
      ),
    ];
  if (ActiveState === "failed")
    return [warn(`${UNIT} has failed`, `journalctl -u ${UNIT} says why; then: systemctl restart ${UNIT}`)];
  if (UnitFileState === "disabled")
    return [warn(`${UNIT} is not started at boot`, `systemctl enable ${UNIT} chargehand.socket`)];
  return [ok(`${UNIT} is ${UnitFileState || LoadState}, and ${ActiveState}`)];
}
