/** Why a task waits, on its card: short, without what stands above, with moments as the chat's own. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { causeLines } from "../../../notifier/cards/causes.ts";
import type { CardFacts } from "../../../notifier/cards/facts.ts";
import { penOf } from "../../../notifier/cards/pen.ts";
import { type Cause, utc } from "../../../workflow/explain/lane.ts";

const RESET = Date.UTC(2026, 10, 29, 4, 24, 7);

function cause(about: Cause["about"], reason: string, until: number | null = null): Cause {
  return { about, reason, until, since: null, remedy: null };
}

function told(...causes: readonly Cause[]): readonly (readonly unknown[])[] {
  const facts = { task: { key: "SHOP-1" }, causes, question: null } as unknown as CardFacts;
  return causeLines(
    facts,
    penOf((text) => text),
  ).map(({ pieces }) => pieces.map((piece) => ("time" in piece ? piece.time : piece.text)));
}

test("a moment stands once, where the sentence names it, or at its end", () => {
  const named = cause("account", `max is cooling down until ${utc(RESET)}: its limit`, RESET);
  assert.deepEqual(told(named), [["max is cooling down until ", RESET, ": its limit"]]);
  assert.deepEqual(told(cause("job", "waits for a night", RESET)), [["waits for a night · until ", RESET]]);
  assert.deepEqual(told(cause("job", utc(RESET), RESET)), [["", RESET]]);
});

test("what failed is not named twice, and a place in the queue, which changes with every claim, is not told", () => {
  assert.deepEqual(told(cause("task", "SHOP-1 failed: the agent exited")), [["the agent exited"]]);
  assert.deepEqual(told(cause("task", "SHOP-1 waits for a yes")), [["waits for a yes"]]);
  const [place, limit] = [cause("queue", "it is next in line"), cause("account", "max is full")];
  assert.deepEqual(told(limit, place), [["max is full"]]);
  assert.deepEqual(told(place), []);
});
