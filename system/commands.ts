/**
 * Runs a program to its end without a shell, with bounded output and time. For git; agents go through
 * `process/processes.ts`.
 *
 * M1. A program is ended together with its children: `git fetch` leaves the network to a process of its own, which
 *     outlives it. So each program leads a group of its own; a key struck at the daemon's terminal does not reach it.
 * M2. Unlike an agent it ends with the daemon, because nobody would hear its answer, and a fetch from a host that hangs
 *     would stay for ever. It is told gently: git then removes its lock files.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import type { Readable } from "node:stream";

export interface CommandSpec {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Text for stdin. */
  readonly input?: string;
  /** A regular file for stdin, no link, of at most so many bytes; instead of `input`. */
  readonly inputFile?: { readonly path: string; readonly maxBytes: number };
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
  const crew = createCrew();
  return {
    run: async (_operation, spec): Promise<CommandResult> => {
      let stdin: number | null = null;
      try {
        const [program = "", ...args] = spec.argv;
        const { cwd, env, inputFile } = spec;
        if (inputFile !== undefined) stdin = openInput(inputFile);
        const child = spawn(program, args, {
          cwd,
          env,
          detached: true,
          stdio: [stdin ?? "pipe", "pipe", "pipe"],
        });
        return await follow(child, spec, crew);
      } catch (error) {
        if (error instanceof UnfitInput) return { kind: "failed", reason: error.message };
        // What cannot even be handed to the system, such as an argument with a NUL byte, is thrown.
        return unstarted(error);
      } finally {
        if (stdin !== null) closeSync(stdin);
      }
    },
  };
}

class UnfitInput extends Error {}

/** Opened without following a link and without waiting for a writer: a stranger may have laid it there. */
function openInput({ path, maxBytes }: NonNullable<CommandSpec["inputFile"]>): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stat = fstatSync(file);
  if (stat.isFile() && stat.size <= maxBytes) return file;
  closeSync(file);
  throw new UnfitInput(stat.isFile() ? `its input has more than ${maxBytes} bytes` : "its input is no file");
}

function follow(child: ChildProcess, { timeoutMs, input }: CommandSpec, crew: Crew): Promise<CommandResult> {
  return new Promise((resolve) => {
    let ended: string | null = null;
    const end = (reason: string): void => {
      ended ??= reason;
      signalGroup(child, "SIGKILL");
      // Who left the group may still hold them open.
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    const late = setTimeout(() => end(`it took longer than ${timeoutMs} ms`), timeoutMs);
    const tooMuch = (): void => end("it said too much");
    const stdout = collect(child.stdout, tooMuch);
    const stderr = collect(child.stderr, tooMuch);
    const settle = (result: CommandResult): void => {
      clearTimeout(late);
      crew.leave(child);
      resolve(result);
    };
    crew.join(child);
    child.once("error", (error) => settle(unstarted(error)));
    child.once("close", (code, signal) => {
      if (ended !== null) settle({ kind: "failed", reason: ended });
      else if (code === null) settle({ kind: "failed", reason: `it was ended by ${signal}` });
      else settle({ kind: "exited", code, stdout: stdout(), stderr: stderr() });
    });
    child.stdin?.on("error", () => child.stdin?.destroy());
    child.stdin?.end(input ?? "");
  });
}

/** Keeps what comes, up to the limit, and answers it as text. */
function collect(stream: Readable | null, tooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > OUTPUT_BYTES_MAX) tooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

interface Crew {
  join(child: ChildProcess): void;
  leave(child: ChildProcess): void;
}

/** The programs that run now, for when the process exits (M2). */
function createCrew(): Crew {
  const crew = new Set<ChildProcess>();
  const dismiss = (): void => {
    for (const child of crew) signalGroup(child, "SIGTERM");
  };
  return {
    join(child): void {
      if (crew.size === 0) process.once("exit", dismiss);
      crew.add(child);
    },
    leave(child): void {
      crew.delete(child);
      if (crew.size === 0) process.off("exit", dismiss);
    },
  };
}

/** Its pid is not reused as long as we have not heard of its end, and neither is that of its group. */
function signalGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // Gone between our look and our word, which is what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Not Node's own message, which repeats the whole command line: there may be credentials in it (I12). */
function unstarted(error: unknown): CommandResult {
  const code = error instanceof Error && "code" in error ? error.code : null;
  const said = typeof code === "string" ? code : error instanceof Error ? error.name : String(error);
  return { kind: "failed", reason: `it could not be started: ${said}` };
}
