/** What `done` says of the work. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isUnchanged, NOTHING_CHANGED, tellPlace, whyDone } from "../../../workflow/decide/made.ts";
import { SUCCESS } from "./intents.ts";
import { WORK } from "./snapshot.ts";

const NOTHING = { ...SUCCESS, commit: null } as const;

test("nothing was changed only where there is no commit, no further branch and nothing kept", () => {
  const beside = [{ branch: "b", commit: "c", files: 1 }];
  const cases = [SUCCESS, NOTHING, { ...NOTHING, beside }, { ...NOTHING, kept: [WORK] }];
  assert.deepEqual(
    cases.map((outcome) => isUnchanged(outcome)),
    [false, true, false, false],
  );
});

test("a task without work on its branch says why", () => {
  const why = (outcome: object): unknown => whyDone("SHOP-12", { ...NOTHING, ...outcome });
  assert.equal(why({}), NOTHING_CHANGED);
  assert.equal(why({ commit: "c" }), null);
  assert.equal(why({ kept: [WORK] }), "nothing was published; 1 work is kept: chargehand kept show SHOP-12");
  assert.match(String(why({ kept: [WORK, WORK] })), /; 2 works are kept: /);
});

test("a place is told with as much as was looked up", () => {
  assert.equal(tellPlace("b", { commit: null, files: null }), "on the branch b");
  assert.equal(tellPlace("b", { commit: "c0ffee", files: null }), "on the branch b (commit c0ffee)");
  assert.equal(tellPlace("b", { commit: "c0ffee", files: 1 }), "on the branch b (commit c0ffee, 1 file)");
});
