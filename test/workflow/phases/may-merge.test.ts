/** What a forge says of a repository, and whether the work of a project comes through there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Demands, whyNotThrough } from "../../../workflow/phases/may-merge.ts";

const PLACE = { project: "shop", repo: "acme/shop", base: "main" };
const POLICY = { draft: true, closes: false, method: "squash", deleteBranch: true } as const;
const GOOD: Demands = {
  repository: { isArchived: false, canPush: true },
  branch: { exists: true, isQueued: false, methods: ["merge", "squash"] },
};

function why(
  more: { repository?: Partial<Demands["repository"]>; branch?: Partial<Demands["branch"]> },
  merges = true,
) {
  const demands = {
    repository: { ...GOOD.repository, ...more.repository },
    branch: { ...GOOD.branch, ...more.branch },
  };
  return whyNotThrough(PLACE, POLICY, merges, demands);
}

test("G6: what will be let through, and what nobody knows, is begun", () => {
  assert.equal(why({}), null);
  assert.equal(why({ repository: { canPush: null }, branch: { methods: [] } }), null);
});

test("G6: what can be known to be refused is told before it costs money, with what to do", () => {
  assert.match(why({ repository: { isArchived: true } })?.reason ?? "", /is archived/);
  assert.match(why({ repository: { canPush: false } })?.remedy ?? "", /right to write/);
  assert.match(why({ branch: { exists: false } })?.reason ?? "", /no branch main/);
  assert.equal(
    why({ branch: { methods: ["merge"] } })?.remedy,
    "write publish: { method: merge } in project shop, or allow it there",
  );
  assert.equal(
    why({ branch: { methods: ["merge"], isQueued: true } }),
    null,
    "a queue has a method of its own",
  );
});

test("G6: of a project that merges nothing nobody asks how it is merged", () => {
  assert.equal(why({ branch: { methods: ["merge"], isQueued: true } }, false), null);
  assert.notEqual(why({ branch: { exists: false } }, false), null);
});
