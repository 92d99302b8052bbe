/** What a folder takes up on disk, as du(1) tells: by a process of its own, because a stranger may have filled it. */

import type { Commands } from "../commands.ts";

/** A folder with so many files that it takes longer is no small one. */
const MEASURE_MS = 10_000;

export interface SizePorts {
  readonly commands: Commands;
  /** `PATH` of the daemon. */
  readonly path: string | undefined;
}

/** Bytes; a half-sentence on why that cannot be told. Nothing is followed, and no other file system is entered. */
export async function folderSize({ commands, path }: SizePorts, folder: string): Promise<number | string> {
  const result = await commands.run("measure", {
    argv: ["du", "-s", "-x", "-k", "--", folder],
    cwd: "/",
    env: { PATH: path ?? "/usr/bin:/bin", LC_ALL: "C.UTF-8" },
    timeoutMs: MEASURE_MS,
  });
  if (result.kind === "failed") return `cannot be measured (${result.reason})`;
  const kib = /^(\d+)\s/.exec(result.stdout)?.[1];
  const hidden = result.stderr.split("\n").find((line) => line !== "" && !GONE.test(line));
  // What cannot be looked into may hold anything.
  if (kib === undefined || hidden !== undefined) return `cannot be measured (${hidden ?? "du said nothing"})`;
  return Number(kib) * 1_024;
}

/** Somebody removes files meanwhile. */
const GONE = /No such file or directory$/;
