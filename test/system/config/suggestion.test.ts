/** What was probably meant by a word that is not known. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest, suggestion } from "../../../system/config/suggestion.ts";

const KNOWN = ["concurrency", "memory_floor", "timeout"];

test("the nearest known word is named when the mistake is one of typing, in whatever case", () => {
  assert.equal(suggestion("concurency", KNOWN), '; did you mean "concurrency"?');
  assert.equal(suggestion("TIMEOUT", KNOWN), '; did you mean "timeout"?');
});

test("nothing is guessed where no word is near, or none is known", () => {
  assert.equal(suggestion("webhooks", KNOWN), "");
  assert.equal(suggestion("x", []), "");
  assert.deepEqual([nearest("concurency", KNOWN), nearest("webhooks", KNOWN)], ["concurrency", null]);
});
