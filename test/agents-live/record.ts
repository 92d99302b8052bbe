/**
 * What a program printed, as a fixture for the tests of its backend: `<case>.stdout`, `.stderr` and `.exit`, with the
 * places of this machine replaced by names. For a new version of a program, whose words may be new, too.
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { ExitRecord } from "../../system/process/processes.ts";
import type { Ground } from "./perform.ts";

export interface Recorded {
  readonly name: string;
  /** The program's file, below the folder it is installed in. */
  readonly program: string;
  readonly ground: Ground;
  readonly run: string;
  readonly exit: ExitRecord | null;
}

/** @param into directory of the program's recordings */
export function record(into: string, recorded: Recorded): void {
  const { name, ground, run, exit } = recorded;
  mkdirSync(into, { recursive: true });
  for (const stream of ["stdout", "stderr"]) {
    const text = readFileSync(`${ground.directory}/${run}/${stream}.log`, "utf8");
    writeFileSync(`${into}/${name}.${stream}`, anonymous(text, recorded));
  }
  writeFileSync(`${into}/${name}.exit`, `${exit?.signal ?? exit?.code ?? "none"}\n`);
}

function anonymous(text: string, { ground, program }: Recorded): string {
  const [installed = program] = program.split("/node_modules/", 1);
  return text
    .replaceAll(ground.worktree, "$REPO")
    .replaceAll(ground.home, "$HOME")
    .replaceAll(ground.directory, "$BASE")
    .replaceAll(installed, "$INST")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT");
}
