/** A forge is asked once for a while whether work comes through, and what could not be asked is no yes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createPreflight } from "../../../daemon/merging/preflight.ts";
import { whyClosed } from "../../../daemon/run/own-outcomes.ts";
import type { Answer } from "../../../forges/api/answer.ts";
import type { BranchRules } from "../../../forges/ask.ts";
import type { Project } from "../../../workflow/project.ts";
import { handClock, memoryStore } from "../../handlers/hand-moved.ts";
import { project } from "../../handlers/project.ts";
import { task } from "../../workflow/decide/snapshot.ts";

const PULL = { draft: true, closes: false, method: "squash", deleteBranch: true } as const;
const SHOP: Project = project({
  repo: "acme/shop",
  publish: { to: "pull_request", allowCi: false, requireChange: false, merge: true, pull: PULL },
});
const RULES: BranchRules = {
  ...{ exists: true, isProtected: true, checks: [], approvals: 1, resolvedThreads: false, isQueued: false },
  methods: ["merge"],
};

function forge(rules: () => Answer<BranchRules>) {
  const asked: string[] = [];
  const value = { fullName: "acme/shop", defaultBranch: "main", isArchived: false, canPush: true };
  const ask = {
    repository: async () => ({ kind: "ok", value }) as const,
    rules: async (repo: string, branch: string) => {
      asked.push(`${repo} ${branch}`);
      return rules();
    },
  };
  return { asked, ask };
}

test("G6: a no is told with its remedy, asked again soon, and a yes stands for ten minutes", async () => {
  const clock = handClock();
  let methods: BranchRules["methods"] = ["merge"];
  const { asked, ask } = forge(() => ({ kind: "ok", value: { ...RULES, methods } }));
  const preflight = createPreflight(clock, () => ask);
  assert.match((await preflight(SHOP))?.reason ?? "", /does not allow to merge by squash/);
  await preflight(SHOP);
  assert.deepEqual(asked, ["acme/shop main"]);
  methods = ["squash"];
  clock.move(31_000);
  assert.equal(await preflight(SHOP), null);
  clock.move(9 * 60_000);
  assert.equal(await preflight(SHOP), null);
  assert.equal(asked.length, 2);
  clock.move(2 * 60_000);
  await preflight(SHOP);
  assert.equal(asked.length, 3);
});

test("G6: what could not be asked, or by nobody, is no yes and is asked again at once", async () => {
  const { asked, ask } = forge(() => ({ kind: "unreachable", reason: "no route", neverSent: true }));
  const preflight = createPreflight(handClock(), () => ask);
  assert.match((await preflight(SHOP))?.reason ?? "", /could not be asked about: no route/);
  assert.notEqual(await preflight(SHOP), null);
  assert.equal(asked.length, 2);
  assert.match((await createPreflight(handClock(), () => null)(SHOP))?.reason ?? "", /no source of project/);
  const limited = forge(() => ({ kind: "retry", reason: "a limit", afterMs: 3_000_000, fault: "host" }));
  assert.equal((await createPreflight(handClock(), () => limited.ask)(SHOP))?.afterMs, 3_000_000);
});

test("G6: it is asked before the first phase alone, and of pull requests alone", async (t) => {
  const store = await memoryStore();
  t.after(() => store.close());
  const no = { reason: "archived", remedy: "open it", afterMs: 0 };
  const preflight = async (): Promise<typeof no> => no;
  const closed = await whyClosed({ store, preflight }, task("active"), SHOP);
  assert.deepEqual(closed?.status === "failed" && [closed.failure, closed.reason, closed.remedy], [
    ...["forge", "archived", "open it"],
  ]);
  const later = await whyClosed(
    { store, preflight: async () => ({ ...no, afterMs: 60_000 }) },
    task("active"),
    SHOP,
  );
  assert.equal(later?.status === "failed" && later.retryAfterMs, 60_000, "no try is spent on its pause");
  const branch = project({ repo: "acme/shop" });
  assert.equal(await whyClosed({ store, preflight }, task("active"), branch), null);
  assert.equal(await whyClosed({ store }, task("active"), SHOP), null);
});
