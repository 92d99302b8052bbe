/** The real command line, asked about a staged daemon. */

import { execFile } from "node:child_process";
import type { DaemonProcess } from "./daemon-process.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const COMMAND_MS = 60_000;

export interface Explanation {
  readonly status: string;
  readonly reasons: readonly {
    readonly about: string;
    readonly sentence: string;
    readonly until: string | null;
    readonly remedy: string | null;
  }[];
  readonly decisions: readonly { readonly sentence: string }[];
}

export interface Ended {
  readonly code: number;
  readonly out: string;
}

/** Runs one command to its end, whatever that is. */
export function chargehandEnds(stage: DaemonProcess, ...args: string[]): Promise<Ended> {
  const command = [MAIN, ...args, "--config", stage.config];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { timeout: COMMAND_MS }, (error, out) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out }),
    );
  });
}

/** What a command printed that ended well. */
export async function chargehand(stage: DaemonProcess, ...args: string[]): Promise<string> {
  const { code, out } = await chargehandEnds(stage, ...args);
  if (code !== 0) throw new Error(`chargehand ${args.join(" ")} ended with ${code}`);
  return out;
}

/** As a person asks; for a look again and again there is {@link statusOf}. */
export async function explain(stage: DaemonProcess, key: string): Promise<Explanation> {
  return JSON.parse(await chargehand(stage, "explain", key, "--json"));
}

export async function statusOf(stage: DaemonProcess, key: string): Promise<string> {
  return (await stage.api<{ status: string }>(`/api/v1/tasks/${key}`)).body.status;
}
