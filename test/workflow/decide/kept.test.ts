/** What becomes of kept work, one case at a time (I15). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, type Intent } from "../../../workflow/decide/decide.ts";
import type { Decision, Snapshot } from "../../../workflow/decide/decision.ts";
import type { SettledBy } from "../../../workflow/decide/kept.ts";
import type { Kept } from "../../../workflow/kept.ts";
import { change, failed, finished, run, SUCCESS } from "./intents.ts";
import { job, kept, snapshot, task, WORK } from "./snapshot.ts";

const DAYS_30 = 30 * 86_400_000;
const BY = { kind: "api", name: "operator" } as const;
const WISH = { project: "shop", by: BY, key: "k", because: "b", target: { key: "SHOP-12" } };

function keep(rows: readonly Kept[], work = WORK): Decision {
  const intent: Intent = { kind: "keep_work", ...WISH, run: null, work, keptForMs: DAYS_30 };
  return decide(snapshot({ task: task("cancelled"), kept: rows }), intent);
}

function settle(move: SettledBy, world: Partial<Snapshot>, more: object = {}): Decision {
  const intent: Intent = { kind: "settle_kept", ...WISH, id: 3, move, commit: "c0ffee", ...more };
  return decide(snapshot({ task: task("done"), ...world }), intent);
}

test("I15: what a run leaves unpublished is kept with the run's own end, and told", () => {
  const world = { task: task("active"), jobs: [job("running")], run: run("exited") };
  for (const outcome of [
    { ...SUCCESS, commit: null, kept: [WORK] },
    { ...failed("agent_error"), kept: [WORK] },
  ]) {
    const decided = change(decide(snapshot(world), finished(outcome)));
    assert.deepEqual(decided.kept, [
      { change: "keep", work: WORK, run: "r1", until: 1_000 + DAYS_30, tellAt: 1_000 + (DAYS_30 / 10) * 9 },
    ]);
    const [told] = decided.events.filter(({ kind }) => kind === "work.kept");
    const { name, branch, commit, files, reason } = WORK;
    assert.deepEqual(told?.data, { name, branch, commit, files, reason });
  }
  const late = decide(
    snapshot({ ...world, jobs: [job("cancelled")] }),
    finished({ ...SUCCESS, kept: [WORK] }),
  );
  assert.equal(change(late).kept.length, 1, "also of a run whose job has moved on");
});

test("I15: a task whose whole work is kept is done, and says so", () => {
  const world = snapshot({ task: task("active"), jobs: [job("running")], run: run("exited") });
  const decided = change(decide(world, finished({ ...SUCCESS, commit: null, kept: [WORK] })));
  assert.deepEqual(decided.task, {
    change: "complete",
    reason: "nothing was published; 1 work is kept: chargehand kept show SHOP-12",
    branch: SUCCESS.branch,
  });
  assert.deepEqual(decided.events.at(-1)?.data, { branch: "chargehand/SHOP-12-x", kept: 1 });
});

test("done says what was looked up: commit, branch, number of files; and nothing where nothing was changed", () => {
  const world = snapshot({ task: task("active"), jobs: [job("running")], run: run("exited") });
  const beside = [{ branch: "b2", commit: "c2", files: 1 }];
  const told = ["its rebase was left open"];
  const decided = change(decide(world, finished({ ...SUCCESS, files: 3, beside, told })));
  const published = { branch: "chargehand/SHOP-12-x", commit: "abc", files: 3 };
  assert.deepEqual(decided.task, { change: "complete", reason: null, ...published });
  assert.deepEqual(decided.run?.published, published);
  assert.deepEqual(decided.events.at(-1), { kind: "task.done", data: { ...published, beside, told } });
  const nothing = change(decide(world, finished({ ...SUCCESS, commit: null })));
  assert.equal("reason" in nothing.task && nothing.task.reason, "nothing was changed, so nothing was pushed");
});

test("I15: the same work is kept once; other work of its name, and the same once it was settled, is kept anew", () => {
  assert.equal(keep([kept()]).kind, "ignore");
  assert.equal(change(keep([kept({ commit: "beef" })])).kept.length, 1);
  assert.equal(change(keep([kept({ status: "dropped" })])).kept.length, 1);
  assert.equal(change(keep([])).events[0]?.kind, "work.kept");
});

test("I15: work goes only after its task was told, and whoever is told late has time, too", () => {
  const warn = (row: Kept): Decision =>
    decide(snapshot({ task: task("done"), kept: [row] }), { kind: "warn_kept", ...WISH, id: 3 });
  const told = change(warn(kept()));
  assert.deepEqual(told.kept, [{ change: "tell", id: 3, until: 1_400 }]);
  assert.deepEqual(told.events, [{ kind: "work.expiring", key: "k", data: { name: "ci", until: 1_400 } }]);
  assert.equal(warn(kept({ toldAt: 5 })).kind, "ignore");
  assert.equal(warn(kept({ status: "published" })).kind, "ignore");
  assert.equal(settle("expire", { kept: [kept()] }).kind, "refuse");
  assert.equal(settle("expire", { kept: [kept({ toldAt: 5, until: 1_001 })] }).kind, "refuse");
  const gone = change(settle("expire", { kept: [kept({ toldAt: 5, until: 1_000 })] }));
  assert.deepEqual(gone.kept, [{ change: "expire", id: 3, commit: "c0ffee" }]);
  assert.equal(gone.events[0]?.kind, "work.expired");
});

test("I15: published work is the task's where it had none, and the reason why it had none goes", () => {
  const decided = change(settle("publish", { kept: [kept()] }, { branch: "b2" }));
  assert.deepEqual(decided.kept, [{ change: "publish", id: 3, commit: "c0ffee", branch: "b2" }]);
  assert.deepEqual(decided.task, { change: "keep", branch: "b2", commit: "c0ffee", files: 2, reason: null });
  const [event] = decided.events;
  assert.deepEqual(
    [event?.kind, event?.data?.["branch"], event?.data?.["by"]],
    ["work.published", "b2", "operator"],
  );
  const had = change(
    settle("publish", { task: { ...task("done"), commit: "old" }, kept: [kept()] }, { branch: "b2" }),
  );
  assert.deepEqual(had.task, { change: "keep" });
});

test("I15: what is settled, is other work by now, or never was, is not settled", () => {
  for (const status of ["published", "included", "dropped", "expired"] as const)
    assert.equal(settle("drop", { kept: [kept({ status })] }).kind, "refuse");
  assert.equal(settle("drop", { kept: [kept({ commit: "beef" })] }).kind, "refuse");
  assert.equal(settle("drop", { kept: [] }).kind, "unknown");
  assert.equal(settle("drop", { task: null }).kind, "unknown");
  assert.equal(change(settle("drop", { kept: [kept()] })).events[0]?.kind, "work.dropped");
});

test("I15: what was kept and is part of what a later run published is settled with it, and nothing else", () => {
  const rows = [
    kept({ ref: "refs/a" }),
    kept({ id: 4, ref: "refs/b" }),
    kept({ id: 5, status: "dropped", ref: "refs/c" }),
  ];
  const world = { task: task("active"), jobs: [job("running")], run: run("exited"), kept: rows };
  const outcome = { ...SUCCESS, settled: ["refs/a", "refs/c", "refs/unknown"] };
  const decided = change(decide(snapshot(world), finished(outcome)));
  assert.deepEqual(decided.kept, [
    { change: "include", id: 3, commit: "c0ffee", branch: "chargehand/SHOP-12-x" },
  ]);
  const [told] = decided.events.filter(({ kind }) => kind === "work.published");
  assert.deepEqual(told?.data, { name: "ci", commit: "c0ffee", files: 2, branch: "chargehand/SHOP-12-x" });
});

test("I13: sentences that an agent had a part in are bounded before they become rows and events", () => {
  const endless = "x".repeat(1_000_000);
  const work = { ...WORK, reason: endless, remedy: endless };
  const told = Array.from({ length: 10_000 }, () => endless);
  const world = snapshot({ task: task("active"), jobs: [job("running")], run: run("exited") });
  const decided = change(decide(world, finished({ ...SUCCESS, kept: [work], told })));
  assert.ok(JSON.stringify(decided).length < 200_000);
});
