/**
 * Reads a request's body without trusting what it says about its size.
 *
 * B1. Never more than the limit is kept, whether the length was announced or the body comes in chunks.
 * B2. Small bodies, which nearly all are, take the server's fast path. Large ones share a budget of memory, so that
 *     many senders at once cannot fill it.
 */

import { LARGE_BODIES_BYTES_MAX, SMALL_BODY_BYTES } from "../workflow/limits.ts";

export type ReadBody =
  | { readonly kind: "body"; readonly raw: Buffer }
  | { readonly kind: "too_large" }
  /** Too many large bodies at once. */
  | { readonly kind: "overloaded" }
  /** The connection broke, or the announced length was wrong. */
  | { readonly kind: "broken"; readonly reason: string };

export interface BodyReader {
  read(request: Request, announced: string | undefined): Promise<ReadBody>;
}

/** @param limit bytes. */
export function createBodyReader(limit: number): BodyReader {
  const budget = { used: 0 };
  return {
    async read(request, announced): Promise<ReadBody> {
      const length = announced !== undefined && /^\d{1,15}$/.test(announced) ? Number(announced) : null;
      if (length !== null && length > limit) return { kind: "too_large" };
      try {
        if (length !== null && length <= SMALL_BODY_BYTES) {
          const raw = Buffer.from(await request.arrayBuffer());
          return raw.length > limit ? { kind: "too_large" } : { kind: "body", raw };
        }
        return await readPieces(request, limit, budget);
      } catch (error) {
        // A sender that goes away in the middle is ordinary; whoever is still there is told.
        return {
          kind: "broken",
          reason: `the body could not be read: ${error instanceof Error ? error.name : "error"}`,
        };
      }
    },
  };
}

async function readPieces(request: Request, limit: number, budget: { used: number }): Promise<ReadBody> {
  const reader = request.body?.getReader();
  if (reader === undefined) return { kind: "body", raw: Buffer.alloc(0) };
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { kind: "body", raw: Buffer.concat(pieces, size) };
      size += value.length;
      budget.used += value.length;
      if (size > limit) return { kind: "too_large" };
      // One body always fits, whatever limit was configured.
      if (budget.used > Math.max(LARGE_BODIES_BYTES_MAX, limit)) return { kind: "overloaded" };
      pieces.push(value);
    }
  } finally {
    budget.used -= size;
    // Ends the reading; what is still under way is the server's to throw away.
    await reader.cancel();
  }
}
