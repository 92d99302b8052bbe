/** Who Chargehand is at a source: what it does there itself starts nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isOwn } from "../../handlers/own.ts";

test("we are known by id or by login, in any case, and nobody is us where nothing is known", () => {
  const us = { login: "Chargehand-Bot", id: "4242" };
  assert.equal(isOwn([us], { login: "chargehand-bot", id: null }), true);
  assert.equal(isOwn([us], { login: "renamed", id: "4242" }), true);
  assert.equal(isOwn([us], { login: "alice", id: "7" }), false);
  assert.equal(isOwn([{ login: null, id: null }], { login: null, id: null }), false);
  assert.equal(isOwn([], us), false);
  const reviewer = { login: null, id: "7" };
  assert.equal(isOwn([us, reviewer], { login: "alice", id: "7" }), true, "we may have several accounts");
});
