/** Plane's second format, as it is documented and as it is printed there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isV2, readV2 } from "../../../handlers/plane/v2.ts";
import type { Payload } from "../../../handlers/source.ts";
import { changed, IN_PROGRESS, planeFixture, planeFixtures } from "../payloads.ts";

const UPDATED = "v2-workitem-updated-as-printed-in-docs";
const fixture = (name: string, changes: Record<string, unknown> = {}): Payload =>
  changed(JSON.parse(planeFixture(name).body) as Payload, changes);

test("the format says its version, and every recorded delivery of it is read", () => {
  for (const { name } of planeFixtures()) {
    assert.equal(isV2(fixture(name)), name.startsWith("v2-"), name);
    if (name.startsWith("v2-")) assert.notEqual(readV2(fixture(name)).kind, "failed", name);
  }
});

test("a state is an id without name or group, and only a change brings one", () => {
  const moved = { "data.state_id": IN_PROGRESS, "previous_attributes.state_id": "another" };
  const read = readV2(fixture(UPDATED, moved));
  assert.equal(read.kind, "item", JSON.stringify(read));
  assert.deepEqual(read.state, { id: IN_PROGRESS, name: null, group: null });
  const same = readV2(fixture(UPDATED, { ...moved, "previous_attributes.state_id": IN_PROGRESS }));
  assert.equal(same.kind === "item" && same.state, null);
});

test("a draft is not looked at, and our own comment is known by its marker or its source", () => {
  assert.deepEqual(readV2(fixture(UPDATED, { "data.is_draft": true })), {
    kind: "ignore",
    reason: "the work item is a draft",
  });
  for (const mark of [
    { "data.comment.comment_stripped": "/agent <!-- chargehand -->" },
    { "data.comment.external_source": "chargehand" },
  ])
    assert.deepEqual(readV2(fixture("v2-workitem-comment-created", mark)), {
      kind: "ignore",
      reason: "Chargehand's own comment",
    });
});

test("I13: a wrong field is named by its path", () => {
  const read = readV2(fixture(UPDATED, { "data.label_ids": [7] }));
  assert.equal(read.kind, "failed");
  assert.match(read.reason, /at \$\.data\.label_ids\[0\]$/);
});
