/** How a command ends: the exit codes of DESIGN §8, and the one way to say that something did not work. */

import type { Ports } from "./ports.ts";

export const EXIT: {
  readonly done: 0;
  readonly failed: 1;
  /** Wrong arguments, or a wrong configuration. */
  readonly usage: 2;
  readonly unreachable: 3;
  readonly notFound: 4;
  /** The task or run is in a state in which this cannot be done. */
  readonly refused: 5;
} = { done: 0, failed: 1, usage: 2, unreachable: 3, notFound: 4, refused: 5 };

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Failure {
  readonly kind: "failed";
  readonly exit: ExitCode;
  /** One line. */
  readonly message: string;
  /** What to do about it, one line. */
  readonly hint?: string | undefined;
}

export type Answer<T> = { readonly kind: "ok"; readonly value: T } | Failure;

export function fail(exit: ExitCode, message: string, hint?: string): Failure {
  return { kind: "failed", exit, message, hint };
}

/** Says on standard error what did not work, and sets the exit code. */
export function report({ exit, message, hint }: Failure, ports: Pick<Ports, "err" | "exit">): void {
  ports.err(`chargehand: ${message}\n${hint === undefined ? "" : `  ${hint}\n`}`);
  ports.exit(exit);
}
