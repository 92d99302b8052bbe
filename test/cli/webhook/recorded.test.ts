/** A webhook in a file: a payload, a payload with headers, or a stored delivery; everything else is none. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { recordedIn } from "../../../cli/webhook/recorded.ts";

test("a payload alone is signed as it stands in the file, without the line feed at its end", () => {
  const found = recordedIn('{"action": "labeled"}\n');
  assert.deepEqual([found?.raw, found?.source, found?.event], ['{"action": "labeled"}', null, null]);
});

test("headers say source, event and delivery, whatever their case", () => {
  const headers = { "X-GitHub-Event": "issues", "X-GitHub-Delivery": "d-1" };
  const found = recordedIn(JSON.stringify({ headers, body: { action: "labeled" } }));
  const { raw, payload, ...said } = found ?? assert.fail("nothing was found");
  assert.deepEqual(said, { source: "github", event: "issues", delivery: "d-1" });
  assert.deepEqual(JSON.parse(raw), payload);
});

test("a stored delivery is sent again byte for byte", () => {
  const body = '{ "action" :"labeled"}';
  const stored = { id: 3, source: "plane", event: "issue", header_id: null, body, status: "ignored" };
  const found = recordedIn(JSON.stringify(stored));
  assert.deepEqual([found?.source, found?.event, found?.raw], ["plane", "issue", body]);
});

test("what is no JSON object is no request", () => {
  for (const text of ["", "nothing", "[]", "7", "null", '{"source":"github","event":"issues","body":"[]"}'])
    assert.equal(recordedIn(text), null, text);
});
