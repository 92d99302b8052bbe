/**
 * Starts a program that outlives whoever started it: in a session of its own, with a file for what it says. For a
 * daemon that a person's command leaves running; agents go through `processes.ts`.
 */

import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

export interface BackgroundSpec {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Is added to; made for this user alone where it is missing (absolute). */
  readonly log: string;
}

export interface Background {
  readonly pid: number;
  /** Whether it has ended, as far as is known. */
  hasEnded(): boolean;
}

/** Rejects never: a sentence when it could not be started. */
export type InBackground = (spec: BackgroundSpec) => Promise<Background | string>;

export const inBackground: InBackground = ({ argv: [program = "", ...args], cwd, env, log }) =>
  new Promise((resolve) => {
    const out = openSync(log, "a", 0o600);
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", out, out] });
    closeSync(out);
    child.once("error", (error) => resolve("code" in error ? String(error.code) : error.name));
    child.once("spawn", () => {
      child.unref();
      const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
      resolve({ pid: child.pid ?? 0, hasEnded });
    });
  });
