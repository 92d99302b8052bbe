/** Where a lost message may stand. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { placesOf } from "../../../chats/telegram/find.ts";

const SUPERGROUP = "-1001234567890";
const known = (...ids: readonly number[]): ReadonlySet<string> => new Set(ids.map(String));

test("it is between the last message before it and the first behind it, the newest first", () => {
  const places = placesOf({ after: "100", known: known(90, 100, 104, 120) }, SUPERGROUP);
  assert.deepEqual(places, { ids: [103, 102, 101], isAll: true });
});

test("where nothing is between them, it is surely not there", () => {
  assert.deepEqual(placesOf({ after: "100", known: known(101) }, SUPERGROUP), { ids: [], isAll: true });
});

test("more places than are looked at leave it unknown, and those of a private chat are more", () => {
  const wide = placesOf({ after: "100", known: known(400) }, SUPERGROUP);
  assert.deepEqual([wide.ids.length, wide.ids[0], wide.isAll], [20, 399, false]);
  assert.equal(placesOf({ after: "100", known: known(400) }, "111").ids.length, 50);
  assert.equal(placesOf({ after: "100", known: known(400) }, "@workshop").ids.length, 20);
});

test("with nothing behind it, it is looked for from the front", () => {
  const { ids, isAll } = placesOf({ after: "100", known: known(100) }, SUPERGROUP);
  assert.deepEqual([ids[0], ids.at(-1), isAll], [101, 120, false]);
});

test("without anything before it, nobody can say that it is not there", () => {
  assert.deepEqual(placesOf({ after: null, known: known(3) }, SUPERGROUP), { ids: [2, 1], isAll: false });
  assert.deepEqual(placesOf({ after: null, known: known() }, SUPERGROUP), { ids: [], isAll: false });
});
