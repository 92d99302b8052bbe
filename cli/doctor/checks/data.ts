/** The data directory, its room and its database: looked at as they are, nothing is made. */

import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { databaseFile } from "../../../daemon/config/data-dir.ts";
import { isNetworkFileSystem } from "../../../store/engine/durability.ts";
import { databaseHealth, type Health } from "../../../store/engine/health.ts";
import { roomAt, sizeOf } from "../../../system/files/whole-files.ts";
import { standingOf } from "../../../system/files.ts";
import { fileSystemAt } from "../../../system/mounts.ts";
import { counted } from "../../phrases.ts";
import { type Check, type Finding, fail, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";
import { bytes } from "../words.ts";

/** A clone, a worktree and the logs of some runs need more than this. */
const ROOM_SCARCE = 5 * 1_024 ** 3;
/** Below this the daemon's own files are soon in danger. */
const ROOM_GONE = 256 * 1_024 ** 2;

export function dataChecks({ config }: Pick<Place, "config">): readonly Check[] {
  const { dataDir } = config;
  const check = (isForStart: boolean, look: () => readonly Finding[]): Check => ({
    ...{ area: "data", about: null, isForStart },
    look: async () => look(),
  });
  return [
    check(true, () => [folder(dataDir)]),
    check(true, () => {
      const ground = standingGround(dataDir);
      return [room(ground, roomAt(ground)), ...fileSystem(dataDir, fileSystemAt(ground))];
    }),
    check(true, () => {
      const path = databaseFile(dataDir);
      const size = sizeOf(path);
      if (size === null) return [];
      const whole = size + (sizeOf(`${path}-wal`) ?? 0);
      return [database(path, whole, databaseHealth(path, whole))];
    }),
  ];
}

/** The folder itself, or the nearest one above it that is there. */
function standingGround(path: string): string {
  let at = path;
  while (statSync(at, { throwIfNoEntry: false }) === undefined && at !== dirname(at)) at = dirname(at);
  return at;
}

function folder(dataDir: string): Finding {
  const ground = standingGround(dataDir);
  const remedy = "correct data_dir, or give the folder to the daemon's user";
  if (!statSync(ground).isDirectory()) return fail(`${ground} is no folder`, remedy);
  if (!isWritable(ground)) return fail(`this user may not write in ${ground}`, remedy);
  if (ground !== dataDir) return ok(`${dataDir} will be made at the first start`);
  return standing(dataDir, standingOf(dataDir), process.geteuid?.() ?? 0);
}

function standing(path: string, { owner, mode }: { owner: number; mode: number }, user: number): Finding {
  if ((mode & 0o1000) !== 0)
    return fail(`many write in ${path}`, "give the daemon a folder of its own as data_dir");
  if (user !== owner && user === 0)
    return ok(`${path} belongs to user ${owner}, as which the daemon has to run`);
  if (user !== owner && owner !== 0)
    return fail(`${path} belongs to user ${owner}`, `run this as that user, or: chown -R ${user} ${path}`);
  if ((mode & 0o077) !== 0)
    return warn(
      `others may enter ${path} (mode ${mode.toString(8)})`,
      `chmod 700 ${path}; a start does it, too`,
    );
  return ok(`${path} is this user's alone`);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function room(path: string, free: number): Finding {
  const says = `${bytes(free)} are free at ${path}`;
  if (free < ROOM_GONE) return fail(says, "make room: nothing can be stored soon");
  return free < ROOM_SCARCE ? warn(says, "make room for clones, worktrees and logs") : ok(says);
}

function fileSystem(dataDir: string, type: string): readonly Finding[] {
  if (!isNetworkFileSystem(type)) return [];
  const says = `${dataDir} lies on ${type}, where a database is slower and less safe`;
  return [warn(says, "give data_dir a place on a disk of this machine")];
}

function database(path: string, size: number, health: Health): Finding {
  if (health.kind === "unfit")
    return fail(
      `${path}: ${health.reason}`,
      "put a copy back: chargehand restore FILE (see backups/ beside it)",
    );
  const { tasks, migration, known, isReadWhole } = health;
  if (migration > known)
    return fail(`${path} was written by a newer version`, "install that version again, or restore a copy");
  const what = `the database has ${counted(tasks, "task", "tasks")} in ${bytes(size)}${isReadWhole ? " and is sound" : ""}`;
  if (migration < known) return ok(`${what}; the next start brings it up to this version`);
  return ok(what);
}
