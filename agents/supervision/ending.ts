/** What a process that is gone has left in its run's directory, as far as its end is judged by it. */

import type { Clock } from "../../system/clock.ts";
import { type Door, type Received, textOf } from "../../system/files/door.ts";
import type { StrangePlace } from "../../system/files/strange-place.ts";
import type { Files } from "../../system/files.ts";
import type { ExitRecord } from "../../system/process/processes.ts";
import type { Run } from "../../workflow/run.ts";
import type { Backend, Ending } from "../backend.ts";
import { outPlace, ownPlace } from "./run-folder.ts";
import { setupFailure } from "./setting-up.ts";

const STDERR_TAIL_BYTES = 4_096;
const RESULT_BYTES_MAX = 1_048_576;

interface Ports {
  readonly files: Pick<Files, "door">;
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
  const { door } = ports.files;
  const violations: string[] = [];
  const outputs: Record<string, string> = {};
  for (const name of backend.outputs) {
    const received = await readOutput(door, directory, name);
    if (received.kind === "refused") violations.push(received.reason);
    const text = textOf(received);
    if (text !== null) outputs[name] = text;
  }
  const stderr = await door.readEnd("stderr", ownPlace(directory, "stderr.log"), STDERR_TAIL_BYTES);
  for (const name of ["stdout.log", "stderr.log", "exit.json"]) {
    const looked = await door.look("ending", ownPlace(directory, name));
    if (looked.kind === "refused") violations.push(looked.reason);
  }
  return {
    exitCode: exit?.code ?? null,
    signal: exit?.signal ?? null,
    endedAt: await endOf(ports, directory, run),
    stderrTail: textOf(stderr) ?? "",
    outputs,
    violation: violations[0] ?? null,
    setup: await setupFailure(door, directory, exit),
  };
}

/** A run that an older version began has no folder of its agent's own: its result lies beside the logs. */
async function readOutput(door: Door, directory: string, name: string): Promise<Received> {
  const out = await door.list("result", ownPlace(directory, "out"), 1);
  const place: StrangePlace = out.kind === "missing" ? ownPlace(directory, name) : outPlace(directory, name);
  const received = await door.read("result", place, 0, RESULT_BYTES_MAX);
  return received.kind === "read" && received.size > RESULT_BYTES_MAX
    ? { kind: "refused", reason: `${name} is longer than 1 MiB; it was not read` }
    : received;
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
  const writtenAt = async (name: string): Promise<number | null> => {
    const looked = await files.door.look("ending", ownPlace(directory, name));
    return looked.kind === "seen" ? looked.modifiedAt : null;
  };
  const at = (await writtenAt("exit.json")) ?? (await writtenAt("stdout.log")) ?? run.activeAt;
  return Math.min(now, at ?? now);
}
