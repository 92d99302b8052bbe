/** A record that tells each call gives a run its turns and its usage; one that tells none changes nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { claude } from "../../../agents/claude/claude.ts";
import { withCalls } from "../../../agents/dialect/calls.ts";
import { nothingUsed, turnOf } from "../../../agents/dialect/turns.ts";
import { NEW_RUN } from "../profile.ts";

test("A16: calls are turns, and together they are what was used", () => {
  const begun = claude.begin(NEW_RUN);
  assert.equal(withCalls(begun, []), begun);
  const call = turnOf({ ...nothingUsed("m"), inputTokens: 4, outputTokens: 3 }, { requestId: "r" });
  const { usage, turns } = withCalls(begun, [call, call]);
  assert.deepEqual(
    usage.map(({ model, inputTokens, outputTokens }) => [model, inputTokens, outputTokens]),
    [["m", 8, 6]],
  );
  assert.deepEqual(
    [turns.areAll, turns.made, turns.turns],
    [
      true,
      2,
      [
        { ...call, number: 1 },
        { ...call, number: 2 },
      ],
    ],
  );
});
