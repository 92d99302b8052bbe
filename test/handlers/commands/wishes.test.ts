/** What commands in comments ask for: an intent of everybody's, or an aside. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { commandWish, type OfTask } from "../../../handlers/commands/wishes.ts";
import type { Wished } from "../../../handlers/wish.ts";
import { project, wishOf } from "../project.ts";

const REFS = [{ source: "gitea", kind: "issue", id: "acme/shop#7" }] as const;

function wished(asks: OfTask): Wished {
  const { actor } = wishOf({ name: "alice" });
  const change = {
    source: "gitea",
    project: project(),
    actor,
    key: "k",
    because: "command",
    spot: null,
  } as const;
  return commandWish(asks, { target: { refs: REFS }, saidAt: 5_000 }, change).intent;
}

test("each verb asks for its intent, in the name of whoever wrote it, about what the comment stands at", () => {
  const kinds = new Map<string, OfTask>([
    ["cancel_task", { kind: "cancel", because: null }],
    ["retry_task", { kind: "retry", text: null }],
    ["answer_gate", { kind: "approve", because: null }],
    ["answer_question", { kind: "answer", text: "x" }],
    ["say", { kind: "say", text: "x" }],
    ["pause_task", { kind: "pause", forMs: null, because: null }],
    ["resume_task", { kind: "resume" }],
    ["raise_budget", { kind: "raise", amount: { unit: "usd", amount: 2.5, isOfDay: false } }],
    ["aside", { kind: "show", what: "status" }],
  ]);
  for (const [kind, asks] of kinds) {
    const intent = wished(asks);
    assert.equal(intent.kind, kind);
    assert.deepEqual(
      [intent.by, intent.key, intent.project],
      [{ kind: "gitea", name: "alice" }, "k", "shop"],
    );
    assert.deepEqual("target" in intent && intent.target, { refs: REFS });
  }
});

test("what was written goes with it: reasons on one line, texts as they are, sums in the units of the store", () => {
  const cancel = wished({ kind: "cancel", because: "not\nneeded" });
  assert.equal(cancel.kind === "cancel_task" && cancel.reason, "alice asked for it: not needed");
  const no = wished({ kind: "reject", because: "a\nb" });
  assert.deepEqual(no.kind === "answer_gate" && [no.answer, no.why, no.saidAt], ["reject", "a\nb", 5_000]);
  const answer = wished({ kind: "answer", text: "size: 2" });
  assert.deepEqual(answer.kind === "answer_question" && [answer.said, answer.saidAt], ["size: 2", 5_000]);
  const more = wished({ kind: "raise", amount: { unit: "usd", amount: 2.5, isOfDay: false } });
  assert.deepEqual(more.kind === "raise_budget" && [more.unit, more.amount], ["nanos", 2_500_000_000]);
  const pause = wished({ kind: "pause", forMs: 60_000, because: null });
  assert.deepEqual(pause.kind === "pause_task" && [pause.until, pause.forMs], [null, 60_000]);
  const freeze = wished({ kind: "freeze", because: null });
  assert.deepEqual(freeze.kind === "aside" && [freeze.what, freeze.why], ["freeze", "asked in a comment"]);
});
