/** What a task waits for at its source, as the decision has it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Between, type Need, NOTHING_BETWEEN } from "../../../../workflow/between/between.ts";
import type { DeclareNeeds } from "../../../../workflow/decide/between/declare.ts";
import { decide } from "../../../../workflow/decide/decide.ts";
import { change, START } from "../intents.ts";
import { held, job, snapshot, task } from "../snapshot.ts";

const need = (key: string, more: Partial<Need> = {}): Need => {
  return { key, status: "active", version: 4, dependents: 0, source: null, ...more };
};

function declaring(needs: readonly string[]): DeclareNeeds {
  const { project, by, because } = START;
  const at = { place: "acme/shop", id: "12" };
  return {
    kind: "declare_needs",
    project,
    by,
    because,
    key: "k",
    target: { key: "SHOP-12" },
    source: "github",
    at,
    needs,
  };
}

function waiting(between: Partial<Between>) {
  const jobs = [{ ...held("dependency"), opens: true }];
  return snapshot({ task: task("waiting"), jobs, between: { ...NOTHING_BETWEEN, ...between } });
}

test("A9: what is declared no more is dropped, and what somebody has said here, or elsewhere, stays", () => {
  const needs = [
    need("SHOP-1", { source: "github" }),
    need("SHOP-2"),
    need("SHOP-3", { source: "plane" }),
    need("SHOP-4", { source: "github" }),
  ];
  const wanted = [need("SHOP-4"), need("SHOP-5"), need("SHOP-6", { status: "done" })];
  const decided = change(
    decide(waiting({ needs, wanted, lastEdge: 7 }), declaring(["SHOP-4", "SHOP-5", "SHOP-6"])),
  );
  assert.deepEqual(decided.dependencies, [
    { change: "drop", needs: "SHOP-1" },
    { change: "add", needs: "SHOP-5", version: 4, number: 8, source: "github" },
  ]);
});

test("Told twice it does nothing more; what has begun waits for nothing new", () => {
  const needs = [need("SHOP-1", { source: "github" })];
  assert.equal(decide(waiting({ needs, wanted: [need("SHOP-1")] }), declaring(["SHOP-1"])).kind, "ignore");
  const wanted = [need("SHOP-1")];
  const begun = snapshot({
    ...{ task: task("active"), jobs: [{ ...job("running"), opens: false }] },
    between: { ...NOTHING_BETWEEN, wanted },
  });
  const answer = decide(begun, declaring(["SHOP-1"]));
  assert.ok(answer.kind === "ignore");
  assert.match(answer.reason, /has begun, so it does not wait for SHOP-1/);
});

test("What is over at the source holds nobody by what was declared there, even where its task has failed", () => {
  const between = { needs: [need("SHOP-1", { source: "github", status: "failed" })] };
  const ended = [{ key: "SHOP-1", status: "failed", isOver: true }] as const;
  const decided = change(decide(waiting(between), { kind: "reconsider_task", task: "SHOP-12", ended }));
  assert.deepEqual(
    [decided.task.change, decided.dependencies],
    ["activate", [{ change: "drop", needs: "SHOP-1" }]],
  );
  const said = { needs: [need("SHOP-1", { status: "failed" })] };
  const kept = decide(waiting(said), { kind: "reconsider_task", task: "SHOP-12", ended });
  assert.deepEqual(kept.kind === "change" && kept.dependencies, []);
});
