/**
 * What is told at forges and trackers, as calls of the outbox: who makes them, of which kinds they are, and what each
 * says. Here they are written and read; pure.
 *
 * O1. A call says what is wished for, never how to get there: made twice, or late, it has the same end.
 * O2. What was stored is read with care: it may be of another version.
 */

import type { NewCall, OutboxCall } from "../outbox.ts";

/** Where somebody asked for something, and is answered. */
export interface Spot {
  /** Name of the source, such as `github`. */
  readonly source: string;
  /** As `Item` of `forges/tell.ts`. */
  readonly place: string;
  readonly item: string;
  /** One comment there; `null` for the item itself. */
  readonly comment: string | null;
}

const TARGET = "forge:";

/** The target of all that is told at a source. */
export function outsideTarget(source: string): string {
  return `${TARGET}${source}`;
}

/** The source of a target; `null` for any other target. */
export function outsideSource(target: string): string | null {
  return target.startsWith(TARGET) ? target.slice(TARGET.length) : null;
}

/** By kind. Each is about one item. */
interface Wishes {
  /** A sign at the item, or at one of its comments, that it was seen. */
  readonly acknowledge: { readonly comment: string | null };
  /** A comment that is said and never changed. `mark`: the same for each try, and nobody else's. */
  readonly reply: { readonly mark: string; readonly text: string };
}

export type OutsideKind = keyof Wishes;

export type OutsideWish = {
  readonly [K in OutsideKind]: Wishes[K] & {
    readonly kind: K;
    readonly place: string;
    readonly item: string;
  };
}[OutsideKind];

export function outsideCall(source: string, { kind, ...payload }: OutsideWish): NewCall {
  return { target: outsideTarget(source), kind, payload };
}

/** O2. `null` for what nobody understands. */
export function wishOf({ kind, payload }: Pick<OutboxCall, "kind" | "payload">): OutsideWish | null {
  const { place, item } = payload;
  if (typeof place !== "string" || typeof item !== "string") return null;
  switch (kind) {
    case "acknowledge": {
      const { comment } = payload;
      return comment === null || typeof comment === "string" ? { kind, place, item, comment } : null;
    }
    case "reply": {
      const { mark, text } = payload;
      return typeof mark === "string" && typeof text === "string" ? { kind, place, item, mark, text } : null;
    }
    default:
      return null;
  }
}

/** That it was seen. */
export function acknowledgement({ source, place, item, comment }: Spot): NewCall {
  return outsideCall(source, { kind: "acknowledge", place, item, comment });
}
