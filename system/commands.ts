/**
 * Runs a program to its end without a shell, with bounded output and time. For git; agents go through `processes.ts`.
 */

import { type ExecFileException, execFile } from "node:child_process";

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
      new Promise<CommandResult>((resolve) => {
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
          resolve({ kind: "failed", reason: describe(error, timeoutMs) });
        });
        child.stdin?.on("error", () => child.stdin?.destroy());
        child.stdin?.end(input ?? "");
        // What cannot even be handed to the system, such as an argument with a NUL byte, is thrown.
      }).catch((error: Error) => ({ kind: "failed", reason: describe(error, timeoutMs) })),
  };
}

/** Not Node's own message, which repeats the whole command line: there may be credentials in it (I12). */
function describe(error: ExecFileException, timeoutMs: number): string {
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "it said too much";
  if (error.killed === true) return `it took longer than ${timeoutMs} ms`;
  if (typeof error.signal === "string") return `it was ended by ${error.signal}`;
  return `it could not be started: ${error.code ?? error.name}`;
}
