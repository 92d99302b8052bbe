/** Bad days by number and by chance. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createFaults } from "../../../../cli/stage/fake-telegram/faults.ts";

test("a planned fault strikes its call, counted over all or by method, and no other", () => {
  const faults = createFaults();
  faults.play({
    planned: [
      { kind: "500", call: 2 },
      { kind: "reset", call: 2, method: "editMessageText" },
    ],
  });
  const methods = ["sendMessage", "sendMessage", "editMessageText", "editMessageText", "editMessageText"];
  assert.deepEqual(
    methods.map((method) => faults.next(method)),
    [null, "500", null, "reset", null],
  );
});

test("chance is the same for the same seed, and strikes only the methods that it may", () => {
  const drawn = (seed: number): readonly unknown[] => {
    const faults = createFaults();
    faults.play({ odds: { "429": 0.3, reset_after: 0.2 }, seed, methods: ["sendMessage"] });
    assert.equal(faults.next("getUpdates"), null);
    return Array.from({ length: 200 }, () => faults.next("sendMessage"));
  };
  assert.deepEqual(drawn(7), drawn(7));
  assert.notDeepEqual(drawn(7), drawn(8));
  assert.deepEqual(new Set(drawn(7)), new Set([null, "429", "reset_after"]));
});
