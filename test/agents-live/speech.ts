/**
 * What the scripted model says, before it is put into any vendor's words.
 *
 * The token counts are odd on purpose: no two differ by a factor, so a figure in a program's output tells which field
 * of which call it came from, and a sum that counts something twice is no sum that could be right.
 */

/** Tokens of one call, each kind apart from the others. */
export interface Tokens {
  /** Input that no cache held. */
  readonly fresh: number;
  readonly read: number;
  readonly write: number;
  /** All output, thinking included. */
  readonly out: number;
  readonly thinking: number;
}

export const TOOL_CALL: Tokens = { fresh: 1_001, read: 4_007, write: 2_003, out: 101, thinking: 40 };
export const LAST_WORD: Tokens = { fresh: 11, read: 6_007, write: 503, out: 53, thinking: 20 };
/** A title, a classifier: whatever a program asks beside its work. */
const ASIDE: Tokens = { fresh: 71, read: 0, write: 0, out: 7, thinking: 0 };

export const FINAL_TEXT = "The scripted model says that the file was written.";

/** One answer that goes well. */
export interface Speech {
  readonly text: string;
  /** A shell command for the client's shell tool; `null` for an answer of text alone. */
  readonly command: string | null;
  readonly tokens: Tokens;
  /** The answer trickles until the client has had enough. */
  readonly trickles: boolean;
}

export const ASIDE_SPEECH: Speech = { text: "An aside", command: null, tokens: ASIDE, trickles: false };
export const FINAL_SPEECH: Speech = { text: FINAL_TEXT, command: null, tokens: LAST_WORD, trickles: false };
export const SLOW_SPEECH: Speech = { ...FINAL_SPEECH, trickles: true };

export function toolSpeech(command: string): Speech {
  return { text: "I will run one command.", command, tokens: TOOL_CALL, trickles: false };
}

/** Input of every kind together: what the vendors that count caches inside call their input. */
export function allInput({ fresh, read, write }: Tokens): number {
  return fresh + read + write;
}

/** A streamed answer: server-sent events as text, in the order head, drips, tail. */
export interface Wire {
  readonly head: readonly string[];
  /** One more piece of text. */
  drip(text: string): string;
  tail(): readonly string[];
  /** The same answer for a client that asked for no stream. */
  readonly whole: unknown;
}

/** A server-sent event with a name. */
export function namedEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A server-sent event without one. */
export function dataEvent(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
