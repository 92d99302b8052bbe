/**
 * What all dialects have in common: a transcript before its first line, and the one way in which a line is read. A line
 * that is no object of JSON, or of a kind that the dialect does not know, is counted and skipped.
 */

import type { Backend, Transcript } from "../backend.ts";
import { type Fields, parseFields } from "./fields.ts";
import { NO_CALLS } from "./repetition.ts";
import { NO_TURNS } from "./turns.ts";

/** @param memory what the dialect remembers before the first line */
export function emptyTranscript(model: string | null, memory: Transcript["memory"]): Transcript {
  return {
    session: null,
    model,
    usage: [],
    openTools: 0,
    idle: 0,
    calls: NO_CALLS,
    turns: NO_TURNS,
    limits: [],
    terminal: null,
    lines: 0,
    unknownLines: 0,
    memory,
  };
}

/** @param readFields the dialect itself; `null` for a kind of line that it does not know */
export function lineReader(
  readFields: (transcript: Transcript, fields: Fields) => Transcript | null,
): Backend["read"] {
  return (transcript, line) => {
    const fields = parseFields(line);
    const next = fields === null ? null : readFields(transcript, fields);
    return next === null
      ? { ...transcript, unknownLines: transcript.unknownLines + 1 }
      : { ...next, lines: transcript.lines + 1 };
  };
}
