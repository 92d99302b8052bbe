/**
 * What a dialect remembers between two lines, inside the transcript that is stored with the run.
 *
 * It is marked with the dialect's name and version: what an older version has left is as good as nothing, and the
 * figures of that run begin anew. Only the dialect itself writes its memory, so what carries its mark has its shape.
 */

import type { Transcript } from "../backend.ts";

export interface DialectMemory<M> {
  /** What was remembered last; the dialect's `nothing` if that was never, or by another version. */
  of(transcript: Transcript): M;
  /** The transcript with this in its memory. */
  keep(transcript: Transcript, memory: M): Transcript;
  /** For a transcript that begins. */
  readonly nothing: Transcript["memory"];
}

/**
 * @param dialect name and version, such as `pi-1`; a new one for every change of the shape
 * @param nothing what is remembered before the first line: JSON, and small however long the transcript gets
 */
export function dialectMemory<M extends object>(dialect: string, nothing: M): DialectMemory<M> {
  return {
    of: ({ memory }) => {
      // Decoder: the mark says that this shape was written by `keep`.
      return memory["dialect"] === dialect ? (memory as unknown as M) : nothing;
    },
    keep: (transcript, memory) => ({ ...transcript, memory: { ...memory, dialect } }),
    nothing: { ...nothing, dialect },
  };
}
