/**
 * Takes in the artifact that an agent has left for its phase: read through the door, once and whole, and checked.
 *
 * Y1. It is read after its agent's processes are gone, and before anything else of the project's is run (checks run
 *     the agent's code, too). What is taken in are these bytes: hash, text and verdict are of one reading.
 * Y2. What changes while it is read is nobody's word, and is not taken.
 * Y3. Each answer but the good one is a sentence for the agent that may repair it: where it has to be, and what to do.
 * Y4. What is refused and lies there as a plain file is taken in as well, marked as refused, so that people can see
 *     what the next try has changed: no longer than an artifact may be, as text that any database takes, and with the
 *     hash of all its bytes; nothing of one that is too long even to be hashed.
 */

import { createHash } from "node:crypto";
import { outPlace } from "../../../agents/supervision/run-folder.ts";
import type { Door, Received } from "../../../system/files/door.ts";
import { ARTIFACT_BYTES_MAX, checkArtifact, verdictOf } from "../../../system/schema/artifact.ts";
import type { FoundArtifact } from "../../../workflow/phases/artifact.ts";
import type { ArtifactSpec } from "../../../workflow/workflow.ts";

export type Collected =
  | { readonly kind: "found"; readonly artifact: FoundArtifact }
  | {
      /** Not there; there and wrong; nothing that is read at all. */
      readonly kind: "missing" | "invalid" | "refused";
      /** One sentence, for the agent and for people. */
      readonly reason: string;
      /** Line by line; none unless it is invalid. */
      readonly problems: readonly string[];
      /** What lies there all the same; `null` where that is nothing that can be kept. */
      readonly artifact: FoundArtifact | null;
    };

type Place = ReturnType<typeof outPlace>;
type Read = Extract<Received, { kind: "read" }>;

/** Longer ones are not read to their end (bytes): it would keep the daemon for seconds, and nobody reads them. */
const HASHED_BYTES_MAX = 16 * ARTIFACT_BYTES_MAX;

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
  if (received.size > ARTIFACT_BYTES_MAX) {
    const reason = `the artifact ${path} is longer than 1 MiB: leave out what nobody needs`;
    const artifact = await refusedWhole(door, place, path, received, reason);
    return { kind: "refused", reason, problems: [], artifact };
  }
  if (!(await isStill(door, place, received)))
    return not("refused", `the artifact ${path} changed while it was read: write it once, before the end`);
  const { bytes } = received;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const checked = checkArtifact(bytes, schema);
  if (checked.kind === "invalid") {
    const reason = `the artifact ${path} is not as it has to be: ${checked.problems[0] ?? "it is not valid"}`;
    const { problems } = checked;
    return { kind: "invalid", reason, problems, artifact: refusedOf(path, sha256, received, problems) };
  }
  const { text, value } = checked;
  const artifact = { path, sha256, bytes: bytes.length, text, verdict: verdictOf(value) };
  return { kind: "found", artifact: { ...artifact, isValid: true, problems: [] } };
}

function not(kind: "missing" | "refused", reason: string): Collected {
  return { kind, reason, problems: [], artifact: null };
}

/** Y4. Nobody's word is a verdict before it is found good. */
function refusedOf(
  path: string,
  sha256: string,
  { size, bytes }: Read,
  problems: readonly string[],
): FoundArtifact {
  const text = new TextDecoder().decode(bytes.subarray(0, ARTIFACT_BYTES_MAX)).replaceAll("\0", "\ufffd");
  return { path, sha256, bytes: size, text, verdict: null, isValid: false, problems };
}

/** Y4. One that is too long to be an artifact, read piece by piece for its hash. */
async function refusedWhole(
  door: Door,
  place: Place,
  path: string,
  first: Read,
  problem: string,
): Promise<FoundArtifact | null> {
  if (first.size > HASHED_BYTES_MAX) return null;
  const hash = createHash("sha256");
  let done = 0;
  while (done < first.size) {
    const piece = await door.read("artifact", place, done, ARTIFACT_BYTES_MAX);
    if (piece.kind !== "read" || piece.bytes.length === 0) return null;
    hash.update(piece.bytes);
    done += piece.bytes.length;
  }
  if (done !== first.size || !(await isUntouched(door, place, first))) return null;
  return refusedOf(path, hash.digest("hex"), first, [problem]);
}

/** The door names the place below the runs' folder; whoever wrote the artifact knows it by its path. */
function saidOf(reason: string, below: string, path: string): string {
  const what = reason.startsWith(`${below} `) ? `${path}${reason.slice(below.length)}` : reason;
  return `${what}: write a plain file there`;
}

/** Y2. */
async function isStill(door: Door, place: Place, read: Read): Promise<boolean> {
  return read.bytes.length === read.size && (await isUntouched(door, place, read));
}

async function isUntouched(door: Door, place: Place, read: Read): Promise<boolean> {
  const looked = await door.look("artifact", place);
  return looked.kind === "seen" && looked.size === read.size && looked.modifiedAt === read.modifiedAt;
}
