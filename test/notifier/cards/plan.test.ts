/** What is done next about one task in one chat. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Desired, planNext, type Wanted } from "../../../notifier/cards/plan.ts";
import { type ChatMessage, messageMoves } from "../../../workflow/chat/message.ts";

const EMPTY = { lines: [], buttons: [] };
const CARD: Wanted = { purpose: "card", about: "card SHOP-1", message: EMPTY };
const ASK: Wanted = { purpose: "ask", about: "approval 1", message: EMPTY };

function row(wanted: Pick<Wanted, "purpose" | "about">, more: Partial<ChatMessage> = {}): ChatMessage {
  return {
    ...{ id: 1, chat: "telegram:team", task: "SHOP-1", purpose: wanted.purpose, about: wanted.about },
    ...{ token: "t", status: "shown", remote: "1", shown: "now", isPlain: false, after: null },
    ...{ replyTo: null, meaning: null, tries: 0, dueAt: 0, error: null, begunAt: 0, sentAt: 0 },
    ...{ editedAt: null, finishedAt: null },
    ...more,
  };
}

/** @param now digest of how the card would look */
function plan(desired: Partial<Desired>, rows: readonly ChatMessage[], now = "now"): string {
  const action = planNext({ card: CARD, ask: null, moves: false, ...desired }, rows, () => ({
    ...{ rendered: { body: now }, shown: now },
  }));
  switch (action.do) {
    case "send":
      return `send ${action.wanted.about}${action.replaces === null ? "" : " for the old one"}`;
    case "edit":
    case "leave":
      return `${action.do} ${action.row.about}`;
    default:
      return action.do;
  }
}

test("P1: what wants a person comes first, then what is over, whose buttons do nothing any more, then the card", () => {
  const over = row({ purpose: "ask", about: "approval 0" });
  assert.equal(plan({ ask: ASK }, [over]), "send approval 1");
  assert.equal(plan({ ask: ASK }, [over, row(ASK)]), "leave approval 0");
  assert.equal(plan({ ask: ASK }, [over, row(ASK), row(CARD)], "new"), "leave approval 0");
  assert.equal(plan({}, [over, row(CARD)], "new"), "leave approval 0");
  assert.equal(plan({ ask: ASK }, [row(ASK), row(CARD)], "new"), "edit card SHOP-1");
  assert.equal(plan({ ask: ASK }, [row(ASK), row(CARD)]), "nothing");
  assert.equal(plan({}, [{ ...over, status: "unknown" }, row(CARD)]), "wait");
});

test("P2: nothing is sent in the place of a message of which nobody knows whether it stands there", () => {
  for (const status of ["sending", "unknown"] as const) {
    assert.equal(plan({}, [row(CARD, { status, remote: null })], "new"), "wait");
    assert.equal(plan({ moves: true }, [row(CARD, { status, remote: null })], "new"), "wait");
    assert.equal(plan({ ask: ASK }, [row(ASK, { status }), row(CARD)], "new"), "edit card SHOP-1");
    assert.equal(plan({ ask: ASK }, [row(ASK, { status }), row(CARD)]), "wait");
  }
  assert.equal(plan({}, [row(CARD, { status: "leaving" })]), "send card SHOP-1");
});

test("P3: what is shown already is not sent again, and what nobody knows of is", () => {
  assert.equal(plan({}, [row(CARD)]), "nothing");
  assert.equal(plan({}, [row(CARD, { shown: null })]), "edit card SHOP-1");
  assert.equal(
    plan({ ask: ASK }, [row(ASK, { shown: "old" }), row(CARD)]),
    "nothing",
    "it stays as it was said",
  );
  assert.equal(plan({ ask: ASK }, [row(ASK, { shown: null }), row(CARD)]), "edit approval 1");
});

test("a card that is to come last once more is sent anew for the old one", () => {
  assert.equal(plan({ moves: true }, [row(CARD)]), "send card SHOP-1 for the old one");
});

test("where no card is wanted one that is there leaves; notices and answers stay", () => {
  assert.equal(plan({ card: null }, [row(CARD)]), "leave card SHOP-1");
  for (const status of messageMoves.statuses)
    for (const purpose of ["notice", "reply", "digest"] as const)
      assert.equal(plan({ card: null }, [row({ purpose, about: "call 1" }, { status })]), "nothing");
});
