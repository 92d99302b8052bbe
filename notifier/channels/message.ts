/** What a channel tells of a call: the same words for all of them. Pure. */

import type { OutboxCall } from "../../workflow/outbox.ts";

export interface Message {
  /** Drawn once per call and never again: by it a receiver knows a repetition. */
  readonly id: string;
  readonly kind: string;
  /** When it was noticed; calendar time (ms). */
  readonly at: number;
  readonly subject: { readonly kind: string; readonly name: string };
  readonly project: string | null;
  readonly message: string;
  readonly title: string | null;
  readonly reason: string | null;
  readonly remedy: string | null;
}

/** @param redact takes secrets out of a text: some of these words are an agent's, or a stranger's */
export function messageOf(
  { id, kind, subject, payload, createdAt }: OutboxCall,
  redact: (text: string) => string,
): Message {
  const text = (name: string): string | null => {
    const value = payload[name];
    return typeof value === "string" ? redact(value) : null;
  };
  const { at, message_id: drawn } = payload;
  return {
    // A call that was written by hand has none; its number is the best there is.
    id: typeof drawn === "string" ? drawn : `call-${id}`,
    kind,
    at: typeof at === "number" ? at : createdAt,
    subject: { kind: subject.kind, name: subject.name },
    project: text("project"),
    message: text("message") ?? kind,
    title: text("title"),
    reason: text("reason"),
    remedy: text("remedy"),
  };
}
