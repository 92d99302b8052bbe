/** What a task waits for changes: by a person, and by the end of what it waits for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Between, Need } from "../../../../workflow/between/between.ts";
import { NOTHING_BETWEEN } from "../../../../workflow/between/between.ts";
import { type DependTask, isFreed } from "../../../../workflow/decide/between/depend.ts";
import { decide } from "../../../../workflow/decide/decide.ts";
import { change, START } from "../intents.ts";
import { held, job, snapshot, task } from "../snapshot.ts";

const need = (key: string, more: Partial<Need> = {}): Need => {
  return { key, status: "active", version: 4, dependents: 0, source: null, ...more };
};

function depending(add: readonly string[], drop: readonly string[] = []): DependTask {
  const { project, by, because } = START;
  return { kind: "depend_task", project, by, because, key: "k", target: { key: "SHOP-12" }, add, drop };
}

function waiting(between: Partial<Between>) {
  return snapshot({
    task: task("waiting"),
    jobs: [{ ...held("dependency"), opens: true }],
    between: { ...NOTHING_BETWEEN, ...between },
  });
}

test("A9: a task that needs others begins in waiting, believes in them as they were seen, and joins no line", () => {
  const wanted = [need("SHOP-1"), need("SHOP-2", { status: "done" })];
  const line = { project: "shop", version: 3, before: "SHOP-9" };
  const between = { ...NOTHING_BETWEEN, wanted, lastEdge: 6, line };
  const made = change(decide(snapshot({ between }), { ...START, needs: ["SHOP-1", "SHOP-2"] }));
  assert.equal(made.task.change === "create" && made.task.task.status, "waiting");
  assert.deepEqual(made.dependencies, [
    { change: "add", needs: "SHOP-1", version: 4, number: 7, source: null },
    { change: "add", needs: "SHOP-2", version: 4, number: 8, source: null },
  ]);
  assert.deepEqual(made.line, { project: "shop", version: 3 });
  const [first] = made.jobs;
  assert.deepEqual(first?.change === "create" && first.holds.map(({ kind }) => kind), ["dependency"]);
  assert.equal(decide(snapshot(), { ...START, needs: ["SHOP-1"] }).kind, "refuse");
});

test("A9: what is needed already is not added twice, and a crowd is refused", () => {
  const seen = waiting({ needs: [need("SHOP-1")], wanted: [need("SHOP-1")] });
  assert.equal(decide(seen, depending(["SHOP-1"])).kind, "ignore");
  const crowded = decide(waiting({ wanted: [need("SHOP-3", { dependents: 200 })] }), depending(["SHOP-3"]));
  assert.match("reason" in crowded ? crowded.reason : "", /200 tasks need SHOP-3 already/);
  assert.equal(decide(snapshot({ task: task("done") }), depending(["SHOP-1"])).kind, "refuse");
  const begun = snapshot({ task: task("active"), jobs: [job("running")] });
  assert.match(JSON.stringify(decide(begun, depending(["SHOP-1"]))), /has begun/);
});

test("A9: what has begun can need no more, also where it waits for an answer, for CI or a merge and has no job", () => {
  const wanted = [need("SHOP-1")];
  for (const status of ["active", "blocked", "paused"] as const) {
    const gated = waiting({ wanted });
    const begun = { ...gated, task: task(status), jobs: [job("done")] };
    assert.match(JSON.stringify(decide(begun, depending(["SHOP-1"]))), /has begun/, status);
  }
  const over = { ...waiting({ wanted }), task: task("failed"), jobs: [job("failed")] };
  assert.equal(decide(over, depending(["SHOP-1"])).kind, "change", "it waits when it is tried again");
});

test("A9: the end of what it needs frees it, also of one that is paused, and the task moves only from waiting", () => {
  const ended = [{ key: "SHOP-1", status: "done" }] as const;
  const seen = waiting({ needs: [need("SHOP-1")] });
  const freed = change(decide(seen, { kind: "reconsider_task", task: "SHOP-12", ended }));
  assert.equal(freed.task.change, "activate");
  assert.equal(isFreed(freed), true);
  const paused = change(
    decide({ ...seen, task: task("paused") }, { kind: "reconsider_task", task: "SHOP-12", ended }),
  );
  assert.deepEqual([paused.task.change, isFreed(paused)], ["keep", true]);
});

test("A9: where another one is needed still, the end is written down all the same", () => {
  const ended = [{ key: "SHOP-1", status: "done" }] as const;
  const seen = waiting({ needs: [need("SHOP-1"), need("SHOP-2")] });
  const told = change(decide(seen, { kind: "reconsider_task", task: "SHOP-12", ended }));
  assert.equal(told.task.change, "keep");
  assert.deepEqual(
    told.events.map(({ kind }) => kind),
    ["dependency.ended"],
  );
  assert.equal(
    decide(seen, { kind: "reconsider_task", task: "SHOP-12", ended: [] }).kind,
    "change",
    "the reason is stale",
  );
  const done = snapshot({ task: task("done") });
  assert.equal(decide(done, { kind: "reconsider_task", task: "SHOP-12", ended }).kind, "ignore");
});

test("A10: of two that could begin in one transaction, the second waits for the first", () => {
  const line = { project: "shop", version: 1, before: null };
  const seen = { ...waiting({ line }), jobs: [held("serial")] };
  const intent = { kind: "reconsider_task", task: "SHOP-12", ended: [], begun: { shop: "SHOP-11" } } as const;
  const kept = change(decide(seen, intent));
  assert.deepEqual([kept.task.change, isFreed(kept)], ["keep", false]);
  assert.equal(change(decide(seen, { ...intent, begun: {} })).task.change, "activate");
});
