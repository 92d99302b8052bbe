/** Names that were typed by different people mean the same. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { folded, same } from "../../../workflow/text/same.ts";

test("names are the same in any case, and however their letters are composed", () => {
  assert.ok(same("Prêt", "PRE\u0302T".toLowerCase()));
  assert.ok(same("\u212b", "\u00e5"), "the sign for Ångström is a letter");
  assert.equal(folded("E\u0301"), "\u00e9");
  assert.equal(same("bot", "bot[bot]"), false);
  assert.equal(same("\u0430gent", "agent"), false, "letters that only look alike are others");
});
