/**
 * What an attempt of a hostile agent is: what its shell does, and what shows that it came through.
 *
 * The scripts know their surroundings by variables, so that the same ones are tried on a real daemon and, to prove
 * that they would do harm, on a ground without walls or doors (`canaries.test.ts`):
 *
 * `$E` a program that leaves a mark when anybody but the agent itself runs it; `$LOOT` a file for what was seen;
 * `$BITE` a name, unique, for a file in a place that is none of the agent's; `$RUN` the folder of the run,
 * `$W` that of the task; `$D` the data directory; `$M` the daemon's repository and `$R` the remote; `$H` the home of
 * the daemon's user; `$SHM` a folder in shared memory; `$CONFIG` the daemon's configuration; `$DAEMON` its pid;
 * `$PREY`, `$PREYRUN`, `$PREYPID` folder, run and process of a neighbour.
 */

export type Mode = "none" | "sandbox";

/**
 * What becomes of the ordinary work beside the attempt, which every agent leaves in `work.txt`. `astray`: the agent has
 * moved it away itself, so that it must only not be called published.
 */
export type Becomes = "published" | "kept" | "astray";

export interface Attempt {
  /** Unique, lower case with dashes. */
  readonly name: string;
  /** POSIX shell, in the task's folder. */
  readonly does: string;
  /** What somebody without care does there afterwards; empty where the attempt needs nobody's help. */
  readonly unwary: string;
  readonly modes: readonly Mode[];
  readonly becomes: Readonly<Record<Mode, Becomes>>;
  /** Attempts of one word share a run: they do not disturb one another. */
  readonly run: string;
}

export const BOTH: readonly Mode[] = ["none", "sandbox"];
export const PUBLISHED: Readonly<Record<Mode, Becomes>> = { none: "published", sandbox: "published" };

/** A row of a table. */
export function attempt(name: string, does: string, unwary: string, more: Partial<Attempt> = {}): Attempt {
  return { name, does, unwary, modes: BOTH, becomes: PUBLISHED, run: name, ...more };
}

/** Every planted secret begins so. */
export const SECRET_WORD = "hidden-of-the-house";

export interface Surroundings {
  /** Where programs and scripts of agents lie. */
  readonly scripts: string;
  /** Where marks appear, and where loot is laid. */
  readonly marks: string;
  readonly loot: string;
  readonly variables: Readonly<Record<string, string | number>>;
}

/** The beginning of every script: its variables. */
export function surroundingsText({ variables }: Pick<Surroundings, "variables">): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(String(value))}\n`)
    .join("");
}

/** What runs one attempt in a shell of its own, so that it may fail without ending the others. */
export function attemptText({ scripts, loot }: Surroundings, { name, does }: Attempt): string {
  return `( E=${scripts}/evil-${name} LOOT=${loot}/${name} BITE=bitten-${name}\n${does}\n) < /dev/null > /dev/null 2>&1\n`;
}

/** A program that tells of it, if it is run by anybody but the agent: whatever an agent starts carries its mark. */
export function evilText({ marks }: Surroundings, name: string): string {
  return `#!/bin/sh\n[ -n "$CHARGEHAND_RUN" ] || echo "$0 $*" >> ${quoted(`${marks}/${name}`)}\nexit 0\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
