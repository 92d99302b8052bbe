/**
 * The workflows that projects name: built in, or files beside the configuration. They are read and checked with it, so
 * that a bad one is a problem of the configuration, and the last good one stays in force.
 */

import { resolve } from "node:path";
import type { ConfigPath, ConfigTree, Fault } from "../../system/config/part.ts";
import { suggestion } from "../../system/config/suggestion.ts";
import type { Files } from "../../system/files.ts";
import { schemaTrouble } from "../../system/schema/prepare.ts";
import { FROM_REPOSITORY } from "../../workflow/task.ts";
import { SINGLE, type Workflow } from "../../workflow/workflow.ts";
import type { ConfigProblem } from "./file.ts";
import { readTextFile } from "./fill-in.ts";

const FILE_BYTES_MAX = 262_145;

export interface NamedWorkflows {
  /** By what a project calls it. */
  readonly found: ReadonlyMap<string, Workflow>;
  /** What is wrong with how they are named. */
  readonly faults: readonly Fault[];
  /** What is wrong in them, each in its own file. */
  readonly problems: readonly ConfigProblem[];
}

/** @param folder of the configuration, which relative paths are relative to */
export async function readWorkflows(file: ConfigTree, folder: string, files: Files): Promise<NamedWorkflows> {
  const found = new Map<string, Workflow>([[SINGLE.name, SINGLE]]);
  const faults: Fault[] = [];
  const problems: ConfigProblem[] = [];
  const seen = new Set<string>([...found.keys(), FROM_REPOSITORY]);
  for (const { path, name } of namedIn(file)) {
    if (seen.has(name)) continue;
    seen.add(name);
    const text = await textOf(name, path, folder, files);
    if ("message" in text) {
      faults.push(text);
      continue;
    }
    // Who works with `single` alone loads neither templates nor schemas.
    const { readWorkflow } = await import("../workflows/read.ts");
    const read = readWorkflow(text.text, text.origin, { schemaTrouble });
    if (read.kind === "workflow") found.set(name, read.workflow);
    else problems.push(...read.problems);
  }
  return { found, faults, problems };
}

/** Everything that a workflow is named for, where it stands. */
function namedIn(file: ConfigTree): readonly { readonly path: ConfigPath; readonly name: string }[] {
  return NAMING.flatMap(({ place, key }) =>
    file.at(place).flatMap(({ path, fields }) => {
      const { [key]: name } = fields;
      return typeof name === "string" ? [{ path: [...path, key], name }] : [];
    }),
  );
}

const NAMING = [
  { place: "projects[]", key: "workflow" },
  { place: "projects[]", key: "workflow_fallback" },
  { place: "recurring[]", key: "workflow" },
] as const;

interface WorkflowText {
  readonly origin: string;
  readonly text: string;
}

async function textOf(
  name: string,
  path: ConfigPath,
  folder: string,
  files: Files,
): Promise<WorkflowText | Fault> {
  if (!isPath(name)) {
    const { BUILT_IN_NAMES, builtInText } = await import("../workflows/built-in.ts");
    const hint = suggestion(name, BUILT_IN_NAMES) || `; there are ${BUILT_IN_NAMES.join(", ")}`;
    const message = `there is no workflow "${name}"${hint}; a file is named by its path, such as ./review.yaml, and that of the repository by repository`;
    return builtInText(name) ?? { path, message };
  }
  const file = resolve(folder, name);
  const read = await readTextFile(files, file, FILE_BYTES_MAX);
  if (read.kind === "unreadable") return { path, message: `${file} cannot be read: ${read.reason}` };
  return read.text === null
    ? { path, message: `there is no file ${file}` }
    : { origin: file, text: read.text };
}

function isPath(name: string): boolean {
  return name.includes("/") || /\.ya?ml$/.test(name);
}
