/**
 * Where the data is: all that the command line needs of a file whose secrets are not in the caller's environment.
 *
 * It is asked by every command, so nothing here loads the schema, and no parser where the file says it plainly: loading
 * one takes as long as Node takes to start.
 */

import { dirname, join, resolve } from "node:path";
import { type Files, systemFiles } from "../../system/files.ts";
import {
  type ConfigFile,
  findConfigFile,
  type LoadOptions,
  type Problems,
  parseConfig,
  place,
} from "./file.ts";
import { fillIn } from "./fill-in.ts";

export type FoundDataDir = { readonly kind: "ok"; readonly dataDir: string } | Problems;

export async function findDataDir(options: LoadOptions): Promise<FoundDataDir> {
  const files = options.files ?? systemFiles();
  const found = await findConfigFile(options, files);
  if (found.kind === "problems") return found;
  const plain = readPlainly(found.text);
  if (plain !== null) return { kind: "ok", dataDir: resolve(dirname(found.file), plain) };
  return readParsed(found, options, files);
}

const KEY = /^["']?data_dir["']?[ \t]*:/;
const PLAIN = /^data_dir: +(["']?)(\.{0,2}\/[\w./-]*)\1(?:[ \t]+#.*)?[ \t]*$/;

/**
 * The value of `data_dir` where YAML can only be read in one way: one line without indentation that holds the key and
 * a path (which begins with `/`, `./` or `../`), and no next line that would go on with it. Otherwise `null`.
 */
export function readPlainly(text: string): string | null {
  const lines = text.split(/\r?\n/);
  const index = lines.findIndex((line) => KEY.test(line));
  const value = PLAIN.exec(lines[index] ?? "")?.[2];
  if (value === undefined) return null;
  const rest = lines.slice(index + 1);
  const next = rest.find((line) => line.trim() !== "") ?? "";
  return /^\s+[^\s#]/.test(next) || rest.some((line) => KEY.test(line)) ? null : value;
}

async function readParsed(found: ConfigFile, options: LoadOptions, files: Files): Promise<FoundDataDir> {
  const opened = await parseConfig(found);
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
