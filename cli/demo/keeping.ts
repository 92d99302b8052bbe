/** What every demo is asked for, and what they all do: say what stands around the agents, and stay for a look. */

import type { Daemon } from "../../daemon/main.ts";
import type { StatusAnswer } from "../../handlers/api/status.ts";
import type { Clock } from "../../system/clock.ts";
import { why } from "../phrases.ts";

export interface DemoOptions {
  readonly say: (line: string) => void;
  /** Go on until it is interrupted, when all is done. */
  readonly keep: boolean;
  /** How this program was called, for commands to try. */
  readonly program: string;
  readonly clock: Clock;
  /** Aborts at Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** What stands around the agents of this machine, and why, if it is nothing. */
export function wallsLine({ level, reason, remedy }: StatusAnswer["isolation"]): string {
  if (level === "sandbox") return "Agents run in a sandbox of bubblewrap.";
  return `Agents run without a sandbox${reason === null ? "" : `: ${why(reason, remedy)}`}.`;
}

/** @param tries commands that show something */
export async function keepUntilInterrupted(
  daemon: Daemon,
  { config, folder }: { readonly config: string; readonly folder: string },
  tries: readonly string[],
  { say, program, interrupted }: DemoOptions,
): Promise<void> {
  say("\nStill running. Try, in another terminal:\n");
  say(`  export CHARGEHAND_CONFIG=${config}`);
  for (const line of tries) say(`  ${program} ${line}`);
  say(`  curl -H "Authorization: Bearer ${daemon.token}" ${daemon.adminUrl}/api/v1/status`);
  say(`\nCtrl-C ends it and removes ${folder}.`);
  if (interrupted.aborted) return;
  await new Promise<void>((resolve) => {
    interrupted.addEventListener("abort", () => resolve(), { once: true });
  });
}
