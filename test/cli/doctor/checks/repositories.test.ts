/** What is made of a repository, and of what its base branch demands. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { judgePulls, judgeRepository, judgeRules } from "../../../../cli/doctor/checks/repositories.ts";
import type { BranchRules } from "../../../../forges/ask.ts";
import type { PublishPolicy } from "../../../../workflow/project.ts";

const PUSHED: PublishPolicy = { to: "branch", allowCi: false, requireChange: false, merge: false };
const FREE: BranchRules = {
  ...{ exists: true, isProtected: true, checks: [], approvals: 0, resolvedThreads: false, isQueued: false },
  methods: [],
};

test("an archived repository and one that we may not push to are failures, a new name is told", () => {
  const seen = (more: object, publish = PUSHED): readonly string[] =>
    judgeRepository(
      {
        kind: "ok",
        value: { fullName: "acme/shop", defaultBranch: "main", isArchived: false, canPush: true, ...more },
      },
      { repo: "Acme/Shop", publish },
    ).map(({ status, says }) => `${status} ${says}`);
  assert.deepEqual(seen({}), ["ok acme/shop is there, and the token may push"]);
  assert.match(seen({ isArchived: true }).join(), /^fail .*archived/);
  assert.match(seen({ canPush: false }).join(), /^fail .*may not push/);
  assert.match(seen({ canPush: false }, { ...PUSHED, to: "none" }).join(), /^ok/);
  assert.match(seen({ fullName: "acme/store" }).join("\n"), /^warn Acme\/Shop is called acme\/store now\nok/);
});

test("what protection demands matters to whoever merges", () => {
  const rules = { ...FREE, approvals: 1, checks: ["build"] };
  const judged = (value: BranchRules, merge: boolean): string | undefined => {
    const [found] = judgeRules({ kind: "ok", value }, { baseBranch: "main", publish: { ...PUSHED, merge } });
    return found && `${found.status} ${found.says}`;
  };
  assert.match(judged(rules, false) ?? "", /^ok main demands 1 approving review, the checks build/);
  assert.match(judged(rules, true) ?? "", /^warn .*publish\.merge is to merge into it/);
  assert.equal(judged({ ...FREE, isProtected: false }, true), undefined);
});

test("pull requests are judged as the daemon judges them before it spends anything", () => {
  const PULLED: PublishPolicy = {
    ...PUSHED,
    to: "pull_request",
    pull: { draft: true, closes: false, method: "merge", deleteBranch: true },
  };
  const judged = (rules: Partial<BranchRules>, merge: boolean): string => {
    const about = { name: "shop", repo: "acme/shop", baseBranch: "main", publish: { ...PULLED, merge } };
    const answer = { kind: "ok", value: { ...FREE, ...rules } } as const;
    const found = [
      ...judgeRules(answer, about),
      ...judgePulls({ isArchived: false, canPush: true }, answer, about),
    ];
    return found.map(({ status, says }) => `${status} ${says}`).join("\n");
  };
  assert.match(judged({ approvals: 1 }, true), /^ok main demands 1 approving review: pull requests wait/);
  assert.match(judged({ methods: ["squash"] }, true), /fail .*does not allow to merge by merge/);
  assert.match(judged({ isQueued: true }, true), /^ok main demands a merge queue: pull requests wait/);
  assert.doesNotMatch(judged({ isQueued: true, methods: ["squash"] }, false), /fail/);
  assert.match(judged({ exists: false }, false), /^fail .*has no branch main/);
});
