/** What is to be done about one card of a chat: facts, drawing, ledger and plan put together. */

import type { Chat, Message, Rendered } from "../../chats/chat.ts";
import type { Card, ChatMessage } from "../../workflow/chat/message.ts";
import { taskMoves } from "../../workflow/states.ts";
import { digestOf } from "./calls.ts";
import { type CardFacts, cardFacts } from "./facts.ts";
import { usedBy } from "./figures.ts";
import { draw, type Shown } from "./model.ts";
import { type Action, type Desired, planNext } from "./plan.ts";
import type { CardPorts, ChatInForce } from "./ports.ts";

export interface Looked {
  readonly action: Action;
  readonly shown: Shown;
}

/** What is to be done about a card; `null` when nothing is, which is written down. */
export async function lookAt(
  { store, clock, redact }: Pick<CardPorts, "store" | "clock" | "redact">,
  inForce: ChatInForce,
  card: Card,
  plain: ReadonlySet<string>,
): Promise<Looked | null> {
  const { chat } = inForce;
  const facts = await cardFacts(store, card.task, clock.now());
  if (facts === null) {
    await store.cards.drawn(
      card,
      { ...seenOf(card), isAsked: false, isSettled: true, state: "" },
      clock.now(),
    );
    return null;
  }
  const shown = draw(facts, { redact, showsActivity: inForce.activityMs !== null });
  const rows = await store.messages.ofTask(chat.key, card.task);
  const desired = desiredOf(inForce, facts, shown, card, rows);
  const action = planNext(desired, rows, (wanted, row) => {
    const rendered = renderOf(chat, wanted.message, row, plain);
    return { rendered, shown: digestOf(rendered) };
  });
  if (action.do !== "nothing" && action.do !== "wait") return { action, shown };
  const isSettled = action.do === "nothing" && taskMoves.final.some((end) => end === facts.task.status);
  const drawn = { ...seenOf(card), isAsked: desired.ask !== null, isSettled, state: shown.state };
  // Its unknown message comes first, and then it is looked at again.
  if (action.do === "wait") await store.cards.putOff(card, clock.now() + 1_000);
  else await store.cards.drawn(card, drawn, clock.now());
  return null;
}

function seenOf({ mark, active }: Card): { readonly seen: string; readonly seenActive: number | null } {
  return { seen: mark, seenActive: active };
}

/** What the chat wants to see of a task. A card that is there stays, whatever the filters say now. */
function desiredOf(
  { cards, phases, minNanos, bump }: ChatInForce,
  facts: CardFacts,
  { state, card, ask }: Shown,
  known: Card,
  rows: readonly ChatMessage[],
): Desired {
  const { key } = facts.task;
  const about = `card ${key}`;
  const wants = cards === "all" || state === "failed" || (cards === "asked" && ask !== null);
  const passes =
    wants &&
    (phases === null || facts.phases.some(({ phase }) => phases.includes(phase))) &&
    (minNanos === 0 || (usedBy(facts.runs).nanos ?? Number.POSITIVE_INFINITY) >= minNanos);
  const isThere = rows.some((row) => row.about === about && row.status !== "leaving");
  const isLoud = ask !== null || state === "done";
  return {
    card: passes || isThere ? { purpose: "card", about, message: card } : null,
    ask: passes && ask !== null ? { purpose: "ask", ...ask } : null,
    moves: bump && isThere && isLoud && known.state !== "" && known.state !== state,
  };
}

export function renderOf(
  chat: Chat,
  message: Message,
  { token, about, isPlain }: Pick<ChatMessage, "token" | "about" | "isPlain">,
  plain: ReadonlySet<string>,
): Rendered {
  return chat.render(message, token, isPlain || plain.has(about));
}

export function overMessage({ task }: ChatMessage): Message {
  return {
    lines: [
      {
        weight: 1,
        pieces: [{ text: task === null ? "This is over." : `${task}: see its card.`, as: "quiet" }],
      },
    ],
    buttons: [],
  };
}
