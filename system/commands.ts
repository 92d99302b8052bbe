/** Runs a program to its end without a shell, with bounded output and time. For git; agents go through `processes.ts`. */

import { execFile } from "node:child_process";

export interface CommandSpec {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Text for stdin. */
  readonly input?: string;
}

export type CommandResult =
  | { readonly kind: "exited"; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** It could not be started, or was killed because it took too long or said too much. */
  | { readonly kind: "failed"; readonly reason: string };

export interface Commands {
  run(operation: string, spec: CommandSpec): Promise<CommandResult>;
}

const OUTPUT_BYTES_MAX = 10 * 1_024 * 1_024;

export function systemCommands(): Commands {
  return {
    run: (_operation, { argv, cwd, env, timeoutMs, input }) =>
      new Promise((resolve) => {
        const [program = "", ...args] = argv;
        const options = {
          cwd,
          env,
          timeout: timeoutMs,
          maxBuffer: OUTPUT_BYTES_MAX,
          killSignal: "SIGKILL",
        } as const;
        const child = execFile(program, args, options, (error, stdout, stderr) => {
          if (error === null) return resolve({ kind: "exited", code: 0, stdout, stderr });
          if (typeof error.code === "number")
            return resolve({ kind: "exited", code: error.code, stdout, stderr });
          resolve({
            kind: "failed",
            reason: error.killed === true ? `it took longer than ${timeoutMs} ms` : error.message,
          });
        });
        child.stdin?.on("error", () => child.stdin?.destroy());
        child.stdin?.end(input ?? "");
      }),
  };
}
