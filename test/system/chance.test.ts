/** The door to chance. */

import assert from "node:assert/strict";
import test from "node:test";
import { systemChance } from "../../system/chance.ts";

test("Ids have 20 characters, sort by time of making, and never repeat; tokens have 256 bits", () => {
  let now = 1_750_000_000_000;
  const chance = systemChance(() => now);
  const ids = Array.from({ length: 2_000 }, () => {
    now += 1;
    return chance.id();
  });
  for (const id of ids) assert.match(id, /^[0-9abcdefghjkmnpqrstvwxyz]{20}$/);
  assert.deepEqual([...ids].sort(), ids);
  const atOnce = Array.from({ length: 2_000 }, () => chance.id());
  assert.equal(new Set(atOnce).size, atOnce.length);
  assert.equal(new Set(atOnce.map((id) => id.slice(0, 10))).size, 1);
  assert.equal(Buffer.from(chance.token(), "base64url").length, 32);
  assert.notEqual(chance.token(), chance.token());
  const fractions = Array.from({ length: 1_000 }, () => chance.fraction());
  assert.ok(fractions.every((fraction) => fraction >= 0 && fraction < 1));
  assert.ok(fractions.some((fraction) => fraction < 0.1) && fractions.some((fraction) => fraction > 0.9));
});
