/**
 * The program of the step inside the walls, and Node's cache of its code: most of the step's time is the start of Node
 * with these sources.
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Commands } from "../../system/commands.ts";
import { GATHER_MS } from "../../workflow/limits.ts";
import { neutralEnvironment } from "./git.ts";

export interface StepProgram {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What must be readable for it. */
  readonly read: readonly string[];
}

export interface ProgramOptions {
  readonly commands: Commands;
  readonly path: string | undefined;
  /** Folder of Node's compile cache (absolute); without it the step starts more slowly. */
  readonly codeCache?: string | undefined;
}

/**
 * The cache is filled outside the walls, by a start that has nothing to do: within them it can only be read, because
 * who could write there would have its code run in the next task's step.
 */
export function createProgram({ commands, path, codeCache }: ProgramOptions): () => Promise<StepProgram> {
  const main = fileURLToPath(
    import.meta.url.endsWith(".ts")
      ? new URL("inside/main.ts", import.meta.url)
      : new URL("inside/main.js", import.meta.url),
  );
  const folder = dirname(main);
  const house = dirname(dirname(dirname(folder)));
  const program: StepProgram = {
    argv: [process.execPath, main],
    env: codeCache === undefined ? {} : { NODE_COMPILE_CACHE: codeCache },
    read: [folder, house, process.execPath, ...(codeCache === undefined ? [] : [codeCache])],
  };
  let filled: Promise<unknown> | null = codeCache === undefined ? Promise.resolve() : null;
  return async () => {
    const env = { ...neutralEnvironment(path), ...program.env };
    // Where it fails, the step itself will say why.
    filled ??= commands.run("gather", { argv: program.argv, cwd: folder, env, timeoutMs: GATHER_MS });
    await filled;
    return program;
  };
}
