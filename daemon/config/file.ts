/** The file of the configuration: where it is looked for, how it is read, and where in it a problem stands. */

import { isAbsolute, resolve } from "node:path";
import type { YamlSource } from "../../system/config/document.ts";
import type { Fault } from "../../system/config/part.ts";
import { formatPath } from "../../system/config/tree.ts";
import type { Files } from "../../system/files.ts";
import { type Environment, readTextFile } from "./fill-in.ts";

export interface LoadOptions {
  /** From `--config`; otherwise `$CHARGEHAND_CONFIG`, `./chargehand.yaml`, `/etc/chargehand/chargehand.yaml`. */
  readonly path?: string | undefined;
  readonly env: Environment;
  readonly files?: Files;
}

export interface ConfigProblem {
  /** Empty when no file was found. */
  readonly file: string;
  /** From 1; 0 when the problem is the file itself. */
  readonly line: number;
  readonly column: number;
  /** Such as `projects[0].prefix`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

export interface Problems {
  readonly kind: "problems";
  readonly problems: readonly ConfigProblem[];
}

const FILE_BYTES_MAX = 1_048_576;

export type Opened =
  | { readonly kind: "opened"; readonly file: string; readonly source: YamlSource }
  | Problems;

export async function openConfig(options: LoadOptions, files: Files): Promise<Opened> {
  const found = await findConfigFile(options, files);
  return found.kind === "problems" ? found : parseConfig(found);
}

export interface ConfigFile {
  readonly kind: "found";
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

export async function parseConfig({ file, text }: ConfigFile): Promise<Opened> {
  // Imported here, because a command line that asks a running daemon can mostly do without it.
  const { parseYaml } = await import("../../system/config/document.ts");
  const parsed = parseYaml(text, "the file must be a mapping of keys to values, beginning with data_dir");
  if (parsed.kind === "parsed") return { kind: "opened", file, source: parsed.source };
  return { kind: "problems", problems: parsed.faults.map((fault) => ({ file, path: "", ...fault })) };
}

/** The first file there is, of those that may be it. */
export async function findConfigFile(options: LoadOptions, files: Files): Promise<ConfigFile | Problems> {
  const places = searchOrder(options);
  for (const place of places) {
    const file = isAbsolute(place) ? place : resolve(place);
    const read = await readTextFile(files, file, FILE_BYTES_MAX);
    if (read.kind === "unreadable") return whole(file, `cannot be read: ${read.reason}`);
    if (read.text === null) continue;
    if (read.text.length >= FILE_BYTES_MAX)
      return whole(file, "is larger than 1 MiB, so it is hardly a configuration");
    return { kind: "found", file, text: read.text };
  }
  if (places.length === 1) return whole(resolve(places[0] ?? ""), "there is no such file");
  return whole(
    "",
    `no configuration found; looked for ${places.join(" and ")}; name one with --config or $CHARGEHAND_CONFIG`,
  );
}

function searchOrder({ path, env }: LoadOptions): readonly string[] {
  const named = path ?? env["CHARGEHAND_CONFIG"];
  return named ? [named] : ["./chargehand.yaml", "/etc/chargehand/chargehand.yaml"];
}

function whole(file: string, message: string): Problems {
  return { kind: "problems", problems: [{ file, line: 0, column: 0, path: "", message }] };
}

/** Gives every fault its line, in the order of the file. Of a path, the first fault is the cause of the others. */
export function place(faults: readonly Fault[], file: string, source: YamlSource): readonly ConfigProblem[] {
  const byPath = new Map<string, Fault>();
  for (const fault of faults) {
    const key = formatPath(fault.path);
    if (!byPath.has(key)) byPath.set(key, fault);
  }
  const problems = [...byPath].map(([path, fault]) => {
    return { file, path, message: fault.message, ...source.locate(fault.path, fault.at ?? "value") };
  });
  return problems.sort((one, other) => one.line - other.line || one.column - other.column);
}

/** `chargehand.yaml:12:5: projects[0].prefix: …`, one line. */
export function printProblem({ file, line, column, path, message }: ConfigProblem): string {
  const where = line > 0 ? `${file}:${line}:${column}` : file;
  return [where, path, message].filter((part) => part !== "").join(": ");
}
