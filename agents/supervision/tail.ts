/**
 * The reader of one run's `stdout.log`: bytes into lines into a transcript, from a stored offset on (I6).
 *
 * T1. The offset that may be stored is the start of the first incomplete line, and the transcript next to it holds
 *     exactly the lines before it.
 * T2. One look reads a bounded number of bytes, so that a flood cannot keep the supervisor from judging.
 * T3. No line ends a run by being read: one that its dialect cannot stand is one that it does not know.
 */

import type { StrangePlace } from "../../system/files/strange-place.ts";
import type { Files } from "../../system/files.ts";
import { READ_BYTES_MAX } from "../../workflow/limits.ts";
import type { Backend, Transcript } from "../backend.ts";
import { nameOf } from "../dialect/fields.ts";
import { withoutTurns } from "../dialect/turns.ts";
import type { Bookmark } from "../transcript.ts";
import { type Carry, carryLength, closeLine, type Line, NO_CARRY, splitLines } from "./lines.ts";

export interface Tail {
  readonly transcript: Transcript;
  /** Bytes of the log that were read. */
  readonly position: number;
  readonly carry: Carry;
}

export function openTail(bookmark: Bookmark): Tail {
  return { transcript: bookmark.transcript, position: bookmark.logOffset, carry: NO_CARRY };
}

/** T1. */
export function offsetOf(tail: Tail): number {
  return tail.position - carryLength(tail.carry);
}

/** What goes on when the turns that were read are written down. */
export function withoutWritten(tail: Tail): Tail {
  return { ...tail, transcript: withoutTurns(tail.transcript) };
}

/** Counts the next bytes of the log in. */
export function digest(backend: Backend, tail: Tail, bytes: Uint8Array): Tail {
  const { lines, carry } = splitLines(tail.carry, bytes);
  const transcript = lines.reduce((sum, line) => readLine(backend, sum, line), tail.transcript);
  return { transcript, position: tail.position + bytes.length, carry };
}

/** Counts the last line in, which has no LF: nobody is left who could finish it. */
export function finish(backend: Backend, tail: Tail): Tail {
  if (carryLength(tail.carry) === 0) return tail;
  return { ...tail, transcript: readLine(backend, tail.transcript, closeLine(tail.carry)), carry: NO_CARRY };
}

/** Reads what has come, at most `reads` pieces of it. Of what is no log nothing comes; the end tells (`ending.ts`). */
export async function readOn(
  files: Pick<Files, "door">,
  log: StrangePlace,
  backend: Backend,
  from: Tail,
  reads: number,
): Promise<Tail> {
  let tail = from;
  for (let n = 0; n < reads; n += 1) {
    const received = await files.door.read("tail", log, tail.position, READ_BYTES_MAX);
    if (received.kind !== "read" || received.bytes.length === 0) break;
    tail = digest(backend, tail, received.bytes);
  }
  return tail;
}

/** A line that was cut cannot be understood; a line that is empty says nothing. */
function readLine(backend: Backend, transcript: Transcript, line: Line): Transcript {
  if (line.cut) return { ...transcript, unknownLines: transcript.unknownLines + 1 };
  if (line.text === "") return transcript;
  try {
    return withNames(backend, backend.read(transcript, line.text), transcript);
  } catch {
    // T3: it may be nested deeper than the stack, and the next version's may be anything. Fixtures hold the dialects.
    return { ...transcript, unknownLines: transcript.unknownLines + 1 };
  }
}

/**
 * Names as they may be stored. A session whose name is not one of this program's is ignored, and the line counts as one
 * that was not understood.
 */
function withNames({ sessionName }: Backend, next: Transcript, before: Transcript): Transcript {
  const { session, model } = next;
  if (session === before.session && model === before.model) return next;
  const isName = session === null || (nameOf(session) === session && sessionName.test(session));
  return {
    ...next,
    session: isName ? session : before.session,
    unknownLines: next.unknownLines + (isName ? 0 : 1),
    model: model === null ? null : nameOf(model),
  };
}
