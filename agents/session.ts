/**
 * What a program's own record of a session adds to the transcript of a run.
 *
 * R1. It can only add: a record that knows of less input than the output has proved is not believed. (Output may
 *     become less: while a run lives it is an estimate for some programs. Their backends know.)
 * R2. It is found by looking, within bounds: so many folders, so many levels, the last 16 MiB of the file.
 * R3. It is a bonus. A record that is not there, that may not be read or cannot be understood, changes nothing.
 */

import type { Files } from "../system/files.ts";
import { SESSION_BYTES_MAX, SESSION_FOLDERS_MAX } from "../workflow/limits.ts";
import type { Backend, SessionFiles, Transcript } from "./backend.ts";
import { totalInput } from "./usage.ts";

/** Where an agent worked, and as whom: what {@link SessionFiles.where} needs. */
export type SessionPlace = Parameters<SessionFiles["where"]>[0];

/**
 * The transcript, bettered by what the backend's program has written about this session, if anything.
 *
 * @param since when the run started (ms); what an earlier run of the session has used is not counted again
 */
export async function betterFromSession(
  files: Pick<Files, "list" | "size" | "readFrom">,
  backend: Pick<Backend, "sessions">,
  transcript: Transcript,
  place: SessionPlace,
  since: number,
): Promise<Transcript> {
  const { sessions } = backend;
  if (sessions === null) return transcript;
  const text = await unlessForbidden(() => readRecord(files, sessions, place));
  if (text === null) return transcript;
  const bettered = understood(sessions, transcript, text, since);
  // Over all models, because a record may know a model by name that the output did not.
  const isLess = totalInput(bettered.usage) < totalInput(transcript.usage);
  return isLess ? { ...bettered, usage: transcript.usage } : bettered;
}

/** R3. A line may be nested deeper than the stack. */
function understood(sessions: SessionFiles, transcript: Transcript, text: string, since: number): Transcript {
  try {
    return sessions.read(transcript, text, since);
  } catch {
    return transcript;
  }
}

async function readRecord(
  files: Pick<Files, "list" | "size" | "readFrom">,
  sessions: SessionFiles,
  place: SessionPlace,
): Promise<string | null> {
  const { directory, folders, isSession } = sessions.where(place);
  const path = await find(files, directory, folders, isSession);
  if (path === null) return null;
  const size = (await files.size("session", path)) ?? 0;
  const from = Math.max(0, size - SESSION_BYTES_MAX);
  const bytes = await files.readFrom("session", path, from, SESSION_BYTES_MAX);
  return new TextDecoder().decode(bytes);
}

/** Breadth first, so that a record near the top is not missed for a forest below. */
async function find(
  files: Pick<Files, "list">,
  directory: string,
  folders: readonly (string | RegExp)[],
  isSession: (name: string) => boolean,
): Promise<string | null> {
  let level = [directory];
  let looked = 0;
  for (const below of [...folders, null]) {
    const next: string[] = [];
    for (const folder of level) {
      // A folder whose name is known needs no look to be found: looks are counted, and there may be one per worktree.
      if (typeof below === "string") {
        next.push(`${folder}/${below}`);
        continue;
      }
      looked += 1;
      if (looked > SESSION_FOLDERS_MAX) return null;
      // Newest last, as names that begin with a time sort.
      const names = (await files.list("session", folder)).toSorted();
      const found = names.findLast(isSession);
      if (found !== undefined) return `${folder}/${found}`;
      if (below === null) continue;
      // The newest first, for the next level and for all below it.
      const deeper = names.filter((name) => below.test(name)).toReversed();
      next.push(...deeper.map((name) => `${folder}/${name}`));
    }
    level = next;
  }
  return null;
}

/** R3. */
async function unlessForbidden<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      typeof error.code === "string" &&
      UNREADABLE.has(error.code)
    )
      return null;
    throw error;
  }
}

const UNREADABLE: ReadonlySet<string> = new Set(["EACCES", "EPERM", "ELOOP", "EISDIR", "ENAMETOOLONG"]);
