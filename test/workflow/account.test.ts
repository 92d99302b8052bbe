/** What state an account is in. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Account, NO_DOUBT, stateOf } from "../../workflow/account.ts";
import type { WideHold } from "../../workflow/hold.ts";
import { SOON, wide } from "./explain/wide-holds.ts";

test("an account is open, cooling, paced, probing or broken; what a person must mend goes before what time mends, the longest first", () => {
  const account: Account = { name: "a", concurrency: null, ...NO_DOUBT, until: SOON, rearms: 2 };
  const cooling = wide("account", "a", { kind: "cooldown", until: SOON });
  const paced = wide("account", "a", { kind: "pace", until: SOON + 1 });
  const holds: readonly [readonly WideHold[], Account, string][] = [
    [[], { ...account, rearms: 0 }, "open"],
    [[wide("account", "b"), wide("agent", "a")], { ...account, rearms: 0 }, "open"],
    [[], account, "probing"],
    [[cooling], account, "cooling"],
    [[cooling, wide("account", "a")], account, "broken"],
    [[paced], { ...account, rearms: 0 }, "paced"],
    [[cooling, paced], account, "paced"],
    [[paced, cooling], account, "paced"],
    [[cooling, { ...paced, until: SOON - 1 }], account, "cooling"],
    [[paced, wide("account", "a")], account, "broken"],
  ];
  for (const [wideHolds, of, status] of holds) assert.equal(stateOf(of, wideHolds).status, status);
  assert.match(stateOf(account, []).reason ?? "", /2 times in a row/);
});
