/** What a process that is gone has left in its run's directory, as far as its end is judged by it. */

import type { Clock } from "../../system/clock.ts";
import type { Files } from "../../system/files.ts";
import type { ExitRecord } from "../../system/process/processes.ts";
import type { Run } from "../../workflow/run.ts";
import type { Backend, Ending } from "../backend.ts";

const STDERR_TAIL_BYTES = 4_096;
const RESULT_BYTES_MAX = 1_048_576;

interface Ports {
  readonly files: Files;
  readonly clock: Clock;
}

/** @param directory the run's */
export async function readEnding(
  ports: Ports,
  directory: string,
  run: Pick<Run, "activeAt">,
  backend: Pick<Backend, "outputs">,
  exit: ExitRecord | null,
): Promise<Ending> {
  const outputs: Record<string, string> = {};
  for (const name of backend.outputs) {
    const text = await ports.files.read("result", `${directory}/${name}`, RESULT_BYTES_MAX);
    if (text !== null) outputs[name] = text;
  }
  return {
    exitCode: exit?.code ?? null,
    signal: exit?.signal ?? null,
    endedAt: await endOf(ports, directory, run),
    stderrTail: await tailOf(ports, `${directory}/stderr.log`),
    outputs,
  };
}

/**
 * When it ended, which may be hours ago if no daemon ran: what it said then about "in two hours" or "at 5pm" counts
 * from there. Without a record of its exit its last words are the nearest.
 */
async function endOf(
  { files, clock }: Ports,
  directory: string,
  run: Pick<Run, "activeAt">,
): Promise<number> {
  const now = clock.now();
  const at =
    (await files.modifiedAt("ending", `${directory}/exit.json`)) ??
    (await files.modifiedAt("ending", `${directory}/stdout.log`)) ??
    run.activeAt;
  return Math.min(now, at ?? now);
}

async function tailOf({ files }: Ports, path: string): Promise<string> {
  const size = (await files.size("stderr", path)) ?? 0;
  const from = Math.max(0, size - STDERR_TAIL_BYTES);
  return new TextDecoder().decode(await files.readFrom("stderr", path, from, STDERR_TAIL_BYTES));
}
