/**
 * Takes in the artifact that an agent has left for its phase: read through the door, once and whole, and checked.
 *
 * Y1. It is read after its agent's processes are gone, and before anything else of the project's is run (checks run
 *     the agent's code, too). What is taken in are these bytes: hash, text and verdict are of one reading.
 * Y2. What changes while it is read is nobody's word, and is not taken.
 * Y3. Each answer but the good one is a sentence for the agent that may repair it: where it has to be, and what to do.
 */

import { createHash } from "node:crypto";
import { outPlace } from "../../../agents/supervision/run-folder.ts";
import type { Door, Received } from "../../../system/files/door.ts";
import { ARTIFACT_BYTES_MAX, checkArtifact, verdictOf } from "../../../system/schema/artifact.ts";
import type { ArtifactSpec } from "../../../workflow/workflow.ts";

export interface Artifact {
  /** As the phase calls it. */
  readonly path: string;
  /** Of all bytes, in hexadecimal digits. */
  readonly sha256: string;
  /** How many there are. */
  readonly bytes: number;
  /** All of it, without a byte order mark. */
  readonly text: string;
  /** What a workflow routes by; `null` where it says none. */
  readonly verdict: string | null;
}

export type Collected =
  | { readonly kind: "found"; readonly artifact: Artifact }
  | {
      /** Not there; there and wrong; nothing that is read at all. */
      readonly kind: "missing" | "invalid" | "refused";
      /** One sentence, for the agent and for people. */
      readonly reason: string;
      /** Line by line; none unless it is invalid. */
      readonly problems: readonly string[];
    };

/**
 * @param directory the run's
 * @param spec of the phase, whose schema has been found usable (`schemaTrouble`)
 * @throws what is the machine's own trouble
 */
export async function collectArtifact(
  { door }: { readonly door: Door },
  directory: string,
  { path, schema }: ArtifactSpec,
): Promise<Collected> {
  const place = outPlace(directory, path);
  const received = await door.read("artifact", place, 0, ARTIFACT_BYTES_MAX + 1);
  const lies = `${place.root}/${place.below}`;
  if (received.kind === "missing")
    return not("missing", `the artifact ${path} was not written: write it to ${lies}`);
  if (received.kind === "refused")
    return not("refused", `the artifact ${saidOf(received.reason, place.below, path)}`);
  if (received.size > ARTIFACT_BYTES_MAX)
    return not("refused", `the artifact ${path} is longer than 1 MiB: leave out what nobody needs`);
  if (!(await isStill(door, place, received)))
    return not("refused", `the artifact ${path} changed while it was read: write it once, before the end`);
  const { bytes } = received;
  const checked = checkArtifact(bytes, schema);
  if (checked.kind === "invalid") {
    const reason = `the artifact ${path} is not as it has to be: ${checked.problems[0] ?? "it is not valid"}`;
    return { kind: "invalid", reason, problems: checked.problems };
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const { text, value } = checked;
  return { kind: "found", artifact: { path, sha256, bytes: bytes.length, text, verdict: verdictOf(value) } };
}

function not(kind: "missing" | "refused", reason: string): Collected {
  return { kind, reason, problems: [] };
}

/** The door names the place below the runs' folder; whoever wrote the artifact knows it by its path. */
function saidOf(reason: string, below: string, path: string): string {
  const what = reason.startsWith(`${below} `) ? `${path}${reason.slice(below.length)}` : reason;
  return `${what}: write a plain file there`;
}

type Read = Extract<Received, { kind: "read" }>;

/** Y2. */
async function isStill(door: Door, place: ReturnType<typeof outPlace>, read: Read): Promise<boolean> {
  const looked = await door.look("artifact", place);
  return (
    looked.kind === "seen" &&
    looked.size === read.size &&
    looked.modifiedAt === read.modifiedAt &&
    read.bytes.length === read.size
  );
}
