/** What CI has found out, over the API: told, shown, and refused when it says nothing that can be. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ask } from "../../../store/settle.ts";
import type { Gate } from "../../../workflow/workflow.ts";
import { CI, phase, starting } from "../../workflow/decide/phases.ts";
import { NOW } from "../hand-moved.ts";
import { problemOf, type Scene, SUCCESS, scene } from "./served.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const OTHER = "ab".repeat(20);

async function waiting(
  t: TestContext,
  gate: Gate = CI,
): Promise<{ readonly world: Scene; readonly key: string }> {
  const world = await scene(t);
  const workflow = {
    name: "flow",
    description: "",
    phases: [phase("work", { gate }), phase("after")],
  } as const;
  const asked = await ask(world.store, [starting(workflow)], null, NOW);
  const key = asked.kind === "done" ? (asked.tasks[0] ?? "") : assert.fail(asked.kind);
  await world.finish(await world.start(), { ...SUCCESS, commit: COMMIT });
  return { world, key };
}

test("D6: a report of the awaited commit settles the gate, and the task shows what it waits for, and the checks", async (t) => {
  const { world, key } = await waiting(t);
  const { body: before } = await world.get(`/tasks/${key}`);
  assert.equal(before["status"], "active");
  assert.deepEqual(before["ci"], [
    {
      ...{ phase: "work", commit: COMMIT, status: "pending", reason: null },
      ...{ asked_at: new Date(NOW).toISOString(), until: new Date(NOW + 10_000).toISOString() },
      finished_at: null,
    },
  ]);
  const red = { name: "test", status: "failure", summary: "red\u0000", url: "https://ci.example/1" };
  const elsewhere = await world.post(`/tasks/${key}/ci`, { commit: OTHER, checks: [red] });
  assert.equal(elsewhere.status, 200);
  assert.deepEqual(elsewhere.body["checks"], [], "it is kept, and not of the commit that is awaited");
  assert.equal((await world.store.ci.checks(key, OTHER)).length, 1);
  const pending = [{ name: "test", status: "pending" }];
  await world.post(`/tasks/${key}/ci`, { checks: pending, by: "ci" });
  const { body } = await world.get(`/tasks/${key}/explain`);
  assert.match(JSON.stringify(body["reasons"]), /waits for CI of commit 0123456789ab .*0 of 1 known checks/);
  const { body: after } = await world.post(`/tasks/${key}/ci`, { checks: [red], commit: COMMIT });
  assert.deepEqual(after["checks"], [
    { ...red, summary: "red", commit: COMMIT, at: new Date(NOW).toISOString() },
  ]);
  assert.ok(Array.isArray(after["phases"]) && Array.isArray(after["ci"]));
  assert.deepEqual(
    after["phases"].map((row) => `${row.phase} ${row.status}`),
    ["work failed", "work running"],
  );
  assert.deepEqual(
    [after["ci"][0].status, after["ci"][0].reason],
    ["failed", "a check of CI failed on commit 0123456789ab"],
  );
});

test("the same report twice is one, and two different ones of the same moment are both meant", async (t) => {
  const { world, key } = await waiting(t, { ...CI, required: ["never"] });
  const told = (name: string) => ({ checks: [{ name, status: "success" }] });
  await Promise.all(["a", "b", "a"].map((name) => world.post(`/tasks/${key}/ci`, told(name))));
  const known = await world.store.ci.checks(key, COMMIT);
  assert.deepEqual(
    known.map(({ name }) => name),
    ["a", "b"],
  );
});

test("I13: a report that cannot be is refused with what is wrong, and nothing is stored", async (t) => {
  const { world, key } = await waiting(t);
  const good = { name: "test", status: "success" };
  for (const wrong of [
    {},
    { checks: [] },
    { checks: [{ ...good, status: "green" }] },
    { checks: [{ ...good, name: " " }] },
    { checks: [{ ...good, name: "x".repeat(201) }] },
    { checks: [{ ...good, url: "javascript:alert(1)" }] },
    { checks: [{ ...good, summary: "x".repeat(100_000) }] },
    { checks: [good], commit: "c0ffee" },
    { checks: [good], commit: OTHER.toUpperCase() },
    { checks: Array.from({ length: 301 }, (_, index) => ({ ...good, name: `n${index}` })) },
    { checks: [good], more: 1 },
  ]) {
    const { errors } = problemOf(await world.post(`/tasks/${key}/ci`, wrong), 400);
    assert.ok(Array.isArray(errors) && errors.length > 0, JSON.stringify(wrong).slice(0, 100));
  }
  assert.deepEqual(await world.store.ci.checks(key, COMMIT), []);
  problemOf(await world.post("/tasks/SHOP-999/ci", { checks: [good] }), 404);
  const fresh = await world.newTask();
  const { detail } = problemOf(await world.post(`/tasks/${fresh}/ci`, { checks: [good] }), 409);
  assert.match(String(detail), /has published no commit yet: say which one is meant/);
});
