/**
 * What of this program an agent finds on its `PATH`: `chargehand agent ask`, as a script in the folder of its run, and
 * of the program's own files those few that it takes, to be read within the walls.
 */

import { fileURLToPath } from "node:url";
import type { Files } from "../../system/files.ts";
import { quote } from "../../system/process/quote.ts";

const FOLDER = "bin";
const SCRIPT_MODE = 0o700;

/** Folders of code, from the root of the program, as it was compiled or as its sources. */
const PARTS = ["cli", "system", "workflow", "agents/asking"];
/** Whose packages those load. */
const PACKAGES = ["commander", "zod", "ms", "bytes-iec"];

export interface OwnProgram {
  readonly argv: readonly [node: string, main: string];
  /** What must be readable for it (absolute). */
  readonly read: readonly string[];
}

export const OWN_PROGRAM: OwnProgram = whatItTakes();

function whatItTakes(): OwnProgram {
  const isSource = import.meta.url.endsWith(".ts");
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const ending = isSource ? ".ts" : ".js";
  const house = isSource ? root : fileURLToPath(new URL("../../../", import.meta.url));
  return {
    argv: [process.execPath, `${root}cli/agent/main${ending}`],
    read: [...PARTS.map((part) => `${root}${part}`), `${house}package.json`, ...PACKAGES.map(folderOf)],
  };
}

/** Wherever it was installed: beside this program, or in the folder around it. */
function folderOf(name: string): string {
  const entry = fileURLToPath(import.meta.resolve(name));
  const at = entry.lastIndexOf(`/node_modules/${name}/`);
  return entry.slice(0, at + `/node_modules/${name}`.length);
}

/** Lays it into the run's folder. @returns the environment with it on its `PATH`, before everything else */
export async function giveOwnProgram(
  { files }: { readonly files: Pick<Files, "makeDirectory" | "write"> },
  directory: string,
  env: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const folder = `${directory}/${FOLDER}`;
  const [node, main] = OWN_PROGRAM.argv;
  await files.makeDirectory("run", folder);
  const script = `#!/bin/sh\n# Written by Chargehand for the agent of this run.\nexec ${quote(node)} ${quote(main)} "$@"\n`;
  await files.write("run", `${folder}/chargehand`, script, SCRIPT_MODE);
  return { ...env, PATH: `${folder}:${env["PATH"] ?? ""}` };
}
