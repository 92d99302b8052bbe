/** Runs a program on the terminal of the person who called: what is typed and shown there is the program's. */

import { spawn } from "node:child_process";

export interface TerminalSpec {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

/** The exit code, 128 and more for a signal as a shell says it; a sentence when it could not be started. */
export type OnTerminal = (spec: TerminalSpec) => Promise<number | string>;

const KEYS = ["SIGINT", "SIGQUIT"] as const;
const SIGNALLED = 128;
const INTERRUPTED = 2;

export const onTerminal: OnTerminal = ({ argv: [program = "", ...args], cwd, env }) =>
  new Promise((resolve) => {
    // A key struck there is meant for the program, and this process has to see its end.
    const ignore = (): void => undefined;
    for (const key of KEYS) process.on(key, ignore);
    const settle = (result: number | string): void => {
      for (const key of KEYS) process.off(key, ignore);
      resolve(result);
    };
    const child = spawn(program, args, { cwd, env: { ...env }, stdio: "inherit" });
    child.once("error", (error) => settle("code" in error ? String(error.code) : error.name));
    child.once("close", (code) => settle(code ?? SIGNALLED + INTERRUPTED));
  });
