/**
 * Where the data is: all that the command line needs of a file whose secrets are not in the caller's environment.
 *
 * It is asked by every command, so nothing here loads the schema.
 */

import { dirname, join, resolve } from "node:path";
import { systemFiles } from "../../system/files.ts";
import { type LoadOptions, openConfig, type Problems, place } from "./file.ts";
import { fillIn } from "./fill-in.ts";

export type FoundDataDir = { readonly kind: "ok"; readonly dataDir: string } | Problems;

export async function findDataDir(options: LoadOptions): Promise<FoundDataDir> {
  const files = options.files ?? systemFiles();
  const opened = await openConfig(options, files);
  if (opened.kind === "problems") return opened;
  const { file, source } = opened;
  const path = ["data_dir"];
  const raw =
    typeof source.tree === "object" && source.tree !== null
      ? new Map(Object.entries(source.tree)).get("data_dir")
      : null;
  const filling = { env: options.env, files, folder: dirname(file), isSecret: () => false };
  const filled = await fillIn({ data_dir: raw }, filling);
  const dataDir = new Map(Object.entries(filled.tree ?? {})).get("data_dir");
  if (filled.faults.length > 0) return { kind: "problems", problems: place(filled.faults, file, source) };
  if (typeof dataDir === "string" && dataDir !== "")
    return { kind: "ok", dataDir: resolve(dirname(file), dataDir) };
  return {
    kind: "problems",
    problems: place([{ path, message: "must be the path of a folder" }], file, source),
  };
}

/** Where the database of a data directory is. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, "chargehand.db");
}
