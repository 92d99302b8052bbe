/** How a task stands, in one word for whoever looks at a chat, and whose time it is that passes. Pure. */

import { isOpenQuestion } from "../../workflow/phases/question.ts";
import { approvalMoves } from "../../workflow/phases/states.ts";
import type { CardFacts } from "./facts.ts";

export type CardState =
  | "queued"
  | "working"
  | "asking"
  | "ci"
  | "limited"
  | "held"
  | "paused"
  | "blocked"
  | "failed"
  | "cancelled"
  | "done";

interface Told {
  readonly sign: string;
  readonly word: string;
  /** Whose time passes meanwhile; `null` where none does. */
  readonly whose: "our" | "your" | "the provider's" | "CI's" | null;
}

export const CARD_STATES: Readonly<Record<CardState, Told>> = {
  queued: { sign: "🕓", word: "Queued", whose: "our" },
  working: { sign: "⚙️", word: "Working", whose: "our" },
  asking: { sign: "✋", word: "Waits for you", whose: "your" },
  ci: { sign: "🧪", word: "Waits for CI", whose: "CI's" },
  limited: { sign: "⏳", word: "Usage limit", whose: "the provider's" },
  held: { sign: "⏳", word: "Held", whose: "our" },
  paused: { sign: "⏸️", word: "Paused", whose: "your" },
  blocked: { sign: "✋", word: "Needs a person", whose: "your" },
  failed: { sign: "❌", word: "Failed", whose: "your" },
  cancelled: { sign: "🚫", word: "Cancelled", whose: null },
  done: { sign: "✅", word: "Done", whose: null },
};

/** An approval that somebody may still answer. */
export function openApproval({ approval }: Pick<CardFacts, "approval">): CardFacts["approval"] {
  return approval !== null && approvalMoves.live.includes(approval.status) ? approval : null;
}

export function openQuestion({ question }: Pick<CardFacts, "question">): CardFacts["question"] {
  return isOpenQuestion(question) ? question : null;
}

export function cardState(facts: CardFacts): CardState {
  const { task, causes, isRunning } = facts;
  switch (task.status) {
    case "done":
    case "failed":
    case "cancelled":
    case "paused":
      return task.status;
    case "blocked":
      if (openApproval(facts) !== null || openQuestion(facts) !== null) return "asking";
      return facts.ci !== null && facts.ci.finishedAt === null ? "ci" : "blocked";
    case "waiting":
    case "active":
      if (openApproval(facts) !== null || openQuestion(facts) !== null) return "asking";
      if (isRunning) return "working";
      if (facts.ci !== null && facts.ci.finishedAt === null) return "ci";
      return waiting(causes[0]?.about ?? "queue");
    default:
      return task.status satisfies never;
  }
}

function waiting(about: CardFacts["causes"][number]["about"]): CardState {
  if (about === "account") return "limited";
  return about === "queue" ? "queued" : "held";
}
