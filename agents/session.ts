/**
 * What a program's own record of a session adds to the transcript of a run.
 *
 * R1. It can only add: a record that knows of less input than the output has proved is not believed. (Output may
 *     become less: while a run lives it is an estimate for some programs. Their backends know.)
 * R2. It is found by looking, within bounds: so many folders, so many levels, the last 16 MiB of the file.
 * R3. It is a bonus. A record that is not there, that may not be read or cannot be understood, changes nothing.
 * R4. It lies where the agent writes, so it comes in through the door: below the home, or the folder that the program's
 *     own variable names, nothing is followed (`system/files/door.ts`).
 */

import { textOf } from "../system/files/door.ts";
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
  files: Pick<Files, "door">,
  backend: Pick<Backend, "sessions">,
  transcript: Transcript,
  place: SessionPlace,
  since: number,
): Promise<Transcript> {
  const { sessions } = backend;
  if (sessions === null) return transcript;
  const text = await readRecord(files, sessions, place);
  if (text === null) return transcript;
  const bettered = understood(sessions, transcript, text, since);
  // Over all models, because a record may know a model by name that the output did not.
  const isLess = totalInput(bettered.usage) < totalInput(transcript.usage);
  return isLess ? { ...bettered, usage: transcript.usage, turns: transcript.turns } : bettered;
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
  files: Pick<Files, "door">,
  sessions: SessionFiles,
  place: SessionPlace,
): Promise<string | null> {
  const { root, folders, isSession } = sessions.where(place);
  const below = await find(files, root, folders, isSession);
  if (below === null) return null;
  return textOf(await files.door.readEnd("session", { root, below }, SESSION_BYTES_MAX));
}

/** Breadth first, so that a record near the top is not missed for a forest below. */
async function find(
  files: Pick<Files, "door">,
  root: string,
  folders: readonly (string | RegExp)[],
  isSession: (name: string) => boolean,
): Promise<string | null> {
  let level = [""];
  let looked = 0;
  for (const below of [...folders, null]) {
    const next: string[] = [];
    for (const folder of level) {
      // A folder whose name is known needs no look to be found: looks are counted, and there may be one per worktree.
      if (typeof below === "string") {
        next.push(join(folder, below));
        continue;
      }
      looked += 1;
      if (looked > SESSION_FOLDERS_MAX) return null;
      const listed = await files.door.list("session", { root, below: folder }, SESSION_NAMES_MAX);
      // Newest last, as names that begin with a time sort.
      const names = listed.kind === "listed" ? listed.names.toSorted() : [];
      const found = names.findLast(isSession);
      if (found !== undefined) return join(folder, found);
      if (below === null) continue;
      // The newest first, for the next level and for all below it.
      const deeper = names.filter((name) => below.test(name)).toReversed();
      next.push(...deeper.map((name) => join(folder, name)));
    }
    level = next;
  }
  return null;
}

type Root = Pick<ReturnType<SessionFiles["where"]>, "root" | "folders">;

/**
 * @param variable names the program's folder, wherever that is; its own links are an operator's, and are followed
 * @param folder the one below the home without it
 */
export function homeOf(
  env: Readonly<Record<string, string>>,
  variable: string,
  folder: string,
  below: Root["folders"],
): Root {
  const named = env[variable];
  return named === undefined
    ? { root: env["HOME"] ?? "", folders: [folder, ...below] }
    : { root: named, folders: below };
}

/** More names than a program keeps in one folder, in years. */
const SESSION_NAMES_MAX = 65_536;

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
