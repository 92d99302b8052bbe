/** Plane's first format, in all the spellings of its versions. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readV1 } from "../../../handlers/plane/v1.ts";
import type { Payload } from "../../../handlers/source.ts";
import { changed, planeFixture, planeFixtures } from "../payloads.ts";

const fixture = (name: string, changes: Record<string, unknown> = {}): Payload =>
  changed(JSON.parse(planeFixture(name).body) as Payload, changes);

test("an action is the same in the old spelling and in the new one", () => {
  for (const [name, action, kind] of [
    ["issue-created", "create", "item"],
    ["issue-updated-state-webapp", "update", "item"],
    ["issue-deleted-legacy-pre-v0.26.1", "delete", "gone"],
  ] as const) {
    const read = readV1(fixture(name, { action }));
    assert.equal(read.kind, kind, JSON.stringify(read));
    assert.deepEqual(read, readV1(fixture(name, { action: `${action}d` })));
  }
});

test("an event that nothing listens to is ignored by its name, and one without a name is a failure", () => {
  assert.deepEqual(readV1({ event: "cycle", action: "created\n" }), {
    kind: "ignore",
    reason: "nothing listens to 'cycle.created '",
  });
  const nameless = readV1({ event: 7, action: "created" });
  assert.equal(nameless.kind, "failed");
  assert.match(nameless.reason, /at \$\.event$/);
});

test("an item that did not change its state has come to none", () => {
  const read = readV1(fixture("issue-updated-state-webapp", { "activity.field": "sort_order" }));
  assert.deepEqual([read.kind, read.kind === "item" && [read.state, read.isNew]], ["item", [null, false]]);
});

test("every recorded delivery of the format is read", () => {
  for (const { name } of planeFixtures().filter((one) => !one.name.startsWith("v2-")))
    assert.notEqual(readV1(fixture(name)).kind, "failed", name);
});
