/** Answers are read by their shape: a stranger is recognised, an older and a newer daemon are understood. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, fit, listOf, number, object, orElse, orNull, recordOf, text } from "../../cli/decoder.ts";

test("a misfit says where it is and what was wanted", () => {
  const shape = object({ runs: listOf(object({ id: text })) });
  assert.deepEqual(fit(shape, { runs: [{ id: "a" }] }), { kind: "fits", value: { runs: [{ id: "a" }] } });
  assert.deepEqual(fit(shape, { runs: [{ id: 7 }] }), { kind: "misfit", why: "runs.0.id: must be a text" });
  assert.deepEqual(fit(shape, { runs: {} }), { kind: "misfit", why: "runs: must be a list" });
  assert.deepEqual(fit(shape, "<html>"), { kind: "misfit", why: "must be an object" });
});

test("what an older daemon does not tell has a fallback, and what a newer one tells besides is no fault", () => {
  const shape = object({ remedy: orNull(text), counts: orElse(recordOf(number), {}) });
  assert.deepEqual(fit(shape, { new: true }), { kind: "fits", value: { remedy: null, counts: {} } });
});

test("of an answer of the API the named fields must fit, and the others are believed", () => {
  const shape = answer<{ id: string; pid: number | null }>()({ id: text });
  assert.deepEqual(fit(shape, { id: "r", pid: 7 }), { kind: "fits", value: { id: "r", pid: 7 } });
  assert.deepEqual(fit(shape, { pid: 7 }), { kind: "misfit", why: "id: must be a text" });
});

test("a key that every object has is not taken for a field", () => {
  assert.deepEqual(fit(object({ constructor: orNull(text) }), {}), {
    kind: "fits",
    value: { constructor: null },
  });
});
