/**
 * What is to be done next so that a chat shows what it should of one task: a single call, or nothing. Pure.
 *
 * P1. What wants a person comes first, then what is over, whose buttons do nothing any more, then the card.
 * P2. Nothing is sent in the place of a message of which nobody knows whether it stands there.
 * P3. What is shown already is not sent again.
 */

import type { Message, Rendered } from "../../chats/chat.ts";
import type { ChatMessage, MessagePurpose } from "../../workflow/chat/message.ts";

export interface Wanted {
  readonly purpose: MessagePurpose;
  readonly about: string;
  readonly message: Message;
}

export interface Desired {
  readonly card: Wanted | null;
  readonly ask: Wanted | null;
  /** The card is to come last in the chat once more. */
  readonly moves: boolean;
}

export type Action =
  | { readonly do: "send"; readonly wanted: Wanted; readonly replaces: ChatMessage | null }
  | { readonly do: "edit"; readonly row: ChatMessage; readonly rendered: Rendered; readonly shown: string }
  | { readonly do: "leave"; readonly row: ChatMessage }
  /** Something is in between, and comes first. */
  | { readonly do: "wait" }
  | { readonly do: "nothing" };

/**
 * @param rows of the task in the chat, except those that are gone
 * @param render as it would be sent with this token, and its digest
 */
export function planNext(
  { card, ask, moves }: Desired,
  rows: readonly ChatMessage[],
  render: (wanted: Wanted, row: ChatMessage) => { readonly rendered: Rendered; readonly shown: string },
): Action {
  const standing = rows.filter(({ status }) => status !== "leaving");
  const at = (wanted: Wanted): ChatMessage | undefined =>
    standing.find(({ about }) => about === wanted.about);
  // Also one that nobody wants any more: once it is known to stand there, it has to go.
  const isBetween = standing.some(
    ({ purpose, status }) => status !== "shown" && (purpose === "card" || purpose === "ask"),
  );
  const over = standing.find(
    ({ purpose, about, status }) =>
      status === "shown" && (purpose === "ask" ? about !== ask?.about : purpose === "card" && card === null),
  );
  for (const wanted of [ask, card]) {
    // It has buttons that do nothing any more.
    if (wanted !== ask && over !== undefined) return { do: "leave", row: over };
    if (wanted === null) continue;
    const row = at(wanted);
    if (row === undefined) return { do: "send", wanted, replaces: null };
    if (row.status !== "shown") continue;
    // What is asked stays as it was said, unless nobody knows how it looks.
    if (wanted.purpose !== "card" && row.shown !== null) continue;
    if (moves && wanted.purpose === "card") return { do: "send", wanted, replaces: row };
    const { rendered, shown } = render(wanted, row);
    if (shown !== row.shown) return { do: "edit", row, rendered, shown };
  }
  if (over !== undefined) return { do: "leave", row: over };
  return isBetween ? { do: "wait" } : { do: "nothing" };
}
