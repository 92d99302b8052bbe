/** What the agents noted about themselves (`agent.sh`), and what they printed, counted by us. */

import { existsSync, readFileSync, statSync } from "node:fs";

export interface AgentBook {
  readonly task: string;
  /** How often it began; each time with this pid. */
  readonly starts: number;
  readonly pid: number;
  /** The exit code it was about to end with; `null` when it never came so far. */
  readonly ended: number | null;
  /** Tokens of the lines it knows to be written. */
  readonly used: number;
  /** A line of it could not be written: the disk was full. */
  readonly torn: boolean;
}

export interface Books {
  readonly runs: ReadonlyMap<string, AgentBook>;
  /** Agents that found the lock of their task taken. */
  readonly doubles: readonly string[];
}

export function readBooks(journal: readonly string[]): Books {
  const runs = new Map<string, AgentBook>();
  const doubles: string[] = [];
  for (const line of journal) {
    const [what, run = "", task = "", figure = ""] = line.split(" ");
    const book = runs.get(run) ?? { task, starts: 0, pid: 0, ended: null, used: 0, torn: false };
    if (what === "double") doubles.push(line);
    else if (what === "start") runs.set(run, { ...book, starts: book.starts + 1, pid: Number(figure) });
    else if (what === "used") runs.set(run, { ...book, used: book.used + Number(figure) });
    else if (what === "torn") runs.set(run, { ...book, torn: true });
    else if (what === "end") runs.set(run, { ...book, ended: Number(figure) });
    else throw new Error(`the journal says '${line}'`);
  }
  return { runs, doubles };
}

/** Tokens in a run's log: of every line that is whole, once per call. */
export function countTokens(log: string): number {
  if (!existsSync(log)) return 0;
  const calls = new Map<string, number>();
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const call = readCall(line);
    if (call !== null) calls.set(call.id, call.tokens);
  }
  return [...calls.values()].reduce((sum, tokens) => sum + tokens, 0);
}

export function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

function readCall(line: string): { readonly id: string; readonly tokens: number } | null {
  try {
    const { message } = JSON.parse(line);
    return { id: message.id, tokens: message.usage.input_tokens + message.usage.output_tokens };
  } catch (error) {
    // Empty, or half of a line: nobody can say what it was to be.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
